package io.prefstream.evaluation.domain;

import io.prefstream.core.pair.Message;
import io.prefstream.ingest.domain.Excerpt;
import io.prefstream.ingest.domain.RowFault;
import io.prefstream.ingest.domain.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one row of a file, read as what a benchmark's owner put there.
 *
 * @param line number of the line or row, from 1
 * @param fields maps, lists, texts, numbers, booleans and null
 */
public record Row(long line, Map<String, @Nullable Object> fields) {

    /** A score that an owner's program could not compute. */
    private static final String FAILED = "$ERROR$";

    /** Whether the row has a value in the field. */
    public boolean has(String field) {
        return fields.get(field) != null;
    }

    /** Text, or a number as text. */
    public String text(String field) throws RowFault {
        Object value = there(field);
        return switch (value) {
            case String text -> text;
            case Number number -> number.toString();
            default -> throw wrong(field, "text");
        };
    }

    /** Text, or a number as text; the line when the row has no such field. */
    public String idOr(String field) throws RowFault {
        return has(field) ? text(field) : Long.toString(line);
    }

    /** A list of texts; one text alone is a list of one. */
    public List<String> texts(String field) throws RowFault {
        Object value = there(field);
        if (value instanceof String text) {
            return List.of(text);
        }
        List<String> texts = new ArrayList<>();
        for (Object element : list(field)) {
            if (!(element instanceof String text)) {
                throw wrong(field, "a list of texts");
            }
            texts.add(text);
        }
        return texts;
    }

    /** The turns of a conversation: messages with role and content, or one text that a user wrote. */
    public List<Message> turns(String field) throws RowFault {
        Object value = there(field);
        if (value instanceof String text) {
            return List.of(new Message("user", text));
        }
        List<Message> turns = new ArrayList<>();
        for (Object element : list(field)) {
            if (!(element instanceof Map<?, ?> turn)
                    || !(turn.get("role") instanceof String role)
                    || !(turn.get("content") instanceof String content)) {
                throw wrong(field, "text, or a list of messages with role and content");
            }
            turns.add(new Message(role, content));
        }
        if (turns.isEmpty()) {
            throw wrong(field, "a conversation of at least one turn");
        }
        return turns;
    }

    /** A list of truths: true and false, or numbers of which 0 is false. */
    public boolean[] truths(String field) throws RowFault {
        List<?> list = list(field);
        boolean[] truths = new boolean[list.size()];
        for (int i = 0; i < truths.length; i++) {
            truths[i] = switch (list.get(i)) {
                case Boolean truth -> truth;
                case Number number -> number.doubleValue() != 0;
                case null, default -> throw wrong(field, "a list of true and false");
            };
        }
        return truths;
    }

    /** Scores; null and {@code "$ERROR$"} stand for one that could not be computed, which is minus infinity. */
    public double[] scores(String field) throws RowFault {
        List<?> list = list(field);
        double[] scores = new double[list.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = switch (list.get(i)) {
                case Number number when !Double.isNaN(number.doubleValue()) -> number.doubleValue();
                case String text when text.equals(FAILED) -> Double.NEGATIVE_INFINITY;
                case null -> Double.NEGATIVE_INFINITY;
                default -> throw wrong(field, "a list of numbers, with null where a score failed");
            };
        }
        return scores;
    }

    /** Pairs of places, each two whole numbers of at least 0 and below {@code bound}. */
    public List<int[]> places(String field, int bound) throws RowFault {
        List<int[]> places = new ArrayList<>();
        for (Object element : list(field)) {
            if (!(element instanceof List<?> pair)
                    || pair.size() != 2
                    || !(pair.get(0) instanceof Number first)
                    || !(pair.get(1) instanceof Number second)
                    || Math.min(first.intValue(), second.intValue()) < 0
                    || Math.max(first.intValue(), second.intValue()) >= bound) {
                throw wrong(field, "a list of pairs of places from 0 to " + (bound - 1));
            }
            places.add(new int[] {first.intValue(), second.intValue()});
        }
        return places;
    }

    /** An object within the row. */
    public Row object(String field) throws RowFault {
        Map<String, @Nullable Object> inner = object(there(field));
        if (inner == null) {
            throw wrong(field, "an object");
        }
        return new Row(line, inner);
    }

    /** A list of objects within the row. */
    public List<Row> objects(String field) throws RowFault {
        List<Row> rows = new ArrayList<>();
        for (Object element : list(field)) {
            Map<String, @Nullable Object> inner = object(element);
            if (inner == null) {
                throw wrong(field, "a list of objects");
            }
            rows.add(new Row(line, inner));
        }
        return rows;
    }

    @SuppressWarnings("unchecked") // objects of a row have texts as keys
    private static @Nullable Map<String, @Nullable Object> object(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : null;
    }

    /** The fault of a field whose value isn't what it must be. */
    public RowFault wrong(String field, String must) {
        Object value = fields.get(field);
        String got = value instanceof String text ? Excerpt.of(text) : value == null ? "null" : kind(value);
        return new RowFault(
                Rule.WRONG_TYPE, field, "must be " + must + ", got " + got + "; get the file again from its owner");
    }

    private static String kind(Object value) {
        return switch (value) {
            case List<?> list -> "a list of " + list.size();
            case Map<?, ?> map -> "an object";
            default -> Excerpt.of(value);
        };
    }

    private List<?> list(String field) throws RowFault {
        if (there(field) instanceof List<?> list) {
            return list;
        }
        throw wrong(field, "a list");
    }

    private Object there(String field) throws RowFault {
        Object value = fields.get(field);
        if (value == null) {
            throw new RowFault(
                    Rule.NO_SUCH_FIELD, field, "is missing or null; get the file again from the benchmark's owner");
        }
        return value;
    }
}
