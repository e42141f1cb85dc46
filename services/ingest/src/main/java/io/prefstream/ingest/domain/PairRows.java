package io.prefstream.ingest.domain;

import io.prefstream.core.pair.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns the rows of one file into pairs. A row may write its answers as text, as one message or as
 * a list of messages, whatever the rows before it did; the shape decides where the history and the
 * label stand. Keeps nothing between rows.
 */
public final class PairRows {

    /** Bytes of UTF-8 that history and both answers may have together. */
    public static final int MAX_PAIR_BYTES = 8 << 20;

    private static final int MAX_PAIRS_A_ROW = 1000;
    private static final List<String> IDS = List.of("id", "prompt_id", "pair_id", "question_id");
    private static final List<String> EXTRAS = List.of(
            "chosen_model",
            "rejected_model",
            "chosen_rating",
            "rejected_rating",
            "score_chosen",
            "score_rejected",
            "margin",
            "subset",
            "source",
            "category",
            "language",
            "judge",
            "label_source");

    private final String file;
    private final Shape shape;

    public PairRows(String file, Shape shape) {
        this.file = file;
        this.shape = shape;
    }

    /** Gives the row's candidate or refusal to the sink; several for a row with lists of answers. */
    public void read(long line, Map<String, @Nullable Object> row, Consumer<ParsedRow> sink) {
        String sourceId = file + ":" + line;
        try {
            String id = idOf(row);
            sourceId = id == null ? sourceId : id;
            var at = new Place(line, sourceId, sink);
            if (shape == Shape.CHATBOT_ARENA || shape == Shape.MT_BENCH_HUMAN) {
                battle(at, row);
            } else if (shape == Shape.K_WAY) {
                ranking(at, row);
            } else if (row.get("chosen") instanceof List<?> good
                    && row.get("rejected") instanceof List<?> bad
                    && isTexts(good)
                    && isTexts(bad)) {
                matrix(at, row, good, bad);
            } else {
                pair(at, row, value(row, "chosen"), value(row, "rejected"));
            }
        } catch (RowFault fault) {
            sink.accept(new Refused(file, line, sourceId, fault.rule(), fault.reason(), fault.field()));
        }
    }

    /** The id that a row gives itself; null when it gives none. */
    static @Nullable String idOf(Map<String, @Nullable Object> row) throws RowFault {
        for (String name : IDS) {
            String id = Fields.id(row, name);
            if (id != null) {
                return id;
            }
        }
        return null;
    }

    private record Place(long line, String sourceId, Consumer<ParsedRow> sink) {}

    private void matrix(Place at, Map<String, @Nullable Object> row, List<?> good, List<?> bad) throws RowFault {
        if ((long) good.size() * bad.size() > MAX_PAIRS_A_ROW) {
            throw new RowFault(
                    Rule.TOO_LARGE, "rejected", "more than " + MAX_PAIRS_A_ROW + " pairs in a row; split it");
        }
        for (int i = 0; i < good.size(); i++) {
            for (int j = 0; j < bad.size(); j++) {
                var one = new Place(at.line, at.sourceId + "#" + i + "-" + j, at.sink);
                try {
                    pair(one, row, good.get(i), bad.get(j));
                } catch (RowFault fault) {
                    at.sink.accept(
                            new Refused(file, at.line, one.sourceId, fault.rule(), fault.reason(), fault.field()));
                }
            }
        }
    }

    /** Each two answers are a pair; two that stand equal are none. */
    private void ranking(Place at, Map<String, @Nullable Object> row) throws RowFault {
        boolean ranks = row.get("ranking") != null;
        String field = ranks ? "ranking" : "ratings";
        if (!(value(row, "candidates") instanceof List<?> answers) || answers.size() < 2) {
            throw new RowFault(Rule.WRONG_TYPE, "candidates", "must be a list of two answers or more");
        }
        if (!(value(row, field) instanceof List<?> places)
                || places.size() != answers.size()
                || !places.stream().allMatch(p -> p instanceof Number n && Double.isFinite(n.doubleValue()))) {
            throw new RowFault(Rule.WRONG_TYPE, field, "must be a list of numbers, one for each candidate");
        }
        if ((long) answers.size() * (answers.size() - 1) / 2 > MAX_PAIRS_A_ROW) {
            throw new RowFault(
                    Rule.TOO_LARGE, "candidates", "more than " + MAX_PAIRS_A_ROW + " pairs in a row; split it");
        }
        List<Message> prompt = prompt(row);
        double[] standings = places.stream()
                .mapToDouble(place -> ((Number) place).doubleValue() * (ranks ? -1 : 1)) // the first rank is the best
                .toArray();
        for (Rankings.Duel duel : Rankings.ALL.duels(standings)) {
            var one = new Place(at.line, at.sourceId + "#" + duel.first() + "-" + duel.second(), at.sink);
            try {
                if (duel.tie()) {
                    throw new RowFault(
                            Rule.TIE,
                            field,
                            "candidates " + duel.first() + " and " + duel.second() + " stand equal, so neither won");
                }
                emit(
                        one,
                        full("candidates", prompt, answers.get(duel.better())),
                        full("candidates", prompt, answers.get(duel.worse())),
                        extra(row));
            } catch (RowFault fault) {
                at.sink.accept(new Refused(file, at.line, one.sourceId, fault.rule(), fault.reason(), fault.field()));
            }
        }
    }

