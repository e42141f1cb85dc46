package io.prefstream.core.reward;

import io.prefstream.core.calibration.Temperature;
import io.prefstream.core.stats.Logistic;
import java.util.List;

/**
 * Chooses the penalty of a head by its log-loss on human labels that it has not seen, after temperature scaling: a penalty also
 * sets how large margins are, which the temperature and the calibrator of p_right set anew. The standard penalty is left only for
 * one that gains more than the standard error of the gain, since on few labels the best of several is best by chance. Stateless;
 * any thread.
 */
public final class GoldPenalty {

    /** Penalties tried, the standard ones among them. */
    public static final List<Double> GRID = List.of(0.03, 0.1, 0.3, 0.7, 2.0, 6.0, 20.0);

    /** Labels below which the standard stands. */
    public static final int ENOUGH = 50;

    private GoldPenalty() {}

    /**
     * The penalty of {@link #GRID} to use.
     *
     * @param margins for each penalty of the grid, margin of each label's pair by a head that has seen neither it nor its fold
     * @param right whether a positive margin is right
     * @param folds fold of each
     * @param without labels of this fold have no say; -1 for none
     * @param standard penalty of the grid that stands without proof
     */
    public static double choose(double[][] margins, boolean[] right, int[] folds, int without, double standard) {
        int labels = 0;
        for (int fold : folds) {
            labels += fold != without ? 1 : 0;
        }
        if (labels < ENOUGH) {
            return standard;
        }
        double[] usual = losses(margins[GRID.indexOf(standard)], right, folds, without, labels);
        double chosen = standard;
        double most = 0;
        for (int g = GRID.size() - 1; g >= 0; g--) {
            double[] losses = losses(margins[g], right, folds, without, labels);
            double gain = 0;
            for (int i = 0; i < labels; i++) {
                gain += (usual[i] - losses[i]) / labels;
            }
            double spread = 0;
            for (int i = 0; i < labels; i++) {
                double off = usual[i] - losses[i] - gain;
                spread += off * off;
            }
            double error = Math.sqrt(spread / (labels - 1) / labels);
            if (gain > most && gain > error) {
                most = gain;
                chosen = GRID.get(g);
            }
        }
        return chosen;
    }

    private static double[] losses(double[] margins, boolean[] right, int[] folds, int without, int labels) {
        double[] some = new double[labels];
        boolean[] says = new boolean[labels];
        for (int i = 0, n = 0; i < margins.length; i++) {
            if (folds[i] != without) {
                some[n] = margins[i];
                says[n++] = right[i];
            }
        }
        double temperature = Temperature.fit(some, says);
        double[] losses = new double[labels];
        for (int i = 0; i < labels; i++) {
            losses[i] = Logistic.loss(some[i] / temperature, says[i] ? 1 : 0);
        }
        return losses;
    }
}
