package io.prefstream.export.doctor;

import io.prefstream.core.pair.Message;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A row as a prompt and two answers, whatever its layout.
 *
 * @param prompt turns that both sides share; empty when the row tells none
 * @param chosen turns of the better answer; of the only one in a row with a label
 * @param rejected turns of the worse answer; empty in a row with a label
 */
record Sides(List<Message> prompt, List<Message> chosen, List<Message> rejected) {

    private static final Set<String> KNOWN = Set.of("system", "developer", "user", "assistant", "tool");
    private static final Map<String, String> SHAREGPT = Map.of(
            "human",
            "user",
            "gpt",
            "assistant",
            "observation",
            "tool",
            "function_call",
            "assistant",
            "system",
            "system",
            "user",
            "user",
            "assistant",
            "assistant");
    private static final String HUMAN = "\n\nHuman:";
    private static final String ASSISTANT = "\n\nAssistant:";

    List<Message> chosenConversation() {
        return Stream.concat(prompt.stream(), chosen.stream()).toList();
    }

    List<Message> rejectedConversation() {
        return Stream.concat(prompt.stream(), rejected.stream()).toList();
    }

    /** Reads a row; null when it cannot be told, of which the reason is noted. */
    static @Nullable Sides of(Layout layout, Map<String, @Nullable Object> row, Notes notes) {
        try {
            return read(layout, row, notes);
        } catch (Unreadable reason) {
            notes.add(reason.effect, reason.field);
            return null;
        }
    }

    private static @Nullable Sides read(Layout layout, Map<String, @Nullable Object> row, Notes notes)
            throws Unreadable {
        Object chosen = row.get("chosen");
        Object rejected = row.get("rejected");
        return switch (layout) {
            case EXPLICIT ->
                new Sides(
                        messages(row.get("prompt"), "prompt", notes),
                        messages(chosen, "chosen", notes),
                        messages(rejected, "rejected", notes));
            case FULL_WITH_PROMPT, IMPLICIT, ANSWERS_ONLY, TEXT_PROMPT_FULL ->
                parted(messages(chosen, "chosen", notes), messages(rejected, "rejected", notes));
            case TEXT_PROMPT_ANSWERS ->
                new Sides(
                        user(row.get("prompt")),
                        messages(chosen, "chosen", notes),
                        messages(rejected, "rejected", notes));
            case TEXT_PROMPT_STRINGS -> new Sides(user(row.get("prompt")), answer(chosen), answer(rejected));
            case LIST_PROMPT_STRINGS ->
                new Sides(messages(row.get("prompt"), "prompt", notes), answer(chosen), answer(rejected));
            case STRINGS -> tagged(String.valueOf(chosen), String.valueOf(rejected));
            case MESSAGES_DICTS ->
                new Sides(
                        messages(Layout.turns(row), "messages", notes),
                        List.of(message(chosen, "chosen", notes)),
                        List.of(message(rejected, "rejected", notes)));
            case MESSAGES_LISTS ->
                new Sides(
                        messages(Layout.turns(row), "messages", notes),
                        messages(chosen, "chosen", notes),
                        messages(rejected, "rejected", notes));
            case ALPACA -> new Sides(alpaca(row), answer(chosen), answer(rejected));
            case SINGLE_TURN -> new Sides(withSystem(row, user(row.get("input"))), answer(chosen), answer(rejected));
            case RANKED -> ranked(row, notes);
            case K_WAY -> new Sides(user(row.get("prompt")), answer(first(chosen)), answer(first(rejected)));
            case SINGLE -> single(row, notes);
            case RL_PROMPT -> new Sides(messages(row.get("prompt"), "prompt", notes), List.of(), List.of());
            case TOKENISED, UNKNOWN -> null;
        };
    }

    private static Sides ranked(Map<String, @Nullable Object> row, Notes notes) throws Unreadable {
        List<Map<?, ?>> answers = new ArrayList<>();
        if (row.get("completions") instanceof List<?> list) {
            for (Object one : list) {
                if (one instanceof Map<?, ?> map && map.get("rank") instanceof Number) {
                    answers.add(map);
                }
            }
        }
        if (answers.size() < 2) {
            throw new Unreadable(
                    Effect.error(
                            "no-ranks",
                            "fewer than two completions have a rank that is a number",
                            "give each completion a rank, the best 0"),
                    "completions");
        }
        answers.sort(Comparator.comparingDouble(
                answer -> answer.get("rank") instanceof Number rank ? rank.doubleValue() : 0));
        return new Sides(
                messages(row.get("context"), "context", notes),
                messages(answers.getFirst().get("completion"), "completions", notes),
                messages(answers.get(1).get("completion"), "completions", notes));
    }

