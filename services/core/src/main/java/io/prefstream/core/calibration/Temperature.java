package io.prefstream.core.calibration;

import io.prefstream.core.stats.Logistic;

/**
 * Temperature scaling (Guo et al. 2017, On Calibration of Modern Neural Networks): one number T by which a model's margins are
 * divided before they become probabilities, P(a better than b) = sigmoid(margin / T). It changes how sure a model is and never
 * which answer it prefers. Stateless; any thread.
 */
public final class Temperature {

    /** Least temperature, of a model that ranks every label right. */
    public static final double LEAST = 0.01;

    /** Greatest temperature, of a model that knows nothing: near to .5 for all. */
    public static final double MOST = 100;

    private static final int HALVINGS = 80;

    private Temperature() {}

    /**
     * The temperature of least log-loss. The loss is convex in 1/T, so halving where its slope is 0 finds it.
     *
     * @param margins margins of pairs that the model has not seen, in logits
     * @param right whether a positive margin is right
     * @return within {@link #LEAST} and {@link #MOST}; 1 when no margin differs from 0
     */
    public static double fit(double[] margins, boolean[] right) {
        return fit(margins, right, new int[margins.length], -1);
    }

    /**
     * Probabilities that a positive margin is right, each at a temperature fitted without its fold.
     *
     * @param folds fold of each margin, from 0
     * @param k number of folds
     */
    public static double[] outOfFold(double[] margins, boolean[] right, int[] folds, int k) {
        double[] p = new double[margins.length];
        for (int fold = 0; fold < k; fold++) {
            double temperature = fit(margins, right, folds, fold);
            for (int i = 0; i < p.length; i++) {
                if (folds[i] == fold) {
                    p[i] = Logistic.sigmoid(margins[i] / temperature);
                }
            }
        }
        return p;
    }

    private static double fit(double[] margins, boolean[] right, int[] folds, int without) {
        boolean any = false;
        for (int i = 0; i < margins.length; i++) {
            any |= margins[i] != 0 && folds[i] != without;
        }
        double low = 1 / MOST;
        double high = 1 / LEAST;
        if (!any) {
            return 1;
        }
        if (slope(low, margins, right, folds, without) >= 0) {
            return MOST;
        }
        if (slope(high, margins, right, folds, without) <= 0) {
            return LEAST;
        }
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (slope(middle, margins, right, folds, without) < 0) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return 2 / (low + high);
    }

    /** Slope of the summed log-loss at 1/T. */
    private static double slope(double inverse, double[] margins, boolean[] right, int[] folds, int without) {
        double slope = 0;
        for (int i = 0; i < margins.length; i++) {
            if (folds[i] != without) {
                slope += margins[i] * (Logistic.sigmoid(inverse * margins[i]) - (right[i] ? 1 : 0));
            }
        }
        return slope;
    }
}
