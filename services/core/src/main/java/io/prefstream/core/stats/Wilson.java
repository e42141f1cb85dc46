package io.prefstream.core.stats;

/** Wilson's score interval of a proportion (Wilson 1927). Level is two-sided: at .90 each end has 5 % beyond. Any thread. */
public final class Wilson {
    private Wilson() {}

    /** Lower end in [0, 1]; 0 when n is 0. */
    public static double lower(long successes, long n, double level) {
        return lower((double) successes, n, level);
    }

    /** Upper end in [0, 1]; 1 when n is 0. */
    public static double upper(long successes, long n, double level) {
        return upper((double) successes, n, level);
    }

    /** Lower end where items may earn a share of a success, so that their sum is no whole number. */
    public static double lower(double credit, long n, double level) {
        return n == 0 ? 0 : Math.max(0, centre(credit, n, level) - half(credit, n, level));
    }

    /** Upper end where items may earn a share of a success. */
    public static double upper(double credit, long n, double level) {
        return n == 0 ? 1 : Math.min(1, centre(credit, n, level) + half(credit, n, level));
    }

    /**
     * How many more labels of the same rate halve the interval.
     *
     * @param total labels in all, of which n fell into the region; more labels fall into it at the same share
     * @return labels to add to {@code total}; 0 when n is 0, where nothing can be said
     */
    public static long labelsToHalve(long successes, long n, long total, double level) {
        if (n == 0) {
            return 0;
        }
        double target = width((double) successes / n, n, level) / 2;
        long low = n;
        long high = 8 * n + 8;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (width((double) successes / n, middle, level) <= target) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return (long) Math.ceil((double) (low - n) * total / n);
    }

    private static double width(double rate, long n, double level) {
        double z = z(level);
        return 2 * z / (1 + z * z / n) * Math.sqrt(rate * (1 - rate) / n + z * z / (4.0 * n * n));
    }

    private static double centre(double successes, long n, double level) {
        if (successes < 0 || successes > n) {
            throw new IllegalArgumentException(successes + " successes of " + n);
        }
        double z = z(level);
        return (successes / n + z * z / (2.0 * n)) / (1 + z * z / n);
    }

    private static double half(double successes, long n, double level) {
        return width(successes / n, n, level) / 2;
    }

    private static double z(double level) {
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException("level must lie between 0 and 1, not " + level);
        }
        // Bisection on the error function's series: exact to 1e-12 and free of tabled constants.
        double low = 0;
        double high = 10;
        for (int i = 0; i < 60; i++) {
            double middle = (low + high) / 2;
            if (within(middle) < level) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    /** Mass of the standard normal within z of 0: sqrt(2/pi) e^(-z²/2) (z + z³/3 + z⁵/15 + ...). */
    private static double within(double z) {
        double term = z;
        double sum = z;
        for (int k = 3; term > sum * 1e-17; k += 2) {
            term *= z * z / k;
            sum += term;
        }
        return Math.sqrt(2 / Math.PI) * StrictMath.exp(-z * z / 2) * sum;
    }
}
