package io.prefstream.models.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Python's arithmetic and order of values. Whole numbers are of 64 bits; what is larger is a fault. */
final class Operators {

    private Operators() {}

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }

    static int compareNumbers(Object a, Object b) {
        if (a instanceof Double || b instanceof Double) {
            return real(a) < real(b) ? -1 : real(a) > real(b) ? 1 : 0; // the two zeros are one
        }
        return Long.compare(whole(a), whole(b));
    }

    /** Which of two numbers or texts comes first. */
    static int compare(Object a, Object b, Work work) {
        if (isNumber(a) && isNumber(b)) {
            return compareNumbers(a, b);
        }
        if (a instanceof String x && b instanceof String y) {
            work.read(Math.min(x.length(), y.length()));
            return Text.compare(x, y);
        }
        throw work.fault(Values.kind(a) + " and " + Values.kind(b) + " have no order");
    }

    static Object apply(String operator, Object a, Object b, Work work) {
        if (isNumber(a) && isNumber(b)) {
            try {
                return a instanceof Double || b instanceof Double
                        ? reals(operator, real(a), real(b))
                        : wholes(operator, whole(a), whole(b));
            } catch (ArithmeticException e) {
                throw work.fault("a number cannot be calculated: " + e.getMessage());
            }
        }
        if (operator.equals("+")) {
            if (a instanceof String x && b instanceof String y) {
                work.characters((long) x.length() + y.length());
                return x + y;
            }
            if (a instanceof List<?> x && b instanceof List<?> y) {
                return joined(x, y, work);
            }
            if (a instanceof Tuple x && b instanceof Tuple y) {
                return new Tuple(joined(x.items(), y.items(), work));
            }
        }
        if (operator.equals("*") && b instanceof Long times) {
            return repeated(a, times, work);
        }
        if (operator.equals("*") && a instanceof Long times) {
            return repeated(b, times, work);
        }
        throw work.fault(Values.kind(a) + " " + operator + " " + Values.kind(b) + " is not supported");
    }

    private static List<Object> joined(List<?> a, List<?> b, Work work) {
        work.places((long) a.size() + b.size());
        List<Object> joined = new ArrayList<>(a);
        joined.addAll(b);
        return joined;
    }

    private static Object repeated(Object value, long wanted, Work work) {
        int times = Math.clamp(wanted, 0, Integer.MAX_VALUE);
        if (value instanceof String text) {
            work.characters((long) text.length() * times);
            return text.repeat(text.isEmpty() ? 0 : times);
        }
        if (value instanceof List<?> list) {
            work.places((long) list.size() * times);
            List<Object> repeated = new ArrayList<>();
            Collections.nCopies(list.isEmpty() ? 0 : times, list).forEach(repeated::addAll);
            return repeated;
        }
        throw work.fault(Values.kind(value) + " cannot be repeated");
    }

    private static double real(Object number) {
        return number instanceof Double real ? real : whole(number);
    }

    private static long whole(Object number) {
        return number instanceof Boolean bool ? (bool ? 1 : 0) : (Long) number;
    }

    private static Object wholes(String operator, long a, long b) {
        return switch (operator) {
            case "+" -> Math.addExact(a, b);
            case "-" -> Math.subtractExact(a, b);
            case "*" -> Math.multiplyExact(a, b);
            case "//" -> Math.floorDiv(a, b);
            case "%" -> Math.floorMod(a, b);
            case "**" -> b < 0 ? reals(operator, (double) a, (double) b) : power(a, b);
            default -> reals(operator, (double) a, (double) b);
        };
    }

    private static long power(long base, long exponent) {
        long result = 1;
        long square = base;
        for (long left = exponent; left > 0; left >>= 1) {
            if ((left & 1) == 1) {
                result = Math.multiplyExact(result, square);
            }
            if (left > 1) {
                square = Math.multiplyExact(square, square);
            }
        }
        return result;
    }

    private static Object reals(String operator, double a, double b) {
        if (b == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
            throw new ArithmeticException("/ by zero");
        }
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / b;
            case "//" -> Math.floor(a / b);
            case "%" -> {
                double rest = a % b;
                yield rest != 0 && rest < 0 != b < 0 ? rest + b : rest;
            }
            default -> Math.pow(a, b);
        };
    }
}
