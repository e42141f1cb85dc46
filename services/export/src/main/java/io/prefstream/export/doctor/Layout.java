package io.prefstream.export.doctor;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a row tells preferences: which columns it has, and whether they are texts or lists of messages. */
enum Layout {
    EXPLICIT("a list of messages as prompt, answers as lists", "prompt", "chosen", "rejected"),
    FULL_WITH_PROMPT("a list of messages as prompt, and whole conversations beside it", "prompt", "chosen", "rejected"),
    IMPLICIT("whole conversations without a prompt", "chosen", "rejected"),
    ANSWERS_ONLY("answers as lists of messages without a prompt", "chosen", "rejected"),
    TEXT_PROMPT_FULL("a text as prompt, and whole conversations beside it", "prompt", "chosen", "rejected"),
    TEXT_PROMPT_ANSWERS("a text as prompt, answers as lists", "prompt", "chosen", "rejected"),
    TEXT_PROMPT_STRINGS("texts", "prompt", "chosen", "rejected"),
    STRINGS("two texts without a prompt", "chosen", "rejected"),
    LIST_PROMPT_STRINGS("a list of messages as prompt, answers as texts", "prompt", "chosen", "rejected"),
    MESSAGES_DICTS("messages, and a single message as each answer", "chosen", "rejected"),
    MESSAGES_LISTS("messages, and answers as lists", "chosen", "rejected"),
    ALPACA("instruction and answers as texts", "instruction", "chosen", "rejected"),
    SINGLE_TURN("input and answers as texts", "input", "chosen", "rejected"),
    RANKED("context and ranked completions", "context", "completions"),
    K_WAY("several texts on each side", "prompt", "chosen", "rejected"),
    SINGLE("one answer with a label", "label"),
    RL_PROMPT("a prompt for training against a reward model", "prompt"),
    TOKENISED("token ids", "chosen_ids", "rejected_ids"),
    UNKNOWN("no known shape");

    private static final Set<String> ASSISTANT = Set.of("assistant", "gpt", "model");
    /** Columns that tell the layout. */
    static final List<String> TOLD = List.of(
            "prompt",
            "chosen",
            "rejected",
            "messages",
            "conversations",
            "instruction",
            "context",
            "completions",
            "completion",
            "label");

    private final String what;
    private final String columns;

    Layout(String what, String... columns) {
        this.what = what;
        this.columns = String.join(",", columns);
    }

    /** Its name in reports. */
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** In words. */
    String what() {
        return what;
    }

    /** Columns that must hold something. */
    List<String> columns() {
        return columns.isEmpty() ? List.of() : List.of(columns.split(",", -1));
    }

    /** The layout of a row; unknown too when a column that would tell it is null or an empty list. */
    static Layout of(Map<String, @Nullable Object> row) {
        for (String column : TOLD) {
            if (row.containsKey(column) && (row.get(column) == null || List.of().equals(row.get(column)))) {
                return UNKNOWN;
            }
        }
        if (row.containsKey("chosen_ids") && row.containsKey("rejected_ids")) {
            return TOKENISED;
        }
        Object chosen = row.get("chosen");
        Object rejected = row.get("rejected");
        if (chosen == null || rejected == null) {
            return withoutSides(row);
        }
        if (chosen instanceof String && rejected instanceof String) {
            return ofStrings(row);
        }
        boolean messages = turns(row) != null;
        if (chosen instanceof Map && rejected instanceof Map) {
            return messages ? MESSAGES_DICTS : UNKNOWN;
        }
        return chosen instanceof List<?> list && rejected instanceof List ? ofLists(row, list, messages) : UNKNOWN;
    }

    /** Messages before the answers in LLaMA-Factory's way; null when there are none. */
    static @Nullable Object turns(Map<String, @Nullable Object> row) {
        return row.get("messages") instanceof List<?> list ? list : row.get("conversations");
    }

    private static Layout withoutSides(Map<String, @Nullable Object> row) {
        if (row.get("context") instanceof List && row.get("completions") instanceof List) {
            return RANKED;
        }
        if (row.containsKey("label")
                && (row.containsKey("completion") || row.containsKey("response") || turns(row) != null)) {
            return SINGLE;
        }
        return row.get("prompt") instanceof List && row.get("reward_model") instanceof Map ? RL_PROMPT : UNKNOWN;
    }

    private static Layout ofStrings(Map<String, @Nullable Object> row) {
        Object prompt = row.get("prompt");
        if (prompt instanceof String) {
            return TEXT_PROMPT_STRINGS;
        }
        if (prompt instanceof List) {
            return LIST_PROMPT_STRINGS;
        }
        if (row.containsKey("instruction")) {
            return ALPACA;
        }
        if (row.containsKey("input")) {
            return SINGLE_TURN;
        }
        return turns(row) == null ? STRINGS : UNKNOWN;
    }

    private static Layout ofLists(Map<String, @Nullable Object> row, List<?> chosen, boolean messages) {
        if (chosen.getFirst() instanceof String) {
            return row.get("prompt") instanceof String ? K_WAY : UNKNOWN;
        }
        if (!(chosen.getFirst() instanceof Map<?, ?> first)) {
            return UNKNOWN;
        }
        Object role = first.containsKey("role") ? first.get("role") : first.get("from");
        boolean full = !ASSISTANT.contains(String.valueOf(role));
        Object prompt = row.get("prompt");
        if (prompt instanceof List) {
            return full ? FULL_WITH_PROMPT : EXPLICIT;
        }
        if (prompt instanceof String) {
            return full ? TEXT_PROMPT_FULL : TEXT_PROMPT_ANSWERS;
        }
        if (full) {
            return IMPLICIT;
        }
        return messages ? MESSAGES_LISTS : ANSWERS_ONLY;
    }
}