    private void battle(Place at, Map<String, @Nullable Object> row) throws RowFault {
        String winner = Fields.text(row, "winner");
        if (winner == null) {
            throw missing("winner");
        }
        boolean first = winner.equals("model_a");
        if (winner.startsWith("tie")) {
            throw new RowFault(Rule.TIE, "winner", "nobody won, so there is no pair");
        }
        if (!first && !winner.equals("model_b")) {
            throw new RowFault(
                    Rule.WRONG_TYPE, "winner", "got " + Excerpt.of(winner) + ", write model_a, model_b or tie");
        }
        int turns = row.get("turn") instanceof Number n ? n.intValue() : Integer.MAX_VALUE;
        List<Message> a = upTo(turns, conversation(row, "conversation_a"));
        List<Message> b = upTo(turns, conversation(row, "conversation_b"));
        var extra = extra(row);
        put(extra, first ? "chosen_model" : "rejected_model", row.get("model_a"));
        put(extra, first ? "rejected_model" : "chosen_model", row.get("model_b"));
        emit(at, first ? a : b, first ? b : a, extra);
    }

    /** A judgement of turn n saw the first n answers. */
    private static List<Message> upTo(int turns, List<Message> talk) {
        int answers = 0;
        for (int i = 0; i < talk.size(); i++) {
            if (talk.get(i).role().equals("assistant") && ++answers == turns) {
                return talk.subList(0, i + 1);
            }
        }
        return talk;
    }

    private void pair(Place at, Map<String, @Nullable Object> row, @Nullable Object chosen, @Nullable Object rejected)
            throws RowFault {
        refuseEqual(row, "chosen_rating", "rejected_rating");
        refuseEqual(row, "score_chosen", "score_rejected");
        List<Message> prompt = prompt(row);
        emit(at, full("chosen", prompt, chosen), full("rejected", prompt, rejected), extra(row));
    }

    private List<Message> prompt(Map<String, @Nullable Object> row) throws RowFault {
        var prompt = new ArrayList<Message>();
        String system = Fields.text(row, "system");
        if (system != null && !system.isEmpty()) {
            prompt.add(new Message("system", system));
        }
        if (shape == Shape.LLAMA_FACTORY_ALPACA) {
            if (row.get("history") instanceof List<?> turns) {
                for (Object turn : turns) {
                    if (!(turn instanceof List<?> two
                            && two.size() == 2
                            && two.get(0) instanceof String asked
                            && two.get(1) instanceof String said)) {
                        throw new RowFault(Rule.WRONG_TYPE, "history", "must be a list of [question, answer]");
                    }
                    prompt.add(new Message("user", asked));
                    prompt.add(new Message("assistant", said));
                }
            }
            String instruction = Fields.text(row, "instruction");
            if (instruction == null) {
                throw missing("instruction");
            }
            String input = Fields.text(row, "input");
            prompt.add(
                    new Message("user", input == null || input.isEmpty() ? instruction : instruction + "\n" + input));
            return prompt;
        }
        String field = shape == Shape.LLAMA_FACTORY_SHAREGPT && row.get("conversations") != null
                ? "conversations"
                : shape == Shape.LLAMA_FACTORY_SHAREGPT || (shape == Shape.K_WAY && row.get("messages") != null)
                        ? "messages"
                        : "prompt";
        if (row.get(field) != null) {
            prompt.addAll(conversation(row, field));
        }
        return prompt;
    }

    private static List<Message> conversation(Map<String, @Nullable Object> row, String field) throws RowFault {
        return switch (row.get(field)) {
            case null -> throw missing(field);
            case String text when Conversations.isTagged(text) -> Conversations.tagged(text);
            case String text -> List.of(new Message("user", text));
            case List<?> list -> Conversations.list(field, list);
            case Object other ->
                throw new RowFault(
                        Rule.WRONG_TYPE, field, "must be text or a list of messages, got " + Fields.kind(other));
        };
    }

