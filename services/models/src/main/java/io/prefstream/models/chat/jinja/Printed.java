package io.prefstream.models.chat.jinja;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** How Python prints values. */
final class Printed {

    private Printed() {}

    /** Python's {@code str}. */
    static String text(Object value, Work work) {
        return switch (value) {
            case String text -> text;
            case Undefined undefined -> "";
            default -> {
                StringBuilder out = new StringBuilder();
                write(value, out, work);
                yield out.toString();
            }
        };
    }

    /** Python's {@code repr}. */
    private static void write(Object value, StringBuilder out, Work work) {
        work.enter();
        int before = out.length();
        switch (value) {
            case None none -> out.append("None");
            case Boolean bool -> out.append(bool ? "True" : "False");
            case Long number -> out.append((long) number);
            case Double number -> out.append(number(number));
            case String text -> quoted(text, out);
            case Undefined undefined -> out.append("Undefined");
            case List<?> list -> items(list, "[", "]", out, work);
            case Tuple tuple -> items(tuple.items(), "(", tuple.items().size() == 1 ? ",)" : ")", out, work);
            case Map<?, ?> dict -> dict(dict, out, work);
            default -> throw work.fault(Values.kind(value) + " cannot be printed or joined");
        }
        if (!(value instanceof List<?> || value instanceof Tuple || value instanceof Map<?, ?>)) {
            work.characters(out.length() - before);
        }
        work.leave();
    }

    private static void items(List<?> items, String start, String end, StringBuilder out, Work work) {
        out.append(start);
        String separator = "";
        for (Object item : items) {
            out.append(separator);
            write(item, out, work);
            separator = ", ";
        }
        out.append(end);
        work.characters(2L * items.size() + 3);
    }

    private static void dict(Map<?, ?> dict, StringBuilder out, Work work) {
        out.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : dict.entrySet()) {
            out.append(separator);
            write(entry.getKey(), out, work);
            out.append(": ");
            write(entry.getValue(), out, work);
            separator = ", ";
        }
        out.append('}');
        work.characters(4L * dict.size() + 2);
    }

    /** A floating-point number in the fewest digits, as Python writes it. */
    static String number(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        if (number == 0) {
            return 1 / number > 0 ? "0.0" : "-0.0";
        }
        BigDecimal decimal = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        String digits = decimal.unscaledValue().abs().toString();
        int exponent = digits.length() - 1 - decimal.scale();
        String sign = number < 0 ? "-" : "";
        if (exponent >= -4 && exponent < 16) {
            String plain = decimal.abs().toPlainString();
            return sign + plain + (plain.contains(".") ? "" : ".0");
        }
        String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
        int size = Math.abs(exponent);
        return sign + digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + (size < 10 ? "0" : "") + size;
    }

    private static void quoted(String text, StringBuilder out) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (c == quote) {
                        out.append('\\').append(quote);
                    } else if (isPrintable(c)) {
                        out.appendCodePoint(c);
                    } else {
                        String form = c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x";
                        out.append(form.formatted(c));
                    }
                }
            }
        });
        out.append(quote);
    }

    private static boolean isPrintable(int c) {
        return c == ' '
                || switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.SPACE_SEPARATOR -> false;
                    default -> true;
                };
    }
}
