package io.prefstream.ingest.domain;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One item of a benchmark, found by the names that benchmarks' owners give their columns.
 *
 * @param item the item's own id, or its row number
 * @param prompt the text of its first user turn
 */
public record BenchmarkRow(String item, String prompt) {

    private static final List<String> PROMPTS = List.of(
            "prompt",
            "question",
            "instruction",
            "messages",
            "conversation",
            "conversations",
            "turns",
            "problem",
            "query",
            "input",
            "text");
    private static final List<String> IDS =
            List.of("id", "item_id", "question_id", "prompt_id", "pair_id", "uid", "key");

    /**
     * Reads a row.
     *
     * @param line number of the row in its file, from 1
     * @return null when the row has no prompt
     */
    public static @Nullable BenchmarkRow of(long line, Map<String, @Nullable Object> row) {
        for (String column : PROMPTS) {
            String prompt = firstTurn(row.get(column));
            if (prompt != null) {
                boolean more = column.equals("instruction") && row.get("input") instanceof String;
                return new BenchmarkRow(item(line, row), more ? prompt + "\n" + row.get("input") : prompt);
            }
        }
        return null;
    }

    private static String item(long line, Map<String, @Nullable Object> row) {
        for (String column : IDS) {
            Object id = row.get(column);
            if (id instanceof Number || (id instanceof String text && !text.isBlank())) {
                return id.toString();
            }
        }
        return Long.toString(line);
    }

    /** A text, or of a list of turns the first that is a user's. */
    private static @Nullable String firstTurn(@Nullable Object value) {
        if (value instanceof String text) {
            return text.isBlank() ? null : text;
        }
        if (!(value instanceof List<?> turns)) {
            return null;
        }
        for (Object turn : turns) {
            if (turn instanceof String text) {
                return text.isBlank() ? null : text;
            }
            if (turn instanceof Map<?, ?> message) {
                Object role = message.get("role") == null ? message.get("from") : message.get("role");
                Object content = message.get("content") == null ? message.get("value") : message.get("content");
                if (("user".equals(role) || "human".equals(role)) && content instanceof String text) {
                    return text.isBlank() ? null : text;
                }
            }
        }
        return null;
    }
}
