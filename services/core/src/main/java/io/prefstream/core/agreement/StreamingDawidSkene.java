package io.prefstream.core.agreement;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Dawid and Skene's model over votes as they come, one pass, in any order. Each vote takes what its item had added to the
 * matrices out again and adds what the item says now; an item asked for later is judged by the matrices of that moment. An
 * annotator's older votes fade, so that a matrix follows somebody who changes.
 *
 * <p>It keeps every item's votes, a few dozen bytes a vote. What it says depends a little on the order of votes: it is for
 * watching, and what decides comes from {@link DawidSkene}. Not thread-safe.
 *
 * @see <a href="https://doi.org/10.1007/978-94-011-5014-9_12">Neal and Hinton, A View of the EM Algorithm that Justifies
 *     Incremental, Sparse, and Other Variants</a>
 */
public final class StreamingDawidSkene {

    /** Votes of an annotator after which an old one weighs 1/e. */
    public static final int HORIZON = 5_000;

    private final int classes;
    private final Smoothing smoothing;
    private final double keep; // what is left of a vote's weight after one more by its annotator
    private final double[] ofClass;
    private final Map<String, Item> items = new HashMap<>();
    private final Map<String, Annotator> annotators = new HashMap<>();

    private static final class Annotator {
        final double[] counts;
        long votes;

        Annotator(int classes) {
            counts = new double[classes * classes];
        }
    }

    private record Seen(String vote, Annotator annotator, int choice, long number) {}

    private static final class Item {
        final List<Seen> votes = new ArrayList<>(4);
        double[] added = new double[0];
    }

    /** A model of no votes yet. */
    public StreamingDawidSkene(int classes, Smoothing smoothing, int horizon) {
        this.classes = classes;
        this.smoothing = smoothing;
        this.keep = 1 - 1.0 / horizon;
        this.ofClass = new double[classes];
    }

    /**
     * Takes in a vote; one of the same id on the item is replaced.
     *
     * @param vote names the vote among those on the item
     * @param choice class, from 0; negative takes the vote back
     */
    public void put(String item, String vote, String annotator, int choice) {
        Item of = items.computeIfAbsent(item, id -> new Item());
        add(of, -1);
        of.votes.removeIf(seen -> seen.vote.equals(vote));
        if (choice >= 0) {
            Annotator by = annotators.computeIfAbsent(annotator, id -> new Annotator(classes));
            for (int i = 0; i < by.counts.length; i++) {
                by.counts[i] *= keep;
            }
            by.votes++;
            of.votes.add(new Seen(vote, by, choice, by.votes));
        }
        if (of.votes.isEmpty()) {
            items.remove(item);
        } else {
            of.added = posterior(of);
            add(of, 1);
        }
    }

    private void add(Item item, int sign) {
        if (item.added.length == 0) {
            return;
        }
        for (int c = 0; c < classes; c++) {
            ofClass[c] += sign * item.added[c];
        }
        for (Seen seen : item.votes) {
            double weight = sign * StrictMath.pow(keep, (double) (seen.annotator.votes - seen.number));
            for (int c = 0; c < classes; c++) {
                seen.annotator.counts[c * classes + seen.choice] += weight * item.added[c];
            }
        }
    }

    /** Probability of each class for an item, by what is known now; of an item without votes, the priors. */
    public double[] posterior(String item) {
        Item of = items.get(item);
        return of == null ? priors() : posterior(of);
    }

    private double[] posterior(Item item) {
        double[] log = priors();
        for (int c = 0; c < classes; c++) {
            log[c] = StrictMath.log(log[c]);
        }
        for (Seen seen : item.votes) {
            for (int c = 0; c < classes; c++) {
                log[c] += StrictMath.log(given(seen.annotator, c, seen.choice));
            }
        }
        AnnotatorModel.normalise(log);
        return log;
    }

    private double given(Annotator annotator, int truth, int choice) {
        double sum = smoothing.all(classes);
        for (int k = 0; k < classes; k++) {
            sum += Math.max(0, annotator.counts[truth * classes + k]);
        }
        return (Math.max(0, annotator.counts[truth * classes + choice]) + smoothing.of(truth, choice)) / sum;
    }

    /** Probability of each class over all items. */
    public double[] priors() {
        double sum = 0;
        double[] priors = new double[classes];
        for (int c = 0; c < classes; c++) {
            priors[c] = Math.max(0, ofClass[c]) + 1;
            sum += priors[c];
        }
        for (int c = 0; c < classes; c++) {
            priors[c] /= sum;
        }
        return priors;
    }

    /** An annotator's probability of each choice under each truth, {@code [truth * classes + choice]}. */
    public double[] confusion(String annotator) {
        Annotator of = annotators.getOrDefault(annotator, new Annotator(classes));
        double[] matrix = new double[classes * classes];
        for (int truth = 0; truth < classes; truth++) {
            for (int choice = 0; choice < classes; choice++) {
                matrix[truth * classes + choice] = given(of, truth, choice);
            }
        }
        return matrix;
    }
}
