package io.prefstream.core.calibration;

import io.prefstream.core.stats.Logistic;
import java.util.Map;
import java.util.TreeMap;

/**
 * What gold says of a model's margins, every one of them by a member that has not seen the pair.
 *
 * @param correct labels that the model ranks right; a margin of 0 is wrong
 * @param temperature temperature fitted on all the labels, to use the model with
 * @param raw of the margins as they are
 * @param calibrated of the margins over the temperature, each label at one fitted without its fold
 */
public record Calibration(int correct, double temperature, Reliability raw, Reliability calibrated) {

    /**
     * Measures a model.
     *
     * @param margins margins of gold pairs in their original order, at least one
     * @param right whether the original label is right
     * @param folds fold of each pair, from 0
     * @param k number of folds
     */
    public static Calibration of(double[] margins, boolean[] right, int[] folds, int k) {
        int correct = 0;
        double[] p = new double[margins.length];
        for (int i = 0; i < p.length; i++) {
            correct += margins[i] != 0 && margins[i] > 0 == right[i] ? 1 : 0;
            p[i] = Logistic.sigmoid(margins[i]);
        }
        return new Calibration(
                correct,
                Temperature.fit(margins, right),
                Reliability.of(p, right),
                Reliability.of(Temperature.outOfFold(margins, right, folds, k), right));
    }

    /** All figures by the name under which a checkpoint carries them; the reliability bins that hold labels, by number. */
    public Map<String, Double> metrics() {
        Map<String, Double> metrics = new TreeMap<>();
        metrics.put("gold_correct", (double) correct);
        metrics.put("gold_decided", (double) raw.labels());
        metrics.put("temperature", temperature);
        put(metrics, "", raw);
        put(metrics, "_calibrated", calibrated);
        for (int b = 0; b < Reliability.BINS; b++) {
            Reliability.Bin bin = calibrated.bins().get(b);
            if (bin.labels() > 0) {
                metrics.put("reliability_" + b + "_labels", (double) bin.labels());
                metrics.put("reliability_" + b + "_said", bin.said());
                metrics.put("reliability_" + b + "_right", bin.right());
            }
        }
        return metrics;
    }

    private static void put(Map<String, Double> metrics, String suffix, Reliability of) {
        metrics.put("log_loss" + suffix, of.logLoss());
        metrics.put("brier" + suffix, of.brier());
        metrics.put("ece" + suffix, of.ece());
        metrics.put("ece_adaptive" + suffix, of.adaptiveEce());
    }
}
