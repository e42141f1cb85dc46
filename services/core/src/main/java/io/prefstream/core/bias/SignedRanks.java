package io.prefstream.core.bias;

import java.util.Arrays;

/** Ranks of values that change their sign when a pair is turned round. Stateless; any thread. */
final class SignedRanks {

    private SignedRanks() {}

    /**
     * Spearman's rank correlation over both orders of every pair, (a, b) and (-a, -b): which side a pair was stored on has no
     * effect. Ties share their mean rank.
     *
     * @return -1 to 1; NaN when all values of a side are 0
     */
    static double correlation(double[] a, double[] b) {
        double[] ra = ranks(a);
        double[] rb = ranks(b);
        double product = 0;
        double squareA = 0;
        double squareB = 0;
        for (int i = 0; i < ra.length; i++) {
            product += ra[i] * rb[i];
            squareA += ra[i] * ra[i];
            squareB += rb[i] * rb[i];
        }
        return squareA == 0 || squareB == 0 ? Double.NaN : product / Math.sqrt(squareA * squareB);
    }

    /** Twice the rank of each value among all values and their negatives, less the mean rank. */
    private static double[] ranks(double[] values) {
        double[] sizes = Arrays.stream(values).map(Math::abs).sorted().toArray();
        double[] ranks = new double[values.length];
        for (int i = 0; i < ranks.length; i++) {
            double size = Math.abs(values[i]);
            int smaller = first(sizes, size, false);
            int greater = sizes.length - first(sizes, size, true);
            ranks[i] = Math.signum(values[i]) * (sizes.length + smaller - greater);
        }
        return ranks;
    }

    /** How many of the sorted sizes are below one, or not above it. */
    private static int first(double[] sizes, double size, boolean above) {
        int low = 0;
        int high = sizes.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (above ? sizes[middle] <= size : sizes[middle] < size) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
