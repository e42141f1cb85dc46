package io.prefstream.ingest.domain;

import io.prefstream.core.pair.Message;
import io.prefstream.wire.Conversation;
import io.prefstream.wire.ConversationAnswer;
import io.prefstream.wire.ConversationMessage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the pairs in a conversation: two answers to one turn of which a person said, or showed, that one is better.
 *
 * <p>Each two answers make one pair at most, by the most explicit rule that is in force and speaks of them. Two that were
 * rated or ranked equal make none, whatever other rules say. Answers of one text are one answer.
 */
public final class Extraction {

    /** Answers that one turn may have. */
    public static final int MAX_ANSWERS = 45;

    /**
     * A pair.
     *
     * @param turn which answer of the assistant's it is about, from 1
     * @param messageId id of the message, null when it has none
     * @param history the turns before it
     */
    public record Preference(
            PairRule rule,
            int turn,
            @Nullable String messageId,
            List<Message> history,
            String chosen,
            String rejected,
            @Nullable Double chosenRating,
            @Nullable Double rejectedRating) {}

    /**
     * Thumbs for one answer.
     *
     * @param turn which answer of the assistant's it is, from 1
     * @param history the turns before it
     */
    public record Vote(int turn, List<Message> history, String answer, boolean up) {}

    /** Takes each turn to which there are answers. */
    private interface TurnSink {
        void take(Turn turn, int number, @Nullable String messageId, List<Message> history);
    }

    private static final String UP = "up";
    private static final String DOWN = "down";

    private final ExtractionRules rules;

    /** Finds pairs by these rules. */
    public Extraction(ExtractionRules rules) {
        this.rules = rules;
    }

    /** The pairs of a conversation that {@link LogConversation#check} has passed, by turn, then rule, then order of the answers. */
    public List<Preference> of(Conversation conversation) {
        List<Preference> found = new ArrayList<>();
        turns(
                conversation,
                (turn, number, messageId, history) -> found.addAll(pairs(turn, number, messageId, history)));
        return found;
    }

    /** Every thumb in it, for the pairs that answers of other conversations make with them; none when the rule is off. */
    public List<Vote> votes(Conversation conversation) {
        List<Vote> votes = new ArrayList<>();
        if (rules.enabled().contains(PairRule.THUMBS)) {
            turns(conversation, (turn, number, messageId, history) -> {
                for (Answer answer : turn.answers) {
                    if (answer.vote != null) {
                        votes.add(new Vote(number, List.copyOf(history), answer.text, answer.vote.equals(UP)));
                    }
                }
            });
        }
        return votes;
    }

    private static void turns(Conversation conversation, TurnSink sink) {
        List<Message> history = new ArrayList<>();
        List<ConversationMessage> messages = conversation.getMessages();
        int turn = 0;
        for (int i = 0; i < messages.size(); i++) {
            ConversationMessage message = messages.get(i);
            if (message.getRole().equals("assistant")) {
                turn++;
                boolean last = i == messages.size() - 1;
                sink.take(new Turn(message, last ? conversation : null), turn, message.getId(), history);
            }
            history.add(new Message(message.getRole(), message.getContent()));
        }
        if (!messages.getLast().getRole().equals("assistant")) {
            sink.take(new Turn(null, conversation), turn + 1, null, history);
        }
    }

    private List<Preference> pairs(Turn turn, int number, @Nullable String messageId, List<Message> history) {
        if (turn.answers.size() < 2) {
            return List.of();
        }
        List<Message> before = List.copyOf(history);
        List<Preference> found = new ArrayList<>();
        Set<Long> spoken = turn.ties();
        for (PairRule rule : PairRule.values()) {
            if (!rules.enabled().contains(rule)) {
                continue;
            }
            for (int[] two : turn.told(rule, rules.rankings())) {
                Answer good = turn.answers.get(two[0]);
                Answer bad = turn.answers.get(two[1]);
                if (spoken.add(key(two[0], two[1]))) {
                    found.add(new Preference(
                            rule, number, messageId, before, good.text, bad.text, good.rating, bad.rating));
                }
            }
        }
        return found;
    }

    private static long key(int a, int b) {
        return ((long) Math.min(a, b) << 32) | Math.max(a, b);
    }

    private record Answer(
            String text,
            @Nullable String vote,
            @Nullable Double rating,
            @Nullable Integer rank) {
        Answer with(@Nullable String vote, @Nullable Double rating, @Nullable Integer rank) {
            return new Answer(
                    text,
                    this.vote == null ? vote : this.vote,
                    this.rating == null ? rating : this.rating,
                    this.rank == null ? rank : this.rank);
        }
    }

    /** The answers to one turn, and who stands where among them. */
    private static final class Turn {
        final List<Answer> answers = new ArrayList<>();
        private final List<Integer> left = new ArrayList<>();
        private final List<Integer> shown = new ArrayList<>();
        private int kept = -1;
        private int original = -1;
        private int chosen = -1;