    /** The whole conversation of one side, whichever way it is written. */
    private static List<Message> full(String field, List<Message> prompt, @Nullable Object side) throws RowFault {
        List<Message> said = switch (side) {
            case null -> throw missing(field);
            case String text when Conversations.isTagged(text) -> Conversations.tagged(text);
            case String text -> List.of(new Message("assistant", text));
            case List<?> list -> Conversations.list(field, list);
            case Map<?, ?> map -> List.of(Conversations.message(field, map));
            default -> throw new RowFault(Rule.WRONG_TYPE, field, "must be text or messages, got " + Fields.kind(side));
        };
        if (said.isEmpty()) {
            throw new RowFault(Rule.EMPTY_ANSWER, field, "the list has no message");
        }
        if (said.getFirst().role().equals("assistant")) {
            var whole = new ArrayList<>(prompt);
            whole.addAll(said);
            return whole;
        }
        // Both a prompt and full conversations: the prompt adds only a system message that they lack.
        var whole = new ArrayList<Message>();
        for (Message message : prompt) {
            if (!said.contains(message)) {
                if (!message.role().equals("system")) {
                    throw new RowFault(
                            Rule.PROMPT_MISMATCH, "prompt", "its turns are not in the conversation of " + field);
                }
                whole.add(message);
            }
        }
        whole.addAll(said);
        return whole;
    }

    private void emit(Place at, List<Message> good, List<Message> bad, Map<String, String> extra) throws RowFault {
        String chosen = answer("chosen", good);
        String rejected = answer("rejected", bad);
        List<Message> history = good.subList(0, good.size() - 1);
        if (!history.equals(bad.subList(0, bad.size() - 1))) {
            throw new RowFault(
                    Rule.DIVERGES_EARLY,
                    "rejected",
                    "the two conversations part before their last turn, so the answers reply to different things");
        }
        String last = history.isEmpty() ? "" : history.getLast().role();
        if (!last.equals("user") && !last.equals("tool")) {
            throw new RowFault(
                    Rule.NO_FINAL_USER_TURN, "prompt", "the turn before the answers must be a user's or a tool's");
        }
        if (chosen.isBlank() || rejected.isBlank()) {
            throw new RowFault(Rule.EMPTY_ANSWER, chosen.isBlank() ? "chosen" : "rejected", "the answer is blank");
        }
        if (chosen.equals(rejected)) {
            throw new RowFault(Rule.IDENTICAL_ANSWERS, "rejected", "both answers are the same text");
        }
        long bytes = bytes(chosen) + bytes(rejected);
        for (Message message : history) {
            bytes += bytes(message.content());
        }
        if (bytes > MAX_PAIR_BYTES) {
            throw new RowFault(
                    Rule.TOO_LARGE, "", "the pair has " + bytes + " bytes, at most " + MAX_PAIR_BYTES + " are taken");
        }
        at.sink.accept(Candidate.of(file, at.line, at.sourceId, history, chosen, rejected, Map.copyOf(extra)));
    }

    private static String answer(String field, List<Message> talk) throws RowFault {
        if (talk.isEmpty() || !talk.getLast().role().equals("assistant")) {
            throw new RowFault(Rule.NO_FINAL_ANSWER, field, "the last turn must be the assistant's");
        }
        return talk.getLast().content();
    }

    private static void refuseEqual(Map<String, @Nullable Object> row, String a, String b) throws RowFault {
        if (row.get(a) instanceof Number x && row.get(b) instanceof Number y && x.doubleValue() == y.doubleValue()) {
            throw new RowFault(Rule.TIE, a, "equal to " + b + ", so neither answer was preferred");
        }
    }

    private static Map<String, String> extra(Map<String, @Nullable Object> row) {
        var extra = new TreeMap<String, String>();
        EXTRAS.forEach(name -> put(extra, name, row.get(name)));
        return extra;
    }

    private static void put(Map<String, String> extra, String name, @Nullable Object value) {
        if (value instanceof String || value instanceof Number) {
            extra.put(name, value.toString());
        }
    }

    private static @Nullable Object value(Map<String, @Nullable Object> row, String field) throws RowFault {
        if (row.get(field) == null) {
            throw row.containsKey(field)
                    ? new RowFault(Rule.WRONG_TYPE, field, "is null; it must be text or messages")
                    : missing(field);
        }
        return row.get(field);
    }

    private static RowFault missing(String field) {
        return new RowFault(Rule.NO_SUCH_FIELD, field, "the row has no " + field);
    }

    private static boolean isTexts(List<?> list) {
        return !list.isEmpty() && list.stream().allMatch(String.class::isInstance);
    }

    /** Length in UTF-8; each half of a surrogate pair counts two of its four bytes. */
    private static long bytes(String text) {
        return text.chars()
                .mapToLong(c -> c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate((char) c) ? 2 : 3)
                .sum();
    }
}
