package io.prefstream.ablation.domain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Student's paired t-test of two ways measured on the same repeats, whose variance is corrected for what the repeats share
 * (Nadeau and Bengio 2003).
 *
 * @param n repeats in which both were measured
 * @param difference mean of the first less the second
 * @param standardError of that mean
 * @param low lower end of its 95 % interval
 * @param high upper end
 * @param t statistic, with n - 1 degrees of freedom
 * @param p two-sided probability of a difference as far from 0 by chance, not corrected for other tests; NaN with fewer than two
 *     repeats, or where all differ by the same
 */
public record PairedTest(int n, double difference, double standardError, double low, double high, double t, double p) {

    private static final double LEVEL = 0.05;
    private static final double TINY = 1e-24; // squares of rounding errors

    /**
     * Tests a against b, which are paired by their place; a pair with a NaN is left out.
     *
     * @param shared test items a training item, where every repeat draws both anew from one set: the variance of the mean is taken
     *     as (1/n + shared) times that of the differences. 0 for repeats that share nothing; 1 for repeats that are the bootstrap
     *     samples of one set, whose spread is the standard error itself.
     */
    public static PairedTest of(List<Double> a, List<Double> b, double shared) {
        double[] differences = new double[Math.min(a.size(), b.size())];
        int n = 0;
        for (int i = 0; i < differences.length; i++) {
            double difference = a.get(i) - b.get(i);
            if (!Double.isNaN(difference)) {
                differences[n++] = difference;
            }
        }
        double mean = 0;
        for (int i = 0; i < n; i++) {
            mean += differences[i] / n;
        }
        double squares = 0;
        for (int i = 0; i < n; i++) {
            squares += (differences[i] - mean) * (differences[i] - mean);
        }
        if (n < 2 || squares < TINY) {
            return new PairedTest(
                    n, n == 0 ? Double.NaN : mean, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
        }
        double error = Math.sqrt(squares / (n - 1) * (1.0 / n + shared));
        double t = mean / error;
        double half = error * Student.critical(LEVEL, n - 1);
        return new PairedTest(n, mean, error, mean - half, mean + half, t, Student.twoSided(t, n - 1));
    }

    /**
     * Holm's (1979) correction: the probabilities of several tests, raised so that the chance of any false alarm among all of them
     * stays what is read off each. NaN stays NaN and counts for no test.
     */
    public static List<Double> holm(List<Double> p) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < p.size(); i++) {
            if (!Double.isNaN(p.get(i))) {
                order.add(i);
            }
        }
        order.sort(Comparator.comparingDouble(p::get));
        List<Double> adjusted = new ArrayList<>(p);
        double before = 0;
        for (int rank = 0; rank < order.size(); rank++) {
            before = Math.min(1, Math.max(before, (order.size() - rank) * p.get(order.get(rank))));
            adjusted.set(order.get(rank), before);
        }
        return adjusted;
    }
}