        Turn(@Nullable ConversationMessage message, @Nullable Conversation last) {
            if (message != null) {
                kept = add(message.getContent(), message.getFeedback(), message.getRating(), null);
                if (message.getOriginal() != null) {
                    original = add(message.getOriginal(), null, null, null);
                }
                for (ConversationAnswer answer : message.getRegenerations()) {
                    left.add(add(answer.getContent(), answer.getFeedback(), answer.getRating(), null));
                }
                for (int i = 0; i < message.getCandidates().size(); i++) {
                    ConversationAnswer answer = message.getCandidates().get(i);
                    show(answer.getContent(), answer.getFeedback(), answer.getRating(), at(message.getRanking(), i));
                }
                choose(message.getChoice());
            }
            if (last != null) {
                int before = shown.size();
                if (message != null && (UP.equals(last.getFeedback()) || DOWN.equals(last.getFeedback()))) {
                    add(message.getContent(), last.getFeedback(), null, null);
                }
                for (int i = 0; i < last.getCandidates().size(); i++) {
                    show(
                            last.getCandidates().get(i),
                            at(last.getVotes(), i),
                            at(last.getRatings(), i),
                            at(last.getRanking(), i));
                }
                Integer choice = last.getChoice();
                choose(choice == null ? null : Integer.valueOf(before + choice));
            }
        }

        private void choose(@Nullable Integer choice) {
            if (choice != null) {
                chosen = shown.get(choice);
            }
        }

        private void show(String text, @Nullable String vote, @Nullable Double rating, @Nullable Integer rank) {
            shown.add(add(text, vote, rating, rank));
        }

        private int add(String text, @Nullable String vote, @Nullable Double rating, @Nullable Integer rank) {
            String said = vote == null || vote.isEmpty() ? null : vote;
            for (int i = 0; i < answers.size(); i++) {
                if (answers.get(i).text.equals(text)) {
                    answers.set(i, answers.get(i).with(said, rating, rank));
                    return i;
                }
            }
            answers.add(new Answer(text, said, rating, rank));
            return answers.size() - 1;
        }

        /** Each two answers, better and worse, of which the rule speaks. */
        List<int[]> told(PairRule rule, Rankings rankings) {
            List<int[]> told = new ArrayList<>();
            switch (rule) {
                case CHOICE -> {
                    if (chosen >= 0) {
                        shown.forEach(other -> put(told, chosen, other));
                    }
                }
                case RANKING -> duels(told, rankings, answer -> answer.rank == null ? null : -1.0 * answer.rank);
                case RATING -> duels(told, rankings, answer -> answer.rating);
                case THUMBS -> {
                    for (int i = 0; i < answers.size(); i++) {
                        for (int j = 0; j < answers.size(); j++) {
                            if (UP.equals(answers.get(i).vote) && DOWN.equals(answers.get(j).vote)) {
                                put(told, i, j);
                            }
                        }
                    }
                }
                case EDIT -> {
                    if (original >= 0) {
                        put(told, kept, original);
                    }
                }
                case REGENERATION -> left.forEach(other -> put(told, kept, other));
            }
            return told;
        }

        private static void put(List<int[]> told, int good, int bad) {
            if (good != bad) {
                told.add(new int[] {good, bad});
            }
        }

        private void duels(List<int[]> told, Rankings rankings, Function<Answer, @Nullable Double> standing) {
            List<Integer> placed = new ArrayList<>();
            List<Double> standings = new ArrayList<>();
            for (int i = 0; i < answers.size(); i++) {
                Double place = standing.apply(answers.get(i));
                if (place != null) {
                    placed.add(i);
                    standings.add(place);
                }
            }
            for (Rankings.Duel duel : rankings.duels(
                    standings.stream().mapToDouble(Double::doubleValue).toArray())) {
                if (!duel.tie()) {
                    put(told, placed.get(duel.better()), placed.get(duel.worse()));
                }
            }
        }

        /** Each two answers that a person said to be equal. */
        Set<Long> ties() {
            Set<Long> ties = new HashSet<>();
            for (int i = 0; i < answers.size(); i++) {
                for (int j = i + 1; j < answers.size(); j++) {
                    Answer a = answers.get(i);
                    Answer b = answers.get(j);
                    boolean rated =
                            a.rating != null && b.rating != null && a.rating.doubleValue() == b.rating.doubleValue();
                    if (rated || (a.rank != null && a.rank.equals(b.rank))) {
                        ties.add(key(i, j));
                    }
                }
            }
            return ties;
        }

        private static <T> @Nullable T at(List<T> list, int i) {
            return i < list.size() ? list.get(i) : null;
        }
    }
}
