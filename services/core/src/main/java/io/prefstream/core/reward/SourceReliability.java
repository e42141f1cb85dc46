package io.prefstream.core.reward;

import java.util.HashMap;
import java.util.Map;

/** How often the pool's own label is right, by task category, shrunk to the overall rate. Not thread-safe. */
public final class SourceReliability {
    private static final double PSEUDO = 20;

    private final Map<String, long[]> byCategory = new HashMap<>();
    private long right;
    private long n;

    /** Counts one decided gold pair. */
    public void add(String category, boolean labelRight) {
        long[] counts = byCategory.computeIfAbsent(category, c -> new long[2]);
        counts[0] += labelRight ? 1 : 0;
        counts[1]++;
        right += labelRight ? 1 : 0;
        n++;
    }

    /** Overall rate with one pseudo-count each way, in (0, 1). */
    public double overall() {
        return (right + 1.0) / (n + 2.0);
    }

    /** Rate of a category, shrunk to the overall rate with 20 pseudo-counts, in (0, 1). */
    public double of(String category) {
        long[] counts = byCategory.getOrDefault(category, new long[2]);
        return (counts[0] + PSEUDO * overall()) / (counts[1] + PSEUDO);
    }
}
