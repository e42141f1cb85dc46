package io.prefstream.runner.domain;

import io.prefstream.core.stats.Wilson;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.TrainingRun;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How many human labels a model ranks right.
 *
 * @param correct labels ranked right; an equal score is not right
 * @param decided decided labels
 */
public record GoldStanding(int correct, int decided) {

    private static final double LEVEL = 0.9;
    private static final String CORRECT = "gold_correct";
    private static final String DECIDED = "gold_decided";

    /**
     * What is on record of a checkpoint: its own figures, or those of the last training of its family and round, which are out of
     * fold, or of the last run in which it competed as a model from outside. Empty when there are none.
     */
    public static Optional<GoldStanding> recorded(Checkpoint checkpoint, List<TrainingRun> trainings) {
        Map<String, Double> metrics = checkpoint.getMetrics();
        double decided = metrics.getOrDefault(DECIDED, 0.0);
        if (decided > 0) {
            return Optional.of(
                    new GoldStanding(metrics.getOrDefault(CORRECT, 0.0).intValue(), (int) decided));
        }
        return trainings.stream()
                .filter(training -> training.getGoldDecided() > 0 && isOf(training, checkpoint))
                .reduce((before, after) -> after)
                .map(training -> new GoldStanding(training.getGoldCorrect(), training.getGoldDecided()));
    }

    private static boolean isOf(TrainingRun training, Checkpoint checkpoint) {
        return training.getFamily().equals("outside/" + checkpoint.getCheckpointId())
                || (training.getFamily().equals(checkpoint.getFamily())
                        && training.getRound() == checkpoint.getRound());
    }

    /** The figures as an announcement carries them. */
    public Map<String, Double> metrics() {
        return Map.of(CORRECT, (double) correct, DECIDED, (double) decided);
    }

    /** Whether it ranks a smaller share right. */
    public boolean isBelow(GoldStanding other) {
        return (long) correct * other.decided < (long) other.correct * decided;
    }

    /** Such as {@code 124 of 137 right, 90.5 % (90 % interval 85.6 % to 93.9 %)}. */
    @Override
    public String toString() {
        return decided == 0
                ? "no human label"
                : String.format(
                        Locale.ROOT,
                        "%d of %d right, %.1f %% (90 %% interval %.1f %% to %.1f %%)",
                        correct,
                        decided,
                        100.0 * correct / decided,
                        100 * Wilson.lower(correct, decided, LEVEL),
                        100 * Wilson.upper(correct, decided, LEVEL));
    }
}
