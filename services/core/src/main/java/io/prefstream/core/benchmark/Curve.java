package io.prefstream.core.benchmark;

/**
 * How good the picked answer is when a model picks the best of the first N, for N from 1 up. Index N - 1 holds N; each value
 * is the mean over questions of the picked answer's truth, 0 to 1.
 *
 * @param name the set that it is of
 * @param picked the expectation over all orders of the answers
 * @param sampled the mean over seeded random orders, as the benchmark's owner takes it
 * @param oracle the expectation when one who knows the truth picks
 */
public record Curve(String name, double[] picked, double[] sampled, double[] oracle) {

    /** Mean over N of the squared distance between {@code oracle} and {@code picked}. */
    public double loss() {
        double sum = 0;
        for (int i = 0; i < picked.length; i++) {
            sum += (oracle[i] - picked[i]) * (oracle[i] - picked[i]);
        }
        return sum / picked.length;
    }

    /** The highest value of {@code picked}. */
    public double max() {
        double max = 0;
        for (double value : picked) {
            max = Math.max(max, value);
        }
        return max;
    }

    /** The value of {@code picked} at the greatest N. */
    public double end() {
        return picked[picked.length - 1];
    }
}
