package io.prefstream.ablation.domain;

/** Student's t distribution. */
final class Student {

    private static final int MOST_TERMS = 300;
    private static final double TINY = 1e-300;
    private static final double EXACT = 1e-15;

    private Student() {}

    /** Probability that a t variable of so many degrees of freedom lies further from 0 than t, on either side. */
    static double twoSided(double t, double freedom) {
        return Double.isInfinite(t) ? 0 : beta(freedom / (freedom + t * t), freedom / 2, 0.5);
    }

    /** The t that so much probability lies beyond, on both sides together, 0 to 1. */
    static double critical(double beyond, double freedom) {
        double low = 0;
        double high = 1;
        while (twoSided(high, freedom) > beyond) {
            high *= 2;
        }
        for (int i = 0; i < 200; i++) {
            double middle = (low + high) / 2;
            if (twoSided(middle, freedom) > beyond) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    /** Regularised incomplete beta function, by its continued fraction (Lentz 1976). */
    private static double beta(double x, double a, double b) {
        if (x <= 0 || x >= 1) {
            return x <= 0 ? 0 : 1;
        }
        if (x > (a + 1) / (a + b + 2)) {
            return 1 - beta(1 - x, b, a);
        }
        double front = StrictMath.exp(
                logGamma(a + b) - logGamma(a) - logGamma(b) + a * StrictMath.log(x) + b * StrictMath.log1p(-x));
        double c = 1;
        double d = 1 / keep(1 - (a + b) * x / (a + 1));
        double fraction = d;
        for (int m = 1; m < MOST_TERMS; m++) {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / keep(1 + even * d);
            c = keep(1 + even / c);
            fraction *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / keep(1 + odd * d);
            c = keep(1 + odd / c);
            fraction *= d * c;
            if (Math.abs(d * c - 1) < EXACT) {
                break;
            }
        }
        return front * fraction / a;
    }

    private static double keep(double value) {
        return Math.abs(value) < TINY ? TINY : value;
    }

    /** Natural logarithm of the gamma function (Stirling's series, after stepping up to 15). */
    private static double logGamma(double x) {
        double shift = 0;
        double y = x;
        while (y < 15) {
            shift -= StrictMath.log(y);
            y++;
        }
        double inverse = 1 / (y * y);
        double series = (1.0 / 12 - inverse * (1.0 / 360 - inverse * (1.0 / 1260 - inverse / 1680))) / y;
        return shift + (y - 0.5) * StrictMath.log(y) - y + 0.5 * StrictMath.log(2 * Math.PI) + series;
    }
}
