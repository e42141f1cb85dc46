package io.prefstream.ablation.domain;

import java.util.List;

/**
 * Mean and spread of a figure over repeats.
 *
 * @param n repeats that have the figure
 * @param mean their mean; NaN without any
 * @param deviation standard deviation with n - 1; NaN with fewer than two
 * @param half half of the 95 % interval of the mean (Student); NaN with fewer than two
 */
public record Spread(int n, double mean, double deviation, double half) {

    /** Of values, NaN left out. */
    public static Spread of(List<Double> values) {
        double[] finite = values.stream()
                .mapToDouble(v -> v)
                .filter(v -> !Double.isNaN(v))
                .toArray();
        int n = finite.length;
        double mean = 0;
        for (double v : finite) {
            mean += v / n;
        }
        if (n < 2) {
            return new Spread(n, n == 0 ? Double.NaN : mean, Double.NaN, Double.NaN);
        }
        double squares = 0;
        for (double v : finite) {
            squares += (v - mean) * (v - mean);
        }
        double deviation = Math.sqrt(squares / (n - 1));
        return new Spread(n, mean, deviation, deviation / Math.sqrt(n) * Student.critical(0.05, n - 1));
    }
}
