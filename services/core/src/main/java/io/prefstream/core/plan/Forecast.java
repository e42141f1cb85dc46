package io.prefstream.core.plan;

import java.util.Arrays;

/**
 * What judging will cost in all, from a probe: the cost of pairs drawn at random, times a number of pairs that is itself an
 * estimate.
 *
 * <p>The cost is {@code spent + N m}, m the probe's mean. Its variance is {@code m^2 var(N) + N^2 s^2 / n + N s^2}: the number of
 * pairs, the mean and the pairs' own spread, by the delta method. The interval is normal at 90 %, no less than what is spent
 * and no more than the cap.
 *
 * @param probed pairs of the probe
 * @param mean US dollars a pair
 * @param sd standard deviation of a pair's cost
 * @param pairs pairs that are still to be judged, by estimate
 * @param low lower end, US dollars in all
 * @param usd US dollars in all
 * @param high upper end
 */
public record Forecast(int probed, double mean, double sd, double pairs, double low, double usd, double high) {

    private static final double Z = 1.6448536269514722; // 90 %, two-sided

    /**
     * How many pairs are still to be judged.
     *
     * @param mean expected number
     * @param sd its standard deviation
     * @param most pairs for which calls are left
     */
    public record Pairs(double mean, double sd, double most) {

        /** Pairs that are known, and of so many others a share that was seen in {@code hits} of {@code n} labels. */
        public static Pairs of(long known, long others, long hits, long n, double most) {
            double share = (hits + 1.0) / (n + 2.0); // Laplace's rule: no label seen is no certainty
            double sd = others * Math.sqrt(share * (1 - share) / (n + 3.0));
            return new Pairs(known + others * share, sd, most);
        }
    }

    /**
     * Forecasts from a probe.
     *
     * @param costs US dollars that each probed pair cost, one or more
     * @param spent US dollars spent so far
     * @param cap most US dollars that may be spent
     */
    public static Forecast of(double[] costs, Pairs pairs, double spent, double cap) {
        int n = costs.length;
        double mean = Arrays.stream(costs).average().orElseThrow();
        double squares = Arrays.stream(costs).map(c -> (c - mean) * (c - mean)).sum();
        double variance = n < 2 ? mean * mean : squares / (n - 1); // one pair says nothing of the spread
        double left = Math.min(pairs.mean, pairs.most);
        double spread = Math.sqrt(mean * mean * pairs.sd * pairs.sd + left * left * variance / n + left * variance);
        double most = Math.max(spent, Math.min(cap, spent + pairs.most * (mean + Z * Math.sqrt(variance / n))));
        double usd = spent + left * mean;
        return new Forecast(
                n,
                mean,
                Math.sqrt(variance),
                left,
                Math.min(most, Math.max(spent, usd - Z * spread)),
                Math.min(most, usd),
                Math.min(most, usd + Z * spread));
    }
}
