package io.prefstream.core.stats;

import java.util.Arrays;

/** Farthest-first selection (Gonzalez 1985): a small set that leaves no point far from it. Stateless; any thread. */
public final class KCenterGreedy {
    private KCenterGreedy() {}

    /**
     * Picks rows, each the farthest (least cosine) from those picked before; the first, and every tie, by hash.
     *
     * @param vectors unit vectors, one a row
     * @param ids ids of the rows, distinct
     * @param count how many to pick; all rows when there are fewer
     * @return indices of the picks, in order
     */
    public static int[] select(float[][] vectors, String[] ids, int count, long seed) {
        int n = vectors.length;
        int wanted = Math.min(count, n);
        long[] hash = new long[n];
        for (int i = 0; i < n; i++) {
            hash[i] = Hashes.of(seed, "k-center", ids[i]);
        }
        double[] nearest = new double[n];
        Arrays.fill(nearest, Double.NEGATIVE_INFINITY);
        boolean[] taken = new boolean[n];
        int[] picks = new int[wanted];
        for (int p = 0; p < wanted; p++) {
            int best = -1;
            for (int i = 0; i < n; i++) {
                if (!taken[i] && (best < 0 || before(nearest, hash, ids, i, best))) {
                    best = i;
                }
            }
            picks[p] = best;
            taken[best] = true;
            for (int i = 0; i < n; i++) {
                if (!taken[i]) {
                    nearest[i] = Math.max(nearest[i], Vectors.dot(vectors[best], vectors[i]));
                }
            }
        }
        return picks;
    }

    private static boolean before(double[] nearest, long[] hash, String[] ids, int i, int j) {
        if (nearest[i] != nearest[j]) {
            return nearest[i] < nearest[j];
        }
        int byHash = Long.compareUnsigned(hash[i], hash[j]);
        return byHash != 0 ? byHash < 0 : ids[i].compareTo(ids[j]) < 0;
    }
}
