package io.prefstream.core.verdict;

import io.prefstream.core.stats.Wilson;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * What gold supports: whether out-of-fold gold proves KEEP and FLIP at the thresholds in use.
 *
 * @param labels decided gold labels counted
 * @param base share of them whose original label is right
 * @param keep precision of KEEP on them
 * @param flip precision of FLIP on them
 */
public record Gates(long labels, double base, Region keep, Region flip) {
    /** Two-sided level of every interval. */
    public static final double LEVEL = 0.90;

    /** Lower bound that FLIP must reach. */
    public static final double FLIP_BOUND = 0.80;

    /** Gold pairs that FLIP needs in its region. */
    public static final int FLIP_LABELS = 20;

    /** Labels beyond which no answer is sought to how many would open a gate. */
    public static final long MOST_MORE = 2000;

    /**
     * Precision in a region of p_right.
     *
     * @param right decisions that gold agrees with
     * @param n gold pairs in the region
     * @param lower lower end of the 90 % Wilson interval
     * @param upper upper end
     * @param toHalve more gold labels that would halve the interval; 0 without any in the region
     * @param open whether verdicts of the region may be published
     */
    public record Region(long right, long n, double lower, double upper, long toHalve, boolean open) {
        /** Share that gold agrees with; NaN without any. */
        public double precision() {
            return n == 0 ? Double.NaN : (double) right / n;
        }
    }

    /**
     * Measures both gates.
     *
     * @param pRight out-of-fold p_right of decided gold; NaN where there is none, which counts to neither region
     * @param labelRight whether the original label is right
     * @param thresholds bounds of the regions
     */
    public static Gates of(double[] pRight, boolean[] labelRight, Thresholds thresholds) {
        int n = pRight.length;
        long right = 0;
        long keepN = 0;
        long keepRight = 0;
        long flipN = 0;
        long flipRight = 0;
        for (int i = 0; i < n; i++) {
            right += labelRight[i] ? 1 : 0;
            if (pRight[i] >= thresholds.keep()) {
                keepN++;
                keepRight += labelRight[i] ? 1 : 0;
            } else if (pRight[i] <= thresholds.flip()) {
                flipN++;
                flipRight += labelRight[i] ? 0 : 1;
            }
        }
        double base = n == 0 ? Double.NaN : (double) right / n;
        return new Gates(
                n,
                base,
                region(keepRight, keepN, n, opensKeep(keepRight, keepN, base)),
                region(flipRight, flipN, n, opensFlip(flipRight, flipN)));
    }

    /**
     * How many more gold labels in KEEP's region, all of which agree, would open its gate.
     *
     * @param right gold pairs in the region that agree
     * @param n gold pairs in the region
     * @param labels decided gold labels counted in all
     * @param labelRight those of them whose original label is right
     * @return 0 when it is open; empty when {@link #MOST_MORE} would not do
     */
    public static OptionalLong moreToOpenKeep(long right, long n, long labels, long labelRight) {
        return LongStream.rangeClosed(0, MOST_MORE)
                .filter(m -> opensKeep(right + m, n + m, (double) (labelRight + m) / (labels + m)))
                .findFirst();
    }

    /** The same for FLIP, where a label agrees that calls the original label wrong. */
    public static OptionalLong moreToOpenFlip(long right, long n) {
        return LongStream.rangeClosed(0, MOST_MORE)
                .filter(m -> opensFlip(right + m, n + m))
                .findFirst();
    }

    private static boolean opensKeep(long right, long n, double base) {
        return n > 0 && Wilson.lower(right, n, LEVEL) > base;
    }

    private static boolean opensFlip(long right, long n) {
        return n >= FLIP_LABELS && Wilson.lower(right, n, LEVEL) >= FLIP_BOUND;
    }

    private static Region region(long right, long n, long total, boolean open) {
        return new Region(
                right,
                n,
                Wilson.lower(right, n, LEVEL),
                Wilson.upper(right, n, LEVEL),
                Wilson.labelsToHalve(right, n, total, LEVEL),
                open);
    }
}
