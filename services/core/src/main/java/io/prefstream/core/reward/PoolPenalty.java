package io.prefstream.core.reward;

import io.prefstream.core.stats.LimitedMemoryBfgs;
import io.prefstream.core.stats.Logistic;
import java.util.Arrays;
import java.util.List;

/**
 * Chooses the penalty of the heads that train on a pool. A tournament, where a text stands in many pairs, bears a light one
 * that lets the head know the texts; a pool of texts seen once needs a strong one. The pool's own labels say which: that
 * penalty wins whose out-of-fold margins, together with the gold head's, predict them best. Without the gold head the choice
 * would lean to what gold knows already. Where the margins predict nothing, the strongest wins. Stateless; any thread.
 */
public final class PoolPenalty {
    /** Penalties tried. */
    public static final List<Double> GRID = List.of(0.003, 0.03, 0.3, 3.0);

    private static final int ENOUGH = 20_000;

    private PoolPenalty() {}

    /**
     * The penalty of {@link #GRID} with the least out-of-fold loss; the strongest for an empty pool.
     *
     * @param diffs scaled differences of pool pairs, gold left out
     * @param folds fold of each
     * @param k number of folds; once 20,000 pairs have been scored the other folds are left out, to save time
     * @param goldMargins margin of each by a gold head, which never saw the pool
     */
    public static double choose(
            String featuresHash, Standardizer scales, float[][] diffs, int[] folds, int k, double[] goldMargins) {
        double best = GRID.getLast();
        double least = Double.POSITIVE_INFINITY;
        for (double l2 : GRID.reversed()) {
            double loss = loss(featuresHash, scales, diffs, folds, k, goldMargins, l2);
            if (loss < least) {
                least = loss;
                best = l2;
            }
        }
        return best;
    }

    private static double loss(
            String featuresHash,
            Standardizer scales,
            float[][] diffs,
            int[] folds,
            int k,
            double[] goldMargins,
            double l2) {
        double[] ones = new double[diffs.length];
        Arrays.fill(ones, 1);
        double[][] margins = new double[diffs.length][];
        int scored = 0;
        for (int f = 0; f < k && scored < ENOUGH; f++) {
            double[] weights = new double[diffs.length];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = folds[i] == f ? 0 : 1;
            }
            BradleyTerryHead head = BradleyTerryHead.fit(featuresHash, scales, diffs, ones, weights, l2);
            for (int i = 0; i < weights.length; i++) {
                if (folds[i] == f) {
                    margins[scored++] = new double[] {scales.margin(head.weights(), diffs[i]), goldMargins[i]};
                }
            }
        }
        return fused(margins, scored);
    }

    /**
     * Least mean loss of a logistic in both margins without intercept: every label says "chosen", so only slopes can tell. A
     * pool head that errs more often than not, as heads do out of fold where there is nothing to learn, counts for nothing.
     */
    private static double fused(double[][] margins, int n) {
        if (n == 0) {
            return Double.POSITIVE_INFINITY;
        }
        LimitedMemoryBfgs.Objective both = objective(margins, n, true);
        double[] slopes = LimitedMemoryBfgs.minimise(both, 2, 100, 1e-6);
        LimitedMemoryBfgs.Objective chosen = slopes[0] < 0 ? objective(margins, n, false) : both;
        double[] at = slopes[0] < 0 ? LimitedMemoryBfgs.minimise(chosen, 2, 100, 1e-6) : slopes;
        return chosen.at(at, new double[2]);
    }

    private static LimitedMemoryBfgs.Objective objective(double[][] margins, int n, boolean pool) {
        return (w, g) -> {
            double loss = 0;
            Arrays.fill(g, 0);
            for (int i = 0; i < n; i++) {
                double own = pool ? margins[i][0] : 0;
                double z = w[0] * own + w[1] * margins[i][1];
                loss += Logistic.loss(z, 1);
                double slope = Logistic.sigmoid(z) - 1;
                g[0] += slope * own / n;
                g[1] += slope * margins[i][1] / n;
            }
            return loss / n;
        };
    }
}
