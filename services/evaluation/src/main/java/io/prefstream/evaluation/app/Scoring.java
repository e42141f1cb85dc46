package io.prefstream.evaluation.app;

import io.prefstream.core.pair.Message;
import io.prefstream.evaluation.domain.Item;
import io.prefstream.models.reward.AnswerScorer;
import io.prefstream.models.reward.UnscorableText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Scores items by slices of some hundred answers. Answers to one prompt stand beside each other and in one slice, since a model
 * may compute what they share once. An answer that the model can't score gets minus infinity, and is told of.
 */
public final class Scoring {

    /** Answers that make a slice full. */
    static final int SLICE = 256;

    private final AnswerScorer scorer;
    private final Consumer<String> messages;

    /** Scoring by a model; what it can't score is told to {@code messages}. */
    public Scoring(AnswerScorer scorer, Consumer<String> messages) {
        this.scorer = scorer;
        this.messages = messages;
    }

    /** Takes the scores of a slice's items as soon as they are there. */
    @FunctionalInterface
    public interface Sink {
        /** Scores of each item's answers, in the items' order. */
        void take(List<Item> items, List<double[]> scores);
    }

    /** Scores the items in their order. */
    public void run(String benchmark, List<Item> items, Sink sink) {
        List<Item> slice = new ArrayList<>();
        int answers = 0;
        for (Item item : items) {
            slice.add(item);
            answers += item.answers().size();
            if (answers >= SLICE) {
                sink.take(slice, scores(benchmark, slice));
                slice = new ArrayList<>();
                answers = 0;
            }
        }
        if (!slice.isEmpty()) {
            sink.take(slice, scores(benchmark, slice));
        }
    }

    private List<double[]> scores(String benchmark, List<Item> slice) {
        List<List<Message>> conversations = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Item item : slice) {
            for (List<Message> conversation : item.conversations()) {
                conversations.add(conversation);
                names.add(item.name());
            }
        }
        double[] all = new double[conversations.size()];
        Arrays.fill(all, Double.NEGATIVE_INFINITY);
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < all.length; i++) {
            places.add(i);
        }
        while (!places.isEmpty()) {
            try {
                double[] scores =
                        scorer.score(places.stream().map(conversations::get).toList());
                for (int i = 0; i < scores.length; i++) {
                    all[places.get(i)] = Double.isNaN(scores[i]) ? Double.NEGATIVE_INFINITY : scores[i];
                }
                break;
            } catch (UnscorableText e) {
                String name = names.get(places.get(e.place()));
                places.subList(e.place(), e.place() + 1).clear();
                messages.accept(benchmark + ", item " + name + ": an answer counts as failed: " + e.getMessage());
            }
        }
        List<double[]> scores = new ArrayList<>();
        int from = 0;
        for (Item item : slice) {
            scores.add(Arrays.copyOfRange(all, from, from + item.answers().size()));
            from += item.answers().size();
        }
        return scores;
    }
}
