package io.prefstream.ingest.domain;

import io.prefstream.core.pair.Message;
import io.prefstream.wire.Conversation;
import io.prefstream.wire.ConversationAnswer;
import io.prefstream.wire.ConversationMessage;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A conversation of a product log: how one line of JSON becomes the record, and what any record must keep to. */
public final class LogConversation {

    private static final Set<String> ROLES = Set.of("system", "user", "assistant", "tool");
    private static final Set<String> VOTES = Set.of("up", "down");
    private static final int MAX_MESSAGES = 10_000;

    private LogConversation() {}

    /** Whether the row is a conversation rather than a pair or a label. */
    public static boolean is(Map<String, @Nullable Object> row) {
        return row.get("messages") instanceof List<?> && !row.containsKey("chosen") && !row.containsKey("rejected");
    }

    /** Reads a row, refusing the whole of it at the first field that is wrong. */
    public static Conversation of(String file, long line, Map<String, @Nullable Object> row) throws RowFault {
        String id = Fields.id(row, "id");
        if (id == null) {
            id = Fields.id(row, "conversation_id");
        }
        if (id == null) {
            throw new RowFault(
                    Rule.NO_SUCH_FIELD, "id", "a conversation needs an id, by which it is known when it comes again");
        }
        if (!(row.get("messages") instanceof List<?> said)) {
            throw new RowFault(
                    Rule.NO_SUCH_FIELD,
                    "messages",
                    "must be a list of messages, got " + Fields.kind(row.get("messages")));
        }
        List<ConversationMessage> messages = new ArrayList<>();
        for (int i = 0; i < said.size(); i++) {
            messages.add(message("messages[" + i + "]", said.get(i)));
        }
        List<ConversationAnswer> candidates = candidates("", row);
        boolean voted = candidates.stream().anyMatch(answer -> answer.getFeedback() != null);
        boolean rated = candidates.stream().anyMatch(answer -> answer.getRating() != null);
        if (rated && candidates.stream().anyMatch(answer -> answer.getRating() == null)) {
            throw new RowFault(Rule.WRONG_TYPE, "candidates", "rate every candidate or none");
        }
        Conversation conversation = Conversation.newBuilder()
                .setConversationId(id)
                .setMessages(messages)
                .setCandidates(
                        candidates.stream().map(ConversationAnswer::getContent).toList())
                .setRanking(ranking("", row))
                .setFeedback(Fields.text(row, "feedback"))
                .setAt(at(row))
                .setRatings(
                        rated
                                ? candidates.stream()
                                        .map(ConversationAnswer::getRating)
                                        .toList()
                                : List.of())
                .setVotes(
                        voted
                                ? candidates.stream()
                                        .map(answer -> answer.getFeedback() == null ? "" : answer.getFeedback())
                                        .toList()
                                : List.of())
                .setChoice(choice("", row))
                .setFile(file)
                .setLine(line)
                .build();
        check(conversation);
        return conversation;
    }

