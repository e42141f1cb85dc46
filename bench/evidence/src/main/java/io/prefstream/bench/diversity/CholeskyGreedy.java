package io.prefstream.bench.diversity;

import io.prefstream.core.diversity.DiverseSubset;
import io.prefstream.core.stats.Vectors;
import java.util.stream.IntStream;

/**
 * Greedy MAP as published (Chen, Zhang and Zhou 2018), every row after every pick: the yardstick. Keeps the rows of the Cholesky
 * factor in single precision, count times picks.
 */
final class CholeskyGreedy {
    private CholeskyGreedy() {}

    /** The picks, in order; ties by index. */
    static int[] select(float[][] vectors, double[] quality, int count) {
        int n = vectors.length;
        float[][] factor = new float[n][count];
        double[] gain = new double[n];
        boolean[] taken = new boolean[n];
        for (int i = 0; i < n; i++) {
            gain[i] = quality[i] * quality[i];
        }
        int[] picks = new int[count];
        for (int t = 0; t < count; t++) {
            int best = -1;
            for (int i = 0; i < n; i++) {
                if (!taken[i] && (best < 0 || gain[i] > gain[best])) {
                    best = i;
                }
            }
            picks[t] = best;
            taken[best] = true;
            int j = best;
            int step = t;
            double root = Math.sqrt(gain[j]);
            IntStream.range(0, n).parallel().filter(i -> !taken[i]).forEach(i -> {
                double similarity = (1 - DiverseSubset.RIDGE) * (1 + Vectors.dot(vectors[j], vectors[i])) / 2;
                double element = (quality[j] * quality[i] * similarity - dot(factor[j], factor[i], step)) / root;
                factor[i][step] = (float) element;
                gain[i] -= element * element;
            });
        }
        return picks;
    }

    private static double dot(float[] a, float[] b, int length) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (int end = length - 3; i < end; i += 4) {
            s0 += (double) a[i] * b[i];
            s1 += (double) a[i + 1] * b[i + 1];
            s2 += (double) a[i + 2] * b[i + 2];
            s3 += (double) a[i + 3] * b[i + 3];
        }
        for (; i < length; i++) {
            s0 += (double) a[i] * b[i];
        }
        return s0 + s1 + (s2 + s3);
    }
}
