package io.prefstream.core.reward;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Scales of the columns of answer differences, taken from the pool. Differences have no centre (swapping the answers
 * negates them), so a column is divided by its root mean square. The encoder's columns share one scale, which leaves their
 * geometry as it is; each count has its own, three times finer, because the
 * penalty would otherwise drown a few dozen counts in hundreds of encoder columns. Immutable by convention; any thread.
 *
 * @param scale divisor of each column, above 0; infinite leaves a column out, which is then 0 in scaled rows
 */
public record Standardizer(double[] scale) {
    private static final double COUNT_WEIGHT = 3;

    /**
     * Scales of a pool.
     *
     * @param diffs differences, one a row
     * @param dense how many leading columns come from the encoder
     */
    public static Standardizer of(float[][] diffs, int dense) {
        int d = diffs.length == 0 ? dense : diffs[0].length;
        double[] squares = new double[d];
        for (float[] row : diffs) {
            for (int j = 0; j < d; j++) {
                squares[j] += (double) row[j] * row[j];
            }
        }
        double shared = 0;
        for (int j = 0; j < dense; j++) {
            shared += squares[j];
        }
        double[] scale = new double[d];
        int rows = Math.max(1, diffs.length);
        for (int j = 0; j < d; j++) {
            double rms = Math.sqrt((j < dense ? shared / dense : squares[j]) / rows);
            double width = j < dense ? rms : rms / COUNT_WEIGHT;
            scale[j] = rms > 1e-9 ? width : 1; // a column that never differs carries no weight whatever its scale
        }
        return new Standardizer(scale);
    }

    /** The same scales, less the columns that a model does not read. */
    public Standardizer only(IntPredicate reads) {
        double[] some = scale.clone();
        for (int j = 0; j < some.length; j++) {
            some[j] = reads.test(j) ? some[j] : Double.POSITIVE_INFINITY;
        }
        return new Standardizer(some);
    }

    /** The row divided by the scales, as a new row. */
    public float[] apply(float[] row) {
        float[] out = new float[row.length];
        for (int j = 0; j < row.length; j++) {
            out[j] = (float) (row[j] / scale[j]);
        }
        return out;
    }

    /** All rows divided by the scales, as new rows. */
    public float[][] apply(float[][] rows) {
        return Arrays.stream(rows).map(this::apply).toArray(float[][]::new);
    }

    /** The margin that weights on raw columns give a row that has been scaled. */
    public double margin(double[] rawWeights, float[] scaled) {
        double margin = 0;
        for (int j = 0; j < scaled.length; j++) {
            if (scale[j] != Double.POSITIVE_INFINITY) {
                margin += rawWeights[j] * scale[j] * scaled[j];
            }
        }
        return margin;
    }

    /** Weights on raw columns that give the same scores as these weights on scaled ones. */
    double[] unscale(double[] weights) {
        double[] raw = new double[weights.length];
        for (int j = 0; j < raw.length; j++) {
            raw[j] = weights[j] / scale[j];
        }
        return raw;
    }
}