    /** Refuses a record that {@link Extraction} can't read, whoever wrote it. */
    public static void check(Conversation conversation) throws RowFault {
        if (conversation.getConversationId().isBlank()) {
            throw new RowFault(Rule.NO_SUCH_FIELD, "id", "a conversation needs an id");
        }
        List<ConversationMessage> messages = conversation.getMessages();
        if (messages.isEmpty() || messages.size() > MAX_MESSAGES) {
            throw new RowFault(
                    Rule.WRONG_TYPE, "messages", "must be 1 to " + MAX_MESSAGES + " messages, got " + messages.size());
        }
        for (int i = 0; i < messages.size(); i++) {
            ConversationMessage message = messages.get(i);
            String field = "messages[" + i + "]";
            if (!ROLES.contains(message.getRole())) {
                throw new RowFault(
                        Rule.UNKNOWN_ROLE,
                        field + ".role",
                        "got " + Excerpt.of(message.getRole()) + ", write system, user, assistant or tool");
            }
            boolean assistant = message.getRole().equals("assistant");
            int others =
                    message.getRegenerations().size() + message.getCandidates().size();
            if (!assistant && (others > 0 || message.getOriginal() != null || message.getRating() != null)) {
                throw new RowFault(
                        Rule.WRONG_TYPE, field, "only an answer of the assistant's has candidates or feedback");
            }
            vote(field + ".feedback", assistant ? message.getFeedback() : null);
            finite(field + ".rating", message.getRating());
            answers(field + ".regenerations", message.getRegenerations());
            answers(field + ".candidates", message.getCandidates());
            offer(
                    field + ".",
                    message.getCandidates().size(),
                    others,
                    message.getChoice(),
                    message.getRanking().size());
        }
        int candidates = conversation.getCandidates().size();
        offer(
                "",
                candidates,
                candidates,
                conversation.getChoice(),
                conversation.getRanking().size());
        if (conversation.getRatings().size() != candidates
                && !conversation.getRatings().isEmpty()) {
            throw new RowFault(Rule.WRONG_TYPE, "ratings", "must be one for each of the " + candidates + " candidates");
        }
        for (Double rating : conversation.getRatings()) {
            finite("ratings", rating);
        }
        for (String vote : conversation.getVotes()) {
            vote("votes", vote.isEmpty() ? null : vote);
        }
    }

    private static void answers(String field, List<ConversationAnswer> answers) throws RowFault {
        for (ConversationAnswer answer : answers) {
            vote(field, answer.getFeedback());
            finite(field, answer.getRating());
        }
    }

    private static void offer(String where, int candidates, int answers, @Nullable Integer choice, int ranks)
            throws RowFault {
        if (answers > Extraction.MAX_ANSWERS - 2) {
            throw new RowFault(
                    Rule.TOO_LARGE,
                    where + "candidates",
                    "more than " + (Extraction.MAX_ANSWERS - 2) + " answers to one turn; split them");
        }
        if (choice != null && (choice < 0 || choice >= candidates)) {
            throw new RowFault(
                    Rule.WRONG_TYPE,
                    where + "choice",
                    "must be the index of a candidate, from 0, got " + choice + " of " + candidates);
        }
        if (ranks != 0 && ranks != candidates) {
            throw new RowFault(
                    Rule.WRONG_TYPE,
                    where + "ranking",
                    "must be one rank for each of the " + candidates + " candidates");
        }
    }

    private static void vote(String field, @Nullable String vote) throws RowFault {
        if (vote != null && !VOTES.contains(vote)) {
            throw new RowFault(Rule.WRONG_TYPE, field, "write up or down, got " + Excerpt.of(vote));
        }
    }

    private static void finite(String field, @Nullable Double rating) throws RowFault {
        if (rating != null && !Double.isFinite(rating)) {
            throw new RowFault(Rule.WRONG_TYPE, field, "must be a finite number");
        }
    }

    private static ConversationMessage message(String field, @Nullable Object value) throws RowFault {
        Message said = Conversations.message(field, withoutToolCalls(value));
        Map<String, @Nullable Object> map = value instanceof Map<?, ?> m ? fields(m) : Map.of();
        return ConversationMessage.newBuilder()
                .setRole(said.role())
                .setContent(said.content())
                .setId(Fields.id(map, "id"))
                .setFeedback(said.role().equals("assistant") ? Fields.text(map, "feedback") : null)
                .setRating(rating(field + ".rating", map.get("rating")))
                .setOriginal(Fields.text(map, "original"))
                .setRegenerations(answers(field + ".regenerations", map.get("regenerations")))
                .setCandidates(candidates(field + ".", map))
                .setChoice(choice(field + ".", map))
                .setRanking(ranking(field + ".", map))
                .build();
    }

