package io.prefstream.ingest.domain;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads single fields of a row whose values are maps, lists, strings, numbers, booleans and null. */
final class Fields {

    private Fields() {}

    /** The text, null when absent or null. */
    static @Nullable String text(Map<String, @Nullable Object> row, String field) throws RowFault {
        Object value = row.get(field);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw new RowFault(Rule.WRONG_TYPE, field, "must be text, got " + kind(value));
    }

    /** Text or a number as text; null when absent, null or blank. */
    static @Nullable String id(Map<String, @Nullable Object> row, String field) throws RowFault {
        Object value = row.get(field);
        if (value instanceof Number number) {
            return number.toString();
        }
        String text = text(row, field);
        return text == null || text.isBlank() ? null : text;
    }

    static String kind(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case String s -> "text";
            case Number n -> "a number";
            case Boolean b -> "true or false";
            case java.util.List<?> l -> "a list";
            case Map<?, ?> m -> "an object";
            default -> "a value of type " + value.getClass().getSimpleName();
        };
    }
}
