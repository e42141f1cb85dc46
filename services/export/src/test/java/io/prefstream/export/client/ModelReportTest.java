package io.prefstream.export.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.core.bias.Trait;
import io.prefstream.core.bias.TraitBias;
import io.prefstream.core.calibration.Calibration;
import io.prefstream.export.domain.Outcome;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointProvenance;
import io.prefstream.wire.CheckpointRole;
import io.prefstream.wire.Round;
import io.prefstream.wire.TrainingRun;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ModelReportTest {

    private static final double[] MARGINS = {2, -1, 1, 3, -2, 0.5};
    private static final double[] LONGER = {1, 1, -1, 1, -1, 1};
    private static final boolean[] RIGHT = {true, true, true, false, false, true};
    private static final int[] FOLDS = {0, 1, 2, 3, 4, 0};

    private static Map<String, Double> metrics() {
        Map<String, Double> metrics =
                new TreeMap<>(Calibration.of(MARGINS, RIGHT, FOLDS, 5).metrics());
        metrics.putAll(TraitBias.of(LONGER, MARGINS, LONGER, MARGINS, RIGHT).metrics(Trait.LENGTH));
        return metrics;
    }

    private static Checkpoint served(String id, CheckpointRole role, Map<String, Double> metrics) {
        return Checkpoint.newBuilder()
                .setCheckpointId(id)
                .setRole(role)
                .setFamily("pool")
                .setFold(-1)
                .setRound(1)
                .setKind("bt-head/1")
                .setFeatureSet("mini/1")
                .setMetrics(metrics)
                .setGoldenPairs(List.of())
                .setTolerance(0)
                .setTrainedOn(6)
                .setLabelsHash("")
                .setProvenance(CheckpointProvenance.newBuilder()
                        .setStage("trainer")
                        .setStageVersion("1")
                        .setConfigHash("")
                        .build())
                .build();
    }

    private static String report(Map<String, Double> metrics) {
        Outcome outcome = new Outcome();
        outcome.addTraining(new TrainingRun(1, 1, "pool", 6, 4, 6, 2 / 3.0, true, new HashMap<>(), metrics));
        outcome.addCheckpoint(served("b", CheckpointRole.GOLD, metrics));
        outcome.addCheckpoint(served("a", CheckpointRole.BEST, metrics));
        outcome.addRound(Round.newBuilder()
                .setRun(1)
                .setRound(1)
                .setPhase("decide")
                .setSettings(Map.of("best", "family/pool", "family/pool/-1", "a", "family/gold/-1", "b"))
                .setCheckpoints(List.of())
                .setLabels(null)
                .setCounts(new TreeMap<>())
                .build());
        StringBuilder text = new StringBuilder();
        ModelReport.write(text, outcome, 1);
        return text.toString();
    }

    @Test
    void tellsOfEachServedModelHowSureItMayBeAndWhatSwaysIt() {
        String report = report(metrics());

        assertThat(report)
                .contains("| 1 | pool | 6 | 4 of 6 | 0.667 | 0.901 | 1.187 | 0.586 | yes |")
                .contains("| best | 4 of 6 | 6.339 | 0.901 > 1.187 | 0.281 > 0.374 | 0.338 > 0.586 |")
                .containsPattern("- gold, what it said and how much of it was right: .* was \\d.\\d{3} of \\d")
                .contains("| best | length | ")
                .contains("| 3 of 4 | 1 of 2 | 0.667 | 0.667 | +0.000 (-0.253 to +0.253) |")
                .doesNotContain("emoji |")
                .doesNotContain("NaN");
        assertThat(report.indexOf("| best | 4 of 6")).isLessThan(report.indexOf("| gold | 4 of 6"));
    }

    @Test
    void saysNothingOfModelsThatNoLabelHasMeasured() {
        assertThat(report(Map.of("gold_decided", 0.0)))
                .contains("| 1 | pool | 6 | 4 of 6 | 0.667 | - | - | - | yes |")
                .doesNotContain("How sure")
                .doesNotContain("sways");
    }
}
