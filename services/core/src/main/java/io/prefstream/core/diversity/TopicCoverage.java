package io.prefstream.core.diversity;

/** How evenly pairs lie over topics. Stateless; any thread. */
public final class TopicCoverage {
    private TopicCoverage() {}

    /**
     * Effective number of topics: e to the entropy of their shares. From 1, all in one topic, to the number of topics, all
     * alike; 0 when there are no pairs.
     *
     * @param sizes pairs in each topic, not negative
     * @see <a href="https://doi.org/10.2307/1934352">M. O. Hill, Diversity and Evenness, 1973</a>
     */
    public static double effectiveTopics(int[] sizes) {
        double total = 0;
        for (int size : sizes) {
            total += size;
        }
        if (total == 0) {
            return 0;
        }
        double entropy = 0;
        for (int size : sizes) {
            if (size > 0) {
                entropy -= size / total * StrictMath.log(size / total);
            }
        }
        return StrictMath.exp(entropy);
    }
}
