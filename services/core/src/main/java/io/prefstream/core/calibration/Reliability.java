package io.prefstream.core.calibration;

import io.prefstream.core.stats.Logistic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * How far probabilities hold on labels. A model's confidence in a pair is the probability of the answer that it prefers, .5 to
 * 1; where it prefers none it counts as half right. Few labels alone make an expected calibration error: about .04 to .08 with
 * 100 labels under a model without fault.
 *
 * @param labels labels counted
 * @param logLoss mean -ln of the probability given to what the label says, nats; ln 2 = .693 for knowing nothing
 * @param brier mean squared difference from the label, 0 to 1; .25 for knowing nothing
 * @param ece expected calibration error over ten bins of equal width on .5 to 1 (Naeini et al. 2015), 0 to 1
 * @param adaptiveEce the same over ten bins of as near as possible equally many labels (Nguyen and O'Connor 2015)
 * @param bins the bins of equal width, ten; an empty one has no labels
 */
public record Reliability(int labels, double logLoss, double brier, double ece, double adaptiveEce, List<Bin> bins) {

    /** Number of bins. */
    public static final int BINS = 10;

    /**
     * Pairs of like confidence.
     *
     * @param labels labels in it
     * @param said mean confidence, 0 when empty
     * @param right share ranked right, 0 when empty
     */
    public record Bin(int labels, double said, double right) {}

    private record Bet(double confidence, double hit) {}

    /**
     * Measures probabilities.
     *
     * @param p probability that the chosen answer is better, one a label
     * @param right whether it is
     * @throws IllegalArgumentException without any label
     */
    public static Reliability of(double[] p, boolean[] right) {
        if (p.length == 0) {
            throw new IllegalArgumentException("nothing can be said of no label");
        }
        double logLoss = 0;
        double brier = 0;
        List<Bet> bets = new ArrayList<>();
        for (int i = 0; i < p.length; i++) {
            double target = right[i] ? 1 : 0;
            logLoss += Logistic.loss(Logistic.logit(p[i]), target);
            brier += (p[i] - target) * (p[i] - target);
            double hit = p[i] == 0.5 ? 0.5 : p[i] > 0.5 == right[i] ? 1 : 0;
            bets.add(new Bet(Math.max(p[i], 1 - p[i]), hit));
        }
        bets.sort(Comparator.comparingDouble(Bet::confidence).thenComparingDouble(Bet::hit));
        int[] width = new int[p.length];
        int[] mass = new int[p.length];
        for (int i = 0; i < p.length; i++) {
            width[i] = Math.min(BINS - 1, (int) ((bets.get(i).confidence() - 0.5) * 2 * BINS));
            mass[i] = (int) ((long) i * BINS / p.length);
        }
        List<Bin> bins = bins(bets, width);
        return new Reliability(
                p.length, logLoss / p.length, brier / p.length, error(bins), error(bins(bets, mass)), bins);
    }

    private static List<Bin> bins(List<Bet> bets, int[] places) {
        int[] labels = new int[BINS];
        double[] said = new double[BINS];
        double[] right = new double[BINS];
        for (int i = 0; i < places.length; i++) {
            labels[places[i]]++;
            said[places[i]] += bets.get(i).confidence();
            right[places[i]] += bets.get(i).hit();
        }
        Bin[] bins = new Bin[BINS];
        for (int b = 0; b < BINS; b++) {
            int n = Math.max(1, labels[b]);
            bins[b] = new Bin(labels[b], said[b] / n, right[b] / n);
        }
        return Arrays.asList(bins);
    }

    private static double error(List<Bin> bins) {
        double error = 0;
        int labels = 0;
        for (Bin bin : bins) {
            error += bin.labels() * Math.abs(bin.right() - bin.said());
            labels += bin.labels();
        }
        return error / labels;
    }
}
