package io.prefstream.models.chat.jinja;

import io.prefstream.models.chat.jinja.Arguments.Bound;
import java.util.List;
import java.util.Map;

/** Jinja's tests, as far as chat templates use them. */
final class Tests {

    private Tests() {}

    static boolean holds(String name, Object value, Arguments given, Work work) {
        return switch (name) {
            case "eq", "equalto", "==" -> Values.equal(value, other(name, given, work), work);
            case "ne", "!=" -> !Values.equal(value, other(name, given, work), work);
            case "lt", "lessthan", "<" -> Operators.compare(value, other(name, given, work), work) < 0;
            case "le", "<=" -> Operators.compare(value, other(name, given, work), work) <= 0;
            case "gt", "greaterthan", ">" -> Operators.compare(value, other(name, given, work), work) > 0;
            case "ge", ">=" -> Operators.compare(value, other(name, given, work), work) >= 0;
            case "in" -> Values.contains(other(name, given, work), value, work);
            case "divisibleby" -> rest(value, other(name, given, work), work) == 0;
            default -> plain(name, value, given.bind(work, name), work);
        };
    }

    private static Object other(String name, Arguments given, Work work) {
        return given.bind(work, name, "other").need(0, work);
    }

    private static long rest(Object value, Object by, Work work) {
        if (Operators.apply("%", value, by, work) instanceof Long rest) {
            return rest;
        }
        throw work.fault(Values.kind(value) + " is divided by whole numbers alone");
    }

    private static boolean plain(String name, Object value, Bound none, Work work) {
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value instanceof None;
            case "string" -> value instanceof String;
            case "mapping" -> value instanceof Map<?, ?>;
            case "number" -> Operators.isNumber(value);
            case "integer" -> value instanceof Long;
            case "float" -> value instanceof Double;
            case "boolean" -> value instanceof Boolean;
            case "true" -> value.equals(true);
            case "false" -> value.equals(false);
            case "callable" -> value instanceof Callee || value instanceof Method;
            // what isn't there can be looped over, without a turn
            case "sequence" -> isSequence(value) || value instanceof Undefined;
            case "iterable" ->
                isSequence(value) || value instanceof Undefined || value instanceof View || value instanceof Once;
            case "odd" -> rest(value, 2L, work) == 1;
            case "even" -> rest(value, 2L, work) == 0;
            case "upper" -> isCased(Filters.counted(value, work), true);
            case "lower" -> isCased(Filters.counted(value, work), false);
            default -> throw work.fault("the test " + none.callee() + " is not known");
        };
    }

    private static boolean isSequence(Object value) {
        return value instanceof String
                || value instanceof List<?>
                || value instanceof Tuple
                || value instanceof Map<?, ?>;
    }

    private static boolean isCased(String text, boolean upper) {
        return text.equals(upper ? Casing.upper(text) : Casing.lower(text))
                && text.codePoints().anyMatch(upper ? Character::isUpperCase : Character::isLowerCase);
    }
}
