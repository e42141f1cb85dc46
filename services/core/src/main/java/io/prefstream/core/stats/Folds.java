package io.prefstream.core.stats;

/** The fold of a pair: a function of seed and pair id alone, so every stage finds the same one. Stateless; any thread. */
public final class Folds {
    /** Folds of the pool head and of the gold head. */
    public static final int DEFAULT = 5;

    private Folds() {}

    /**
     * Fold in 0..k-1.
     *
     * @param k number of folds, at least 2
     */
    public static int of(long seed, String pairId, int k) {
        if (k < 2) {
            throw new IllegalArgumentException("at least 2 folds, not " + k);
        }
        return (int) Long.remainderUnsigned(Hashes.of(seed, "fold/1", pairId), k);
    }
}
