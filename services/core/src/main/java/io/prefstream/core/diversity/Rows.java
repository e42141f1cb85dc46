package io.prefstream.core.diversity;

import io.prefstream.core.stats.Hashes;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Checks rows of unit vectors and puts them into an order that depends on their ids alone. */
final class Rows {
    private static final double UNIT = 1e-3;

    private Rows() {}

    /** Indices of the rows in order of their ids' hashes. */
    static int[] order(String[] ids, long seed, String purpose) {
        long[] hash = new long[ids.length];
        for (int i = 0; i < hash.length; i++) {
            hash[i] = Hashes.of(seed, purpose, ids[i]);
        }
        Comparator<Integer> byHash = (a, b) -> Long.compareUnsigned(hash[a], hash[b]);
        return IntStream.range(0, ids.length)
                .boxed()
                .sorted(byHash.thenComparing(i -> ids[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /**
     * Length of the rows.
     *
     * @throws IllegalArgumentException when the rows are not unit vectors of one length, one an id
     */
    static int dimension(float[][] vectors, String[] ids) {
        if (vectors.length != ids.length) {
            throw new IllegalArgumentException(vectors.length + " vectors of " + ids.length + " ids");
        }
        int dimension = vectors.length == 0 ? 0 : vectors[0].length;
        for (int i = 0; i < vectors.length; i++) {
            double square = 0;
            for (float x : vectors[i]) {
                square += (double) x * x;
            }
            if (vectors[i].length != dimension || !(Math.abs(square - 1) < UNIT)) {
                throw new IllegalArgumentException("the vector of " + ids[i] + " is no unit vector of " + dimension
                        + " numbers: it has " + vectors[i].length + " and a squared length of " + square);
            }
        }
        return dimension;
    }
}
