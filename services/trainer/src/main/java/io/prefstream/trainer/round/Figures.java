package io.prefstream.trainer.round;

import io.prefstream.core.reward.RightnessCalibrator.Input;
import io.prefstream.core.stats.Logistic;
import io.prefstream.core.verdict.GoldFigures;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Tells how the models' verdicts agree with people, and accuracy against coverage, as rows of cells for the report. */
final class Figures {
    private Figures() {}

    /**
     * Tells both.
     *
     * @param inputs out-of-fold margins of decided gold; 0 without a score
     * @param pRight its out-of-fold p_right
     * @param right whether the original label is right
     */
    static void tell(Map<String, String> told, List<Input> inputs, double[] pRight, boolean[] right) {
        int place = 0;
        for (GoldFigures.Agreement row :
                GoldFigures.agreement(probabilities(inputs, true), probabilities(inputs, false), right)) {
            place++;
            told.put("figures/" + place + " " + row.by(), cells("keep", row.keep()) + " " + cells("flip", row.flip()));
        }
        for (GoldFigures.Point point : GoldFigures.curve(pRight, right)) {
            told.put(
                    String.format(Locale.ROOT, "coverage/%.2f", point.certainty()),
                    String.format(Locale.ROOT, "coverage=%.3f ", point.coverage()) + cells("decided", point.decided()));
        }
    }

    private static double[] probabilities(List<Input> inputs, boolean best) {
        return inputs.stream()
                .mapToDouble(input -> best ? input.best() : input.gold())
                .map(margin -> margin == 0 ? Double.NaN : Logistic.sigmoid(margin))
                .toArray();
    }

    /** Cells of a share. */
    static String cells(String what, GoldFigures.Share share) {
        String interval = String.format(Locale.ROOT, "%.3f..%.3f", share.lower(), share.upper());
        String precision = share.n() == 0 ? "-" : String.format(Locale.ROOT, "%.3f", share.value());
        return what + "=" + share.n() + " " + what + "_right=" + share.right() + " " + what + "_precision=" + precision
                + " " + what + "_interval=" + interval;
    }
}
