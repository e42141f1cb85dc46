package io.prefstream.bench.evidence;

import io.prefstream.core.reward.BradleyTerryHead;
import io.prefstream.core.reward.Standardizer;
import java.util.Arrays;
import java.util.List;

/**
 * Trains the product's reward head on some labels and measures it on pairs that no model has seen. Every training set has the
 * same features, scales and penalty, so that only the labels differ.
 */
final class Ranking {

    /** Penalty of every head, the product's for curated labels ({@code Families.CURATED_L2}). */
    static final double L2 = 0.3;

    private static final int ENCODER_COLUMNS = 384;

    /**
     * A labelled pair to train on.
     *
     * @param diff raw features of the chosen less those of the rejected answer
     * @param right whether the chosen answer is called better
     */
    record Example(float[] diff, boolean right) {}

    private final Standardizer scales;
    private final List<float[]> unseen;

    /**
     * Measures on these pairs.
     *
     * @param pool raw differences of the whole pool, from which the scales come
     * @param unseen raw differences, better less worse
     */
    Ranking(List<float[]> pool, List<float[]> unseen) {
        this.scales = Standardizer.of(pool.toArray(float[][]::new), ENCODER_COLUMNS);
        this.unseen = unseen;
    }

    /** Share of the unseen pairs that a head trained on the examples ranks right; .5 without examples. */
    double accuracy(List<Example> examples) {
        float[][] diffs = examples.stream().map(e -> scales.apply(e.diff())).toArray(float[][]::new);
        double[] targets = examples.stream().mapToDouble(e -> e.right() ? 1 : 0).toArray();
        BradleyTerryHead head = BradleyTerryHead.fit("0".repeat(64), scales, diffs, targets, null, L2);
        double right = 0;
        for (float[] diff : unseen) {
            double margin = head.margin(diff);
            right += margin > 0 ? 1 : margin == 0 ? 0.5 : 0;
        }
        return unseen.isEmpty() ? Double.NaN : right / unseen.size();
    }

    /** Differences of the other answers: the same pair seen from the rejected one. */
    static float[] reversed(float[] diff) {
        float[] out = Arrays.copyOf(diff, diff.length);
        for (int i = 0; i < out.length; i++) {
            out[i] = -out[i];
        }
        return out;
    }
}
