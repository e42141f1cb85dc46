package io.prefstream.core.stats;

/** The logistic function, its inverse and its loss on StrictMath, finite everywhere. Stateless; any thread. */
public final class Logistic {
    private static final double TINY = 1e-12;

    private Logistic() {}

    /** 1 / (1 + e^-x), in [0, 1]. */
    public static double sigmoid(double x) {
        if (x >= 0) {
            return 1 / (1 + StrictMath.exp(-x));
        }
        double e = StrictMath.exp(x);
        return e / (1 + e);
    }

    /** ln(p / (1 - p)); p is first brought within 1e-12 of the ends. */
    public static double logit(double p) {
        double q = Math.min(1 - TINY, Math.max(TINY, p));
        return StrictMath.log(q / (1 - q));
    }

    /** Cross entropy of target probability t against sigmoid(x). */
    public static double loss(double x, double t) {
        double softplus = x > 0 ? x + StrictMath.log1p(StrictMath.exp(-x)) : StrictMath.log1p(StrictMath.exp(x));
        return softplus - t * x;
    }
}