    /** A turn that only calls tools says nothing; it stays in the history as an empty text. */
    private static Object withoutToolCalls(@Nullable Object value) {
        if (value instanceof Map<?, ?> map && map.get("content") == null && map.get("tool_calls") != null) {
            return Map.of("role", String.valueOf(map.get("role")), "content", "");
        }
        return value == null ? "" : value;
    }

    @SuppressWarnings("unchecked") // JSON has no other keys
    private static Map<String, @Nullable Object> fields(Map<?, ?> value) {
        return (Map<String, @Nullable Object>) value;
    }

    private static List<ConversationAnswer> candidates(String where, Map<String, @Nullable Object> map)
            throws RowFault {
        List<ConversationAnswer> answers = answers(where + "candidates", map.get("candidates"));
        Object ratings = map.get("ratings");
        if (ratings == null) {
            return answers;
        }
        if (!(ratings instanceof List<?> list) || list.size() != answers.size()) {
            throw new RowFault(
                    Rule.WRONG_TYPE,
                    where + "ratings",
                    "must be a list of numbers, one for each of the " + answers.size() + " candidates");
        }
        for (int i = 0; i < list.size(); i++) {
            answers.get(i).setRating(rating(where + "ratings", list.get(i)));
        }
        return answers;
    }

    private static List<ConversationAnswer> answers(String field, @Nullable Object value) throws RowFault {
        if (value == null) {
            return new ArrayList<>();
        }
        if (!(value instanceof List<?> list)) {
            throw new RowFault(Rule.WRONG_TYPE, field, "must be a list of answers, got " + Fields.kind(value));
        }
        List<ConversationAnswer> answers = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            String at = field + "[" + i + "]";
            switch (list.get(i)) {
                case String text -> answers.add(new ConversationAnswer(text, null, null));
                case Map<?, ?> map -> {
                    var all = new java.util.HashMap<String, @Nullable Object>(fields(map));
                    all.putIfAbsent("role", "assistant");
                    answers.add(new ConversationAnswer(
                            Conversations.message(at, all).content(),
                            Fields.text(all, "feedback"),
                            rating(at + ".rating", all.get("rating"))));
                }
                case null, default ->
                    throw new RowFault(
                            Rule.WRONG_TYPE, at, "must be text or a message, got " + Fields.kind(list.get(i)));
            }
        }
        return answers;
    }

    private static @Nullable Double rating(String field, @Nullable Object value) throws RowFault {
        if (value == null) {
            return null;
        }
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw new RowFault(Rule.WRONG_TYPE, field, "must be a number, got " + Fields.kind(value));
    }

    private static @Nullable Integer choice(String where, Map<String, @Nullable Object> map) throws RowFault {
        Object value = map.get("choice");
        return value == null ? null : whole(where + "choice", value);
    }

    private static List<Integer> ranking(String where, Map<String, @Nullable Object> map) throws RowFault {
        Object value = map.get("ranking");
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw new RowFault(
                    Rule.WRONG_TYPE, where + "ranking", "must be a list of ranks, got " + Fields.kind(value));
        }
        List<Integer> ranks = new ArrayList<>();
        for (Object rank : list) {
            ranks.add(whole(where + "ranking", rank));
        }
        return ranks;
    }

    private static int whole(String field, @Nullable Object value) throws RowFault {
        if (value instanceof Number n && n.doubleValue() == n.intValue()) {
            return n.intValue();
        }
        throw new RowFault(Rule.WRONG_TYPE, field, "must be a whole number, got " + Fields.kind(value));
    }

    private static @Nullable Instant at(Map<String, @Nullable Object> row) throws RowFault {
        Object value = row.get("at");
        if (value == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(String.valueOf(value)).toInstant();
        } catch (DateTimeParseException e) {
            throw new RowFault(
                    Rule.WRONG_TYPE, "at", "write a time such as 2026-01-31T10:00:00Z, got " + Excerpt.of(value));
        }
    }
}
