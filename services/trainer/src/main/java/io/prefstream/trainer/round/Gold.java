package io.prefstream.trainer.round;

import io.prefstream.core.reward.RightnessCalibrator;
import io.prefstream.trainer.client.Facts;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Decided gold in columns, a place a pair. */
record Gold(List<Facts.Features> pairs, List<RightnessCalibrator.Input> inputs, boolean[] right, int[] folds) {

    /**
     * The gold of a run.
     *
     * @param input what p_right of a pair is computed from
     */
    static Gold of(RunFacts run, Function<Facts.Features, RightnessCalibrator.Input> input) {
        List<Facts.Features> pairs = run.gold();
        boolean[] right = new boolean[pairs.size()];
        int[] folds = new int[pairs.size()];
        List<RightnessCalibrator.Input> inputs = new ArrayList<>();
        for (int i = 0; i < right.length; i++) {
            right[i] = run.isRight(pairs.get(i));
            folds[i] = run.fold(pairs.get(i).pairId());
            inputs.add(input.apply(pairs.get(i)));
        }
        return new Gold(pairs, inputs, right, folds);
    }
}
