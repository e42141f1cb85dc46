package io.prefstream.ingest.domain;

import io.prefstream.core.pair.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows that hold answers without a preference: one conversation ({@code messages}, {@code conversation} or
 * {@code conversations}, or {@code prompt} and {@code response}), or several answers to one ({@code responses}, or
 * {@code candidates} without a ranking, beside {@code prompt} or {@code messages}). Keeps nothing between rows.
 */
public final class AnswerRows {

    private static final List<String> CONVERSATIONS = List.of("messages", "conversation", "conversations");
    private static final List<String> SEVERAL = List.of("responses", "candidates");
    private static final List<String> PAIRS =
            List.of("chosen", "rejected", "conversation_a", "conversation_b", "ranking", "ratings");

    private final String file;

    public AnswerRows(String file) {
        this.file = file;
    }

    /** Whether a row is one of these, by its columns. */
    public static boolean are(Map<String, @Nullable Object> row) {
        return PAIRS.stream().noneMatch(row::containsKey)
                && (row.containsKey("response")
                        || SEVERAL.stream().anyMatch(row::containsKey)
                        || CONVERSATIONS.stream().anyMatch(row::containsKey));
    }

    /** The row's answers. */
    public AnswerRow read(long line, Map<String, @Nullable Object> row) throws RowFault {
        String id = PairRows.idOf(row);
        String sourceId = id == null ? file + ":" + line : id;
        String several = SEVERAL.stream()
                .filter(name -> row.get(name) != null)
                .findFirst()
                .orElse(null);
        if (several != null) {
            List<Message> history = history(row);
            return new AnswerRow(file, line, sourceId, history, answers(several, row.get(several)), true);
        }
        if (row.containsKey("response")) {
            List<Message> history = history(row);
            return new AnswerRow(
                    file, line, sourceId, history, List.of(answer("response", row.get("response"))), false);
        }
        String field = conversation(row);
        List<Message> talk = conversation(field, row.get(field));
        return new AnswerRow(
                file,
                line,
                sourceId,
                talk.subList(0, talk.size() - 1),
                List.of(talk.getLast().content()),
                false);
    }

    /**
     * A conversation that ends with an answer: a list of messages with role and content, or HH-RLHF text.
     *
     * @param field what the value is called in a fault
     */
    public static List<Message> conversation(String field, @Nullable Object value) throws RowFault {
        List<Message> talk = turns(field, value);
        if (talk.isEmpty() || !talk.getLast().role().equals("assistant")) {
            throw new RowFault(
                    Rule.NO_FINAL_ANSWER, field, "must end with the assistant's turn, the answer that is scored");
        }
        return talk;
    }

    private static List<Message> history(Map<String, @Nullable Object> row) throws RowFault {
        List<Message> history = new ArrayList<>();
        String system = Fields.text(row, "system");
        if (system != null && !system.isEmpty()) {
            history.add(new Message("system", system));
        }
        String field = row.get("prompt") != null ? "prompt" : conversation(row);
        Object value = row.get(field);
        if (value instanceof String text && !Conversations.isTagged(text)) {
            history.add(new Message("user", text));
        } else {
            history.addAll(turns(field, value));
        }
        if (history.isEmpty() || history.getLast().role().equals("assistant")) {
            throw new RowFault(
                    Rule.NO_FINAL_USER_TURN, field, "the turn before the answers must be a user's or a tool's");
        }
        return history;
    }

    private static String conversation(Map<String, @Nullable Object> row) throws RowFault {
        return CONVERSATIONS.stream()
                .filter(name -> row.get(name) != null)
                .findFirst()
                .orElseThrow(() -> new RowFault(
                        Rule.NO_SUCH_FIELD, "prompt", "the row has neither a prompt nor messages before its answer"));
    }

    private static List<Message> turns(String field, @Nullable Object value) throws RowFault {
        return switch (value) {
            case String text when Conversations.isTagged(text) -> Conversations.tagged(text);
            case List<?> list -> Conversations.list(field, list);
            case null, default ->
                throw new RowFault(Rule.WRONG_TYPE, field, "must be a list of messages, got " + Fields.kind(value));
        };
    }

    private static List<String> answers(String field, @Nullable Object value) throws RowFault {
        if (!(value instanceof List<?> list) || list.isEmpty()) {
            throw new RowFault(
                    Rule.WRONG_TYPE, field, "must be a list of one answer or more, got " + Fields.kind(value));
        }
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            answers.add(answer(field + "[" + i + "]", list.get(i)));
        }
        return answers;
    }

    /** An answer: text, a message, or a list of one message. */
    private static String answer(String field, @Nullable Object value) throws RowFault {
        return switch (value) {
            case String text -> text;
            case Map<?, ?> map -> Conversations.message(field, map).content();
            case List<?> list
            when list.size() == 1 ->
                Conversations.message(field, list.getFirst()).content();
            case null, default ->
                throw new RowFault(Rule.WRONG_TYPE, field, "must be text or one message, got " + Fields.kind(value));
        };
    }
}
