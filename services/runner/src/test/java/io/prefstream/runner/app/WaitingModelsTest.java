package io.prefstream.runner.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointProvenance;
import io.prefstream.wire.CheckpointRole;
import io.prefstream.wire.Round;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WaitingModelsTest {

    private final WaitingModels models = new WaitingModels();

    @Test
    void aModelWaitsUntilARunHasTakenIt() {
        models.take(round(1, Map.of("gold/state", "READY")));
        models.take(announced("a", "text/1"));
        models.take(announced("head", "bt-head/1"));
        assertThat(models.count()).isEqualTo(1);

        models.take(round(2, Map.of("outside", "a")));
        models.take(round(2, Map.of("gold/state", "READY")));
        assertThat(models.count()).isZero();

        models.take(announced("b", "text/1"));
        models.take(round(1, Map.of("outside", "b"))); // of a run before
        assertThat(models.count()).isEqualTo(1);
    }

    @Test
    void aWaitingModelThatAPersonHasServeIsPromotedUntilARunHasTakenIt() {
        models.take(round(1, Map.of("gold/state", "READY", "outside", "old")));
        models.take(serving("old", "text/1", "operator"));
        models.take(serving("head", "bt-head/1", "operator"));
        models.take(announced("a", "text/1"));
        assertThat(models.promoted()).isFalse();

        models.take(serving("a", "text/1", "trainer"));
        assertThat(models.promoted()).isFalse();
        models.take(serving("a", "text/1", "operator"));
        assertThat(models.promoted()).isTrue();

        models.take(serving("old", "text/1", "operator")); // rolled back to what has competed
        assertThat(models.promoted()).isFalse();
        models.take(serving("a", "text/1", "operator"));
        models.take(round(2, Map.of("gold/state", "READY", "outside", "a,old")));
        assertThat(models.promoted()).isFalse();
    }

    @Test
    void withoutGoldThereIsNothingToWaitFor() {
        models.take(announced("a", "text/1"));
        models.take(round(1, Map.of("gold/state", "FEW")));
        assertThat(models.count()).isZero();
    }

    private static Round round(int run, Map<String, String> settings) {
        return Round.newBuilder()
                .setRun(run)
                .setRound(1)
                .setPhase("train")
                .setSettings(settings)
                .setCheckpoints(List.of())
                .setLabels(null)
                .setCounts(Map.of())
                .build();
    }

    private static Checkpoint announced(String id, String kind) {
        return Checkpoint.newBuilder()
                .setCheckpointId(id)
                .setRole(CheckpointRole.CANDIDATE)
                .setFamily("external")
                .setFold(-1)
                .setRound(0)
                .setKind(kind)
                .setUri("file:///models/" + id)
                .setInline(null)
                .setFeatureSet("")
                .setMetrics(Map.of())
                .setGoldenPairs(List.of())
                .setTolerance(0)
                .setTrainedOn(0)
                .setLabelsHash("")
                .setProvenance(new CheckpointProvenance("operator", "1", "", List.of(), null, null))
                .build();
    }

    private static Checkpoint serving(String id, String kind, String by) {
        Checkpoint checkpoint = announced(id, kind);
        checkpoint.setRole(CheckpointRole.BEST);
        checkpoint.setProvenance(new CheckpointProvenance(by, "1", "", List.of(), null, null));
        return checkpoint;
    }
}
