package io.prefstream.core.verdict;

/**
 * Bounds on p_right.
 *
 * @param keep kept from here up
 * @param flip flipped from here down
 */
public record Thresholds(double keep, double flip) {
    /** .85 and .10. */
    public static final Thresholds DEFAULT = new Thresholds(0.85, 0.10);

    /** Checks 0 <= flip < keep <= 1. */
    public Thresholds {
        if (!(flip >= 0 && flip < keep && keep <= 1)) {
            throw new IllegalArgumentException("need 0 <= flip < keep <= 1, not flip " + flip + ", keep " + keep);
        }
    }
}
