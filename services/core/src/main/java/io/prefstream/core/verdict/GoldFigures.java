package io.prefstream.core.verdict;

import io.prefstream.core.stats.Wilson;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * What the models' verdicts are worth against people: shares of KEEP and FLIP that gold agrees with, by both models and by
 * each alone (the figures of table 19 of arXiv 2507.01352), and accuracy against coverage. Stateless; any thread.
 */
public final class GoldFigures {
    private static final double[] CERTAINTIES = {0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95};

    private GoldFigures() {}

    /**
     * Right ones among so many.
     *
     * @param right decisions that gold agrees with
     * @param n decisions
     */
    public record Share(long right, long n) {
        /** Share that gold agrees with; NaN without any. */
        public double value() {
            return n == 0 ? Double.NaN : (double) right / n;
        }

        /** Lower end of the 90 % Wilson interval. */
        public double lower() {
            return Wilson.lower(right, n, Gates.LEVEL);
        }

        /** Upper end of the 90 % Wilson interval. */
        public double upper() {
            return Wilson.upper(right, n, Gates.LEVEL);
        }
    }

    /**
     * Agreement of one way to decide.
     *
     * @param by who decides: both models, or one
     * @param keep pairs whose label they call right
     * @param flip pairs whose label they call wrong
     */
    public record Agreement(String by, Share keep, Share flip) {}

    /**
     * A point of accuracy against coverage.
     *
     * @param certainty pairs count from here up; certainty is p_right or 1 - p_right, the greater
     * @param decided pairs that count, and how often gold agrees with the side that p_right is on
     * @param coverage share of gold that counts
     */
    public record Point(double certainty, Share decided, double coverage) {}

    /**
     * Agreement by both models, by the best alone and by the gold one alone, in this order. Exactly .5 counts as against.
     *
     * @param best out-of-fold P(chosen better) of decided gold by the best model; NaN where there is none
     * @param gold the same by the gold model
     * @param labelRight whether the original label is right
     */
    public static List<Agreement> agreement(double[] best, double[] gold, boolean[] labelRight) {
        return List.of(
                agreement(
                        "both", i -> best[i] > 0.5 && gold[i] > 0.5, i -> best[i] <= 0.5 && gold[i] <= 0.5, labelRight),
                agreement("best only", i -> best[i] > 0.5, i -> best[i] <= 0.5, labelRight),
                agreement("gold only", i -> gold[i] > 0.5, i -> gold[i] <= 0.5, labelRight));
    }

    private static Agreement agreement(String by, IntPredicate keep, IntPredicate flip, boolean[] labelRight) {
        long[] n = new long[2];
        long[] right = new long[2];
        for (int i = 0; i < labelRight.length; i++) {
            if (keep.test(i)) {
                n[0]++;
                right[0] += labelRight[i] ? 1 : 0;
            } else if (flip.test(i)) {
                n[1]++;
                right[1] += labelRight[i] ? 0 : 1;
            }
        }
        return new Agreement(by, new Share(right[0], n[0]), new Share(right[1], n[1]));
    }

    /**
     * Accuracy against coverage, from all pairs to the most certain.
     *
     * @param pRight out-of-fold p_right of decided gold; NaN where there is none, which counts nowhere but in the whole
     * @param labelRight whether the original label is right
     */
    public static List<Point> curve(double[] pRight, boolean[] labelRight) {
        List<Point> points = new ArrayList<>();
        for (double certainty : CERTAINTIES) {
            long n = 0;
            long right = 0;
            for (int i = 0; i < pRight.length; i++) {
                if (Math.max(pRight[i], 1 - pRight[i]) >= certainty) {
                    n++;
                    right += pRight[i] > 0.5 == labelRight[i] ? 1 : 0;
                }
            }
            points.add(new Point(certainty, new Share(right, n), pRight.length == 0 ? 0 : (double) n / pRight.length));
        }
        return List.copyOf(points);
    }
}
