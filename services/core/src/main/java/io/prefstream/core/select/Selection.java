package io.prefstream.core.select;

import io.prefstream.core.stats.Hashes;
import io.prefstream.core.stats.Logistic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Chooses pairs to label by every strategy but similarity, whose search goes over partitions. The same candidates give the
 * same picks in any order. Stateless; any thread.
 */
public final class Selection {

    /** Candidates that the posterior looks at: more are first thinned by hash, which bounds the work to seconds. */
    static final int MOST_DESIGNED = 20_000;

    /**
     * A pair that may be labelled.
     *
     * @param id pair id
     * @param best margin of the best model, which has not seen the pair
     * @param gold margin of the gold model
     */
    public record Candidate(String id, Stratum stratum, double best, double gold) {
        /** How far the two models differ on the probability that the label is right, 0 to 1. */
        public double disagreement() {
            return Math.abs(Logistic.sigmoid(best) - Logistic.sigmoid(gold));
        }

        /** p (1 - p) under the gold model. */
        double information() {
            return information(gold);
        }

        /** p (1 - p) of a margin, 0 to .25. */
        public static double information(double margin) {
            double p = Logistic.sigmoid(margin);
            return p * (1 - p);
        }
    }

    /**
     * A pair chosen.
     *
     * @param score what it was chosen for: what it adds to the log determinant of the posterior, disagreement, or 0 when it
     *     was drawn by hash
     */
    public record Pick(String id, double score) {}

    private Selection() {}

    /** Pairs by hash of seed, purpose and pair. */
    public static List<Pick> random(List<Candidate> all, int count, Quotas quotas, long seed, String purpose) {
        return inOrder(drawn(all, seed, purpose), count, quotas, candidate -> 0);
    }

    /** The pairs on which best and gold model differ most, equal ones by hash. */
    public static List<Pick> disagreement(List<Candidate> all, int count, Quotas quotas, long seed, String purpose) {
        List<Candidate> sorted = all.stream()
                .sorted(Comparator.comparingDouble(Candidate::disagreement)
                        .reversed()
                        .thenComparing(Candidate::id, Hashes.order(seed, purpose)))
                .toList();
        return inOrder(sorted, count, quotas, Candidate::disagreement);
    }

    /**
     * The pairs that together raise the posterior's log determinant most, one after the other, equal ones by hash.
     *
     * @param rows gives a pair's scaled differences of the answers, as the gold model trained on
     * @param posterior of the gold model's weights; it holds the picks afterwards
     */
    public static List<Pick> posterior(
            List<Candidate> all,
            Function<String, float[]> rows,
            HeadPosterior posterior,
            int count,
            Quotas quotas,
            long seed,
            String purpose) {
        List<Candidate> some =
                drawn(all, seed, purpose).stream().limit(MOST_DESIGNED).toList();
        Quotas.Room room = quotas.room(count);
        HeadPosterior.Design design = posterior.design(
                some.stream().map(pair -> rows.apply(pair.id())).toArray(float[][]::new),
                some.stream().mapToDouble(Candidate::information).toArray(),
                count,
                i -> room.take(some.get(i).stratum()));
        List<Pick> picks = new ArrayList<>();
        for (int i = 0; i < design.rows().length; i++) {
            picks.add(new Pick(some.get(design.rows()[i]).id(), design.gains()[i]));
        }
        return picks;
    }

    private static List<Candidate> drawn(List<Candidate> all, long seed, String purpose) {
        return all.stream()
                .sorted(Comparator.comparing(Candidate::id, Hashes.order(seed, purpose)))
                .toList();
    }

    private static List<Pick> inOrder(
            List<Candidate> sorted, int count, Quotas quotas, ToDoubleFunction<Candidate> score) {
        Quotas.Room room = quotas.room(count);
        List<Pick> picks = new ArrayList<>();
        for (Candidate candidate : sorted) {
            if (picks.size() == count) {
                break;
            }
            if (room.take(candidate.stratum())) {
                picks.add(new Pick(candidate.id(), score.applyAsDouble(candidate)));
            }
        }
        return picks;
    }
}
