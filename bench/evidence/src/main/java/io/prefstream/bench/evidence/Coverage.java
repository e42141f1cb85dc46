package io.prefstream.bench.evidence;

import java.util.Comparator;
import java.util.List;

/** Accuracy against coverage over p_right, of the pairs whose answer the product was not given. */
final class Coverage {

    /**
     * A pair.
     *
     * @param pRight the product's probability that its label is right
     * @param right whether it is
     */
    record Scored(double pRight, boolean right) {}

    private final List<Scored> falling;
    private final int pairs;

    /**
     * The curve of a pool.
     *
     * @param scored pairs that have a p_right
     * @param pairs all pairs, of which shares are taken
     */
    Coverage(List<Scored> scored, int pairs) {
        this.falling = scored.stream()
                .sorted(Comparator.comparingDouble(Scored::pRight).reversed())
                .toList();
        this.pairs = pairs;
    }

    /** Share of right labels among the pairs of highest p_right that make up this share of the pool; NaN when they don't. */
    double keep(double share) {
        int n = (int) Math.round(share * pairs);
        return n == 0 || n > falling.size() ? Double.NaN : rate(falling.subList(0, n), true);
    }

    /** Share of wrong labels among those of lowest p_right that make up this share of the pool; NaN when they don't. */
    double flip(double share) {
        int n = (int) Math.round(share * pairs);
        return n == 0 || n > falling.size()
                ? Double.NaN
                : rate(falling.subList(falling.size() - n, falling.size()), false);
    }

    private static double rate(List<Scored> some, boolean wanted) {
        return (double) some.stream().filter(s -> s.right() == wanted).count() / some.size();
    }
}
