package io.prefstream.ingest.domain;

import io.prefstream.core.pair.AttributeEdit;
import io.prefstream.core.pair.AttributeLimits;
import io.prefstream.core.pair.TaskCategory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the field {@code attributes} of a label's line: what a person corrects in the pair's attributes. Stateless. */
final class AttributeEdits {

    private static final String FIELD = "attributes";
    private static final List<String> KNOWN =
            List.of("task_category", "objectivity", "controversiality", "desired_attributes", "annotation_guideline");
    private static final String CATEGORIES =
            Arrays.stream(TaskCategory.values()).map(TaskCategory::label).collect(Collectors.joining(", "));

    private AttributeEdits() {}

    /** Whether the line corrects attributes. */
    static boolean in(Map<String, @Nullable Object> row) {
        return row.get(FIELD) != null;
    }

    /** The correction; null when there is none. */
    static @Nullable AttributeEdit of(Map<String, @Nullable Object> row) throws RowFault {
        Object value = row.get(FIELD);
        if (value == null) {
            return null;
        }
        if (!(value instanceof Map<?, ?> given) || given.isEmpty()) {
            throw new RowFault(
                    Rule.WRONG_TYPE, FIELD, "must be an object with one or more of " + String.join(", ", KNOWN));
        }
        for (Object name : given.keySet()) {
            if (!KNOWN.contains(String.valueOf(name))) {
                throw new RowFault(
                        Rule.NO_SUCH_FIELD,
                        FIELD + "." + Excerpt.of(name),
                        "no such attribute; there are " + String.join(", ", KNOWN));
            }
        }
        return new AttributeEdit(
                category(given),
                oneOf(given, "objectivity", "objective", "subjective"),
                oneOf(given, "controversiality", "low", "medium", "high"),
                words(given, "desired_attributes", AttributeLimits.DESIRED),
                words(given, "annotation_guideline", AttributeLimits.GUIDELINE));
    }

    private static @Nullable String category(Map<?, ?> given) throws RowFault {
        String name = "task_category";
        String text = text(given, name);
        return text == null
                ? null
                : TaskCategory.of(text).map(TaskCategory::label).orElseThrow(() -> unknown(name, text, CATEGORIES));
    }

    private static @Nullable String oneOf(Map<?, ?> given, String name, String... values) throws RowFault {
        String text = text(given, name);
        if (text == null || List.of(values).contains(text)) {
            return text;
        }
        throw unknown(name, text, String.join(", ", values));
    }

    private static @Nullable String words(Map<?, ?> given, String name, int longest) throws RowFault {
        String text = text(given, name);
        if (text != null && (text.isBlank() || text.length() > longest)) {
            throw new RowFault(
                    Rule.TOO_LARGE,
                    FIELD + "." + name,
                    "must have 1 to " + longest + " characters, has "
                            + text.strip().length());
        }
        return text == null ? null : text.strip();
    }

    private static @Nullable String text(Map<?, ?> given, String name) throws RowFault {
        Object value = given.get(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw new RowFault(Rule.WRONG_TYPE, FIELD + "." + name, "must be a text, got " + Excerpt.of(value));
    }

    private static RowFault unknown(String name, String text, String known) {
        return new RowFault(Rule.WRONG_TYPE, FIELD + "." + name, "got " + Excerpt.of(text) + ", write one of " + known);
    }
}