    private static Sides single(Map<String, @Nullable Object> row, Notes notes) throws Unreadable {
        if (Layout.turns(row) != null) {
            List<Message> turns = messages(Layout.turns(row), "messages", notes);
            int last = Math.max(0, turns.size() - 1);
            return new Sides(turns.subList(0, last), turns.subList(last, turns.size()), List.of());
        }
        String field = row.containsKey("completion") ? "completion" : "response";
        Object answer = row.get(field);
        Object prompt = row.get("prompt");
        return new Sides(
                prompt instanceof List ? messages(prompt, "prompt", notes) : user(prompt),
                answer instanceof List ? messages(answer, field, notes) : answer(answer),
                List.of());
    }

    /** Parts two conversations where they part; each keeps its last turn. */
    private static Sides parted(List<Message> chosen, List<Message> rejected) {
        int most = Math.min(chosen.size(), rejected.size()) - 1;
        int same = 0;
        while (same < most && chosen.get(same).equals(rejected.get(same))) {
            same++;
        }
        return new Sides(
                chosen.subList(0, same), chosen.subList(same, chosen.size()), rejected.subList(same, rejected.size()));
    }

    /** Two texts, which may hold a conversation each in the way of HH-RLHF. */
    private static Sides tagged(String chosen, String rejected) {
        int end = chosen.lastIndexOf(ASSISTANT);
        if (chosen.contains(HUMAN) && end > 0) {
            int from = end + ASSISTANT.length();
            if (rejected.regionMatches(0, chosen, 0, from)) {
                return new Sides(
                        user(chosen.substring(0, end)),
                        answer(chosen.substring(from)),
                        answer(rejected.substring(from)));
            }
        }
        return new Sides(List.of(), answer(chosen), answer(rejected));
    }

    private static List<Message> alpaca(Map<String, @Nullable Object> row) {
        List<Message> turns = new ArrayList<>();
        if (row.get("history") instanceof List<?> history) {
            for (Object turn : history) {
                if (turn instanceof List<?> both && both.size() == 2) {
                    turns.addAll(user(both.get(0)));
                    turns.addAll(answer(both.get(1)));
                }
            }
        }
        Object input = row.get("input");
        Object instruction = row.get("instruction");
        turns.addAll(
                user(input instanceof String text && !text.isEmpty() ? text(instruction) + "\n" + text : instruction));
        return withSystem(row, turns);
    }

    private static List<Message> withSystem(Map<String, @Nullable Object> row, List<Message> turns) {
        return row.get("system") instanceof String system && !system.isEmpty()
                ? Stream.concat(Stream.of(new Message("system", system)), turns.stream())
                        .toList()
                : turns;
    }

    private static List<Message> user(@Nullable Object text) {
        return List.of(new Message("user", text(text)));
    }

    private static List<Message> answer(@Nullable Object text) {
        return List.of(new Message("assistant", text(text)));
    }

    private static String text(@Nullable Object value) {
        return value instanceof String text ? text : "";
    }

    private static @Nullable Object first(@Nullable Object list) {
        return list instanceof List<?> some && !some.isEmpty() ? some.getFirst() : null;
    }

    private static List<Message> messages(@Nullable Object value, String field, Notes notes) throws Unreadable {
        if (!(value instanceof List<?> list)) {
            throw new Unreadable(
                    Effect.error(
                            "not-messages",
                            "what should be a list of messages is none: templates fail on it",
                            "write a list of {\"role\", \"content\"}"),
                    field);
        }
        List<Message> messages = new ArrayList<>();
        for (Object one : list) {
            messages.add(message(one, field + "[" + messages.size() + "]", notes));
        }
        return messages;
    }

    private static Message message(@Nullable Object value, String field, Notes notes) throws Unreadable {
        if (!(value instanceof Map<?, ?> map)) {
            throw new Unreadable(
                    Effect.error(
                            "not-messages",
                            "what should be a message is none: templates fail on it",
                            "write {\"role\", \"content\"}"),
                    field);
        }
        boolean shareGpt = !map.containsKey("role") && map.containsKey("from");
        String tag = String.valueOf(map.get(shareGpt ? "from" : "role"));
        String role = shareGpt ? SHAREGPT.getOrDefault(tag, "") : KNOWN.contains(tag) ? tag : "";
        if (role.isEmpty()) {
            notes.add(
                    Effect.warning(
                            "unknown-role",
                            "a role that chat templates do not know: they raise, or leave the turn out without a word",
                            "use system, user, assistant and tool"),
                    field);
            role = tag;
        }
        Object content = map.get(shareGpt ? "value" : "content");
        if (content instanceof String text) {
            return new Message(role, text);
        }
        if (content == null && map.get("tool_calls") != null) {
            return new Message(role, "");
        }
        throw new Unreadable(
                content == null
                        ? Effect.error(
                                "content-null",
                                "a message without content: templates raise, or write None",
                                "give the turn its text, or leave the row out")
                        : Effect.warning(
                                "content-not-text",
                                "content that is no text (parts, images) is read by few trainers, and its text is not checked"
                                        + " here",
                                "make content a text"),
                field);
    }

    private static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Effect effect;
        private final String field;

        Unreadable(Effect effect, String field) {
            super(effect.rule(), null, false, false);
            this.effect = effect;
            this.field = field;
        }
    }
}
