package io.prefstream.core.benchmark;

import java.util.List;

/**
 * One item of a benchmark with a model's scores of its answers. Immutable as long as nobody writes into its arrays.
 *
 * @param name the item's name within its benchmark
 * @param part the subset, domain or set that it belongs to, as its benchmark names them
 * @param right whether each answer is a right one
 * @param duels the comparisons that count, where the benchmark lists them; empty where its formula says which
 * @param scores a score an answer, in the order of {@code right}; minus infinity when the answer could not be scored
 */
public record ScoredItem(String name, String part, boolean[] right, List<Duel> duels, double[] scores) {

    /**
     * A right and a wrong answer that are compared, by their places from 0.
     *
     * @param right place of the right answer
     * @param wrong place of the wrong answer
     */
    public record Duel(int right, int wrong) {}

    /** Checks that there is a score, not NaN, for every answer. */
    public ScoredItem {
        if (right.length != scores.length) {
            throw new IllegalArgumentException(
                    name + " has " + right.length + " answers and " + scores.length + " scores");
        }
        for (double score : scores) {
            if (Double.isNaN(score)) {
                throw new IllegalArgumentException(name + " has a score that is not a number");
            }
        }
        duels = List.copyOf(duels);
    }

    /** Answers that could not be scored. */
    public int failed() {
        int failed = 0;
        for (double score : scores) {
            failed += score == Double.NEGATIVE_INFINITY ? 1 : 0;
        }
        return failed;
    }

    /** The lowest score of a right answer; infinity when there is none. */
    public double worstRight() {
        double worst = Double.POSITIVE_INFINITY;
        for (int i = 0; i < scores.length; i++) {
            worst = right[i] ? Math.min(worst, scores[i]) : worst;
        }
        return worst;
    }

    /** The highest score of a right answer; minus infinity when there is none. */
    public double bestRight() {
        return best(true);
    }

    /** The highest score of a wrong answer; minus infinity when there is none. */
    public double bestWrong() {
        return best(false);
    }

    private double best(boolean which) {
        double best = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < scores.length; i++) {
            best = right[i] == which ? Math.max(best, scores[i]) : best;
        }
        return best;
    }
}
