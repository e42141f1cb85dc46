package io.prefstream.core.select;

import io.prefstream.core.stats.Vectors;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * How sure a Bradley-Terry head is of its weights: the Laplace approximation of their posterior (MacKay 1992). Its precision
 * is prior I + sum over the labelled rows of p (1 - p) x x'. A row to be labelled adds the same term; the log determinant of
 * the precision, which D-optimal designs raise, then grows by log(1 + p (1 - p) x' S x), S the covariance (Chaloner and
 * Verdinelli 1995). Which way a row will be labelled plays no part. Not thread-safe.
 */
public final class HeadPosterior {

    private final double[][] covariance;

    private HeadPosterior(double[][] covariance) {
        this.covariance = covariance;
    }

    /**
     * The posterior after these labels.
     *
     * @param rows scaled differences of the labelled pairs, one a row
     * @param information p (1 - p) of each row under the head, 0 to .25
     * @param columns length of a row
     * @param prior precision of each weight before any label, above 0: penalty times number of rows
     */
    public static HeadPosterior of(float[][] rows, double[] information, int columns, double prior) {
        double[][] precision = new double[columns][columns];
        for (int j = 0; j < columns; j++) {
            precision[j][j] = prior;
        }
        for (int i = 0; i < rows.length; i++) {
            float[] x = rows[i];
            for (int j = 0; j < columns; j++) {
                double scaled = information[i] * x[j];
                for (int k = 0; k <= j; k++) {
                    precision[j][k] += scaled * x[k];
                }
            }
        }
        return new HeadPosterior(inverse(precision));
    }

    /** x' S x: variance of the head's margin of a row. */
    public double variance(float[] x) {
        return Vectors.dot(times(x), x);
    }

    /** Adds a row that is to be labelled (Sherman and Morrison 1950). */
    public void add(float[] x, double information) {
        double[] sx = times(x);
        double share = information / (1 + information * Vectors.dot(sx, x));
        for (int j = 0; j < sx.length; j++) {
            double scaled = share * sx[j];
            for (int k = 0; k < sx.length; k++) {
                covariance[j][k] -= scaled * sx[k];
            }
        }
    }

    /**
     * Picks rows one by one, each the one that raises the log determinant most after those before it, ties by place; the
     * determinant is submodular in the rows, so that this is within 1 - 1/e of the best set (Nemhauser et al. 1978).
     *
     * @param rows scaled differences, one a row
     * @param information p (1 - p) of each row under the head
     * @param count most picks
     * @param admits asked once about a row that is next; a row that it turns away is left out
     * @return places of the picks in order, and what each adds to the log determinant; the posterior then holds them
     */
    public Design design(float[][] rows, double[] information, int count, IntPredicate admits) {
        double[] variance = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            variance[i] = variance(rows[i]);
        }
        boolean[] closed = new boolean[rows.length];
        int[] picks = new int[Math.min(count, rows.length)];
        double[] gains = new double[picks.length];
        int taken = 0;
        while (taken < picks.length) {
            int best = -1;
            for (int i = 0; i < rows.length; i++) {
                if (!closed[i] && (best < 0 || information[i] * variance[i] > information[best] * variance[best])) {
                    best = i;
                }
            }
            if (best < 0) {
                break;
            }
            closed[best] = true;
            if (!admits.test(best)) {
                continue;
            }
            picks[taken] = best;
            gains[taken++] = StrictMath.log1p(information[best] * variance[best]);
            double[] sx = times(rows[best]);
            double share = information[best] / (1 + information[best] * variance[best]);
            add(rows[best], information[best]);
            for (int i = 0; i < rows.length; i++) {
                if (!closed[i]) {
                    double shared = Vectors.dot(sx, rows[i]);
                    variance[i] = Math.max(0, variance[i] - share * shared * shared);
                }
            }
        }
        return new Design(Arrays.copyOf(picks, taken), Arrays.copyOf(gains, taken));
    }

    /**
     * Rows picked.
     *
     * @param rows places of the rows, in order
     * @param gains what each adds to the log determinant, nats, never rising
     */
    public record Design(int[] rows, double[] gains) {}

    private double[] times(float[] x) {
        double[] out = new double[x.length];
        for (int j = 0; j < x.length; j++) {
            out[j] = Vectors.dot(covariance[j], x);
        }
        return out;
    }

    /** Inverse of a positive definite matrix by Cholesky; only its lower half is read, and it is overwritten. */
    private static double[][] inverse(double[][] a) {
        int n = a.length;
        for (int j = 0; j < n; j++) {
            for (int i = j; i < n; i++) {
                double sum = a[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= a[i][k] * a[j][k];
                }
                if (i == j && !(sum > 0)) {
                    throw new IllegalArgumentException("the precision is not positive definite");
                }
                a[i][j] = i == j ? Math.sqrt(sum) : sum / a[j][j];
            }
        }
        // Column c of L^-1 as row c, so that inner loops run along rows.
        double[][] lower = new double[n][n];
        for (int c = 0; c < n; c++) {
            lower[c][c] = 1 / a[c][c];
            for (int i = c + 1; i < n; i++) {
                double sum = 0;
                for (int k = c; k < i; k++) {
                    sum -= a[i][k] * lower[c][k];
                }
                lower[c][i] = sum / a[i][i];
            }
        }
        double[][] out = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = 0;
                for (int k = i; k < n; k++) {
                    sum += lower[i][k] * lower[j][k];
                }
                out[i][j] = sum;
                out[j][i] = sum;
            }
        }
        return out;
    }
}
