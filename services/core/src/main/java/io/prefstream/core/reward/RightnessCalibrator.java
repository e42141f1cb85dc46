package io.prefstream.core.reward;

import io.prefstream.core.stats.Logistic;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * p_right: the probability that the original label is right, logistic in the logits (margins) of the best and the gold reward
 * model and, once 30 gold pairs have been judged, the judges' vote. Under 100 decided labels the two share one slope; from
 * 100 the penalty still draws their slopes together. Models never count against themselves: where more certainty goes with
 * fewer right labels, which few labels show by chance, they count for nothing.
 * Immutable by convention; any thread.
 *
 * @param weights intercept, slope of best, slope of gold, slope of the judges' vote
 */
public record RightnessCalibrator(double[] weights) {
    /** Labels from which best and gold have a slope each. */
    public static final int TWO_SLOPES = 100;

    /** Judged gold pairs from which the judges' vote enters. */
    public static final int JUDGED = 30;

    // Intercept, sum of the margins, their difference, judges.
    private static final double[] L2 = {1e-6, 1, 10, 1};
    private static final double CLIP = 10;

    /**
     * What is known of a pair; every margin from a model that never saw it.
     *
     * @param best margin of the best reward model, original order
     * @param gold margin of the gold reward model, original order
     * @param judges +1 the judges chose the original label, -1 the other, 0 no decision or not asked
     */
    public record Input(double best, double gold, int judges) {}

    /**
     * Fits on decided gold.
     *
     * @param right whether the original label is right, one an input
     * @return empty when all labels point one way: nothing can be calibrated
     */
    public static Optional<RightnessCalibrator> fit(List<Input> inputs, boolean[] right) {
        return fit(inputs, right, null, -1, shape(inputs));
    }

    /**
     * Out-of-fold p_right for gold: each is computed by a calibrator fitted without its fold.
     *
     * @param folds fold of each input
     * @return one an input; empty where the other folds are one-sided
     */
    public static List<OptionalDouble> outOfFold(List<Input> inputs, boolean[] right, int[] folds, int k) {
        Shape shape = shape(inputs);
        OptionalDouble[] out = new OptionalDouble[inputs.size()];
        for (int f = 0; f < k; f++) {
            Optional<RightnessCalibrator> without = fit(inputs, right, folds, f, shape);
            for (int i = 0; i < out.length; i++) {
                if (folds[i] == f) {
                    out[i] = without.isPresent()
                            ? OptionalDouble.of(without.get().probability(inputs.get(i)))
                            : OptionalDouble.empty();
                }
            }
        }
        return List.of(out);
    }

    /** p_right of a pair, in (0, 1). */
    public double probability(Input input) {
        return Logistic.sigmoid(
                weights[0] + weights[1] * clip(input.best) + weights[2] * clip(input.gold) + weights[3] * input.judges);
    }

    private record Shape(boolean twoSlopes, boolean judges) {}

    private static Shape shape(List<Input> inputs) {
        long judged = inputs.stream().filter(i -> i.judges != 0).count();
        return new Shape(inputs.size() >= TWO_SLOPES, judged >= JUDGED);
    }

    private static double clip(double margin) {
        return Math.max(-CLIP, Math.min(CLIP, margin));
    }

    private static double[] row(Input input, Shape shape) {
        double best = clip(input.best);
        double gold = clip(input.gold);
        return new double[] {1, best + gold, shape.twoSlopes ? best - gold : 0, shape.judges ? input.judges : 0};
    }

    private static Optional<RightnessCalibrator> fit(
            List<Input> inputs, boolean[] right, int @Nullable [] folds, int without, Shape shape) {
        int n = inputs.size();
        double[][] x = new double[n][];
        int used = 0;
        int positive = 0;
        for (int i = 0; i < n; i++) {
            if (folds == null || folds[i] != without) {
                x[used] = row(inputs.get(i), shape);
                used++;
                positive += right[i] ? 1 : 0;
            }
        }
        if (positive == 0 || positive == used) {
            return Optional.empty();
        }
        double[] target = new double[used];
        for (int i = 0, u = 0; i < n; i++) {
            if (folds == null || folds[i] != without) {
                target[u++] = right[i] ? 1 : 0;
            }
        }
        double[] w = newton(x, target, used);
        if (w[1] < 0) {
            for (int i = 0; i < used; i++) {
                x[i][1] = 0;
                x[i][2] = 0;
            }
            w = newton(x, target, used);
        }
        return Optional.of(new RightnessCalibrator(new double[] {w[0], w[1] + w[2], w[1] - w[2], w[3]}));
    }

    /** Newton's method on the penalised likelihood, halving steps that do not descend; the intercept is free. */
    private static double[] newton(double[][] x, double[] target, int n) {
        int d = 4;
        double[] w = new double[d];
        double value = loss(x, target, n, w);
        for (int iteration = 0; iteration < 50; iteration++) {
            double[] g = new double[d];
            double[][] h = new double[d][d];
            for (int j = 0; j < d; j++) {
                g[j] = L2[j] * w[j];
                h[j][j] = L2[j];
            }
            for (int i = 0; i < n; i++) {
                double p = Logistic.sigmoid(dot(w, x[i]));
                for (int j = 0; j < d; j++) {
                    g[j] += (p - target[i]) * x[i][j];
                    for (int k = 0; k < d; k++) {
                        h[j][k] += p * (1 - p) * x[i][j] * x[i][k];
                    }
                }
            }
            double[] step = solve(h, g);
            double scale = 1;
            double[] next = w;
            double nextValue = value;
            for (int halving = 0; halving < 30; halving++, scale /= 2) {
                double[] trial = new double[d];
                for (int j = 0; j < d; j++) {
                    trial[j] = w[j] - scale * step[j];
                }
                double trialValue = loss(x, target, n, trial);
                if (trialValue < value) {
                    next = trial;
                    nextValue = trialValue;
                    break;
                }
            }
            if (!(value - nextValue > 1e-12 * Math.abs(value))) {
                return next;
            }
            w = next;
            value = nextValue;
        }
        return w;
    }

    private static double loss(double[][] x, double[] target, int n, double[] w) {
        double loss = 0;
        for (int j = 0; j < w.length; j++) {
            loss += L2[j] / 2 * w[j] * w[j];
        }
        for (int i = 0; i < n; i++) {
            loss += Logistic.loss(dot(w, x[i]), target[i]);
        }
        return loss;
    }

    private static double dot(double[] a, double[] b) {
        return a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
    }

    /** Cholesky; h is positive definite because of the penalty. */
    private static double[] solve(double[][] h, double[] g) {
        int d = g.length;
        double[][] l = new double[d][d];
        for (int i = 0; i < d; i++) {
            for (int j = 0; j <= i; j++) {
                double s = h[i][j];
                for (int k = 0; k < j; k++) {
                    s -= l[i][k] * l[j][k];
                }
                l[i][j] = i == j ? Math.sqrt(s) : s / l[j][j];
            }
        }
        double[] y = new double[d];
        for (int i = 0; i < d; i++) {
            double s = g[i];
            for (int k = 0; k < i; k++) {
                s -= l[i][k] * y[k];
            }
            y[i] = s / l[i][i];
        }
        double[] out = new double[d];
        for (int i = d - 1; i >= 0; i--) {
            double s = y[i];
            for (int k = i + 1; k < d; k++) {
                s -= l[k][i] * out[k];
            }
            out[i] = s / l[i][i];
        }
        return out;
    }
}
