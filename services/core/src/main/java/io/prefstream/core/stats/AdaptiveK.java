package io.prefstream.core.stats;

/** How many neighbours a gold pair asks for: more, the less sure the best reward model is of it (method section 3.2). */
public final class AdaptiveK {
    /** Neighbours asked for by a gold pair that the model gets wrong. */
    public static final int MOST = 8;

    private AdaptiveK() {}

    /**
     * 8 when p is at most .5, else ceil(8 (1 - p)), with 1 - p = 1 / (1 + e^margin): 1 to 4.
     *
     * @param margin r_w - r_l in the order that the gold label says is right
     * @throws IllegalArgumentException when the margin is not a number
     */
    public static int of(double margin) {
        if (Double.isNaN(margin)) {
            throw new IllegalArgumentException("the margin is not a number");
        }
        if (margin <= 0) {
            return MOST;
        }
        return Math.max(1, (int) Math.ceil(MOST / (1 + StrictMath.exp(margin))));
    }
}
