package io.prefstream.runner.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.kit.stage.TrustedRecords;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointProvenance;
import io.prefstream.wire.CheckpointRole;
import io.prefstream.wire.TrainingRun;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who serves, who served before, and how a checkpoint stands on gold. */
class CheckpointHistoryTest {

    static {
        TrustedRecords.trust();
    }

    @Test
    void theLastAnnouncementOfARoleServes() {
        CheckpointHistory history = new CheckpointHistory(List.of(
                trained("a", CheckpointRole.CANDIDATE),
                trained("a", CheckpointRole.BEST),
                trained("g", CheckpointRole.GOLD),
                trained("b", CheckpointRole.CANDIDATE),
                trained("b", CheckpointRole.BEST)));

        assertThat(history.serving(CheckpointRole.BEST)).hasValueSatisfying(c -> is(c, "b"));
        assertThat(history.before(CheckpointRole.BEST)).hasValueSatisfying(c -> is(c, "a"));
        assertThat(history.before(CheckpointRole.GOLD)).isEmpty();
        assertThat(history.roles("g")).containsExactly(CheckpointRole.GOLD);
        assertThat(history.servedBefore("a", CheckpointRole.BEST)).isTrue();
        assertThat(history.servedBefore("b", CheckpointRole.BEST)).isFalse();
        assertThat(history.latest()).extracting(Checkpoint::getCheckpointId).containsExactly("a", "g", "b");
    }

    @Test
    void aSecondRollBackUndoesTheFirst() {
        CheckpointHistory history = new CheckpointHistory(List.of(
                trained("a", CheckpointRole.BEST),
                trained("b", CheckpointRole.BEST),
                promoted("c", "b"),
                promoted("b", "c")));

        assertThat(history.before(CheckpointRole.BEST)).hasValueSatisfying(c -> is(c, "c"));
    }

    @Test
    void compactionHidesNoHolderThatAnOperatorReplaced() {
        List<Checkpoint> whole = List.of(
                trained("a", CheckpointRole.BEST),
                promoted("b", "a"),
                trained("a", CheckpointRole.CANDIDATE), // a later run made the same weights again
                promoted("c", "a"));
        CheckpointHistory compacted = new CheckpointHistory(whole.subList(1, 4));

        assertThat(new CheckpointHistory(whole).before(CheckpointRole.BEST)).hasValueSatisfying(c -> is(c, "a"));
        assertThat(compacted.before(CheckpointRole.BEST)).hasValueSatisfying(c -> is(c, "a"));
        assertThat(compacted.servedBefore("a", CheckpointRole.BEST)).isTrue();
    }

    @Test
    void aTopicThatTellsOfNoOneBeforeSaysSo() {
        assertThat(new CheckpointHistory(List.of()).before(CheckpointRole.BEST)).isEmpty();
        assertThat(new CheckpointHistory(List.of(trained("a", CheckpointRole.BEST))).before(CheckpointRole.BEST))
                .isEmpty();
    }

    @Test
    void idsAreFoundByTheirFirstDigits() {
        CheckpointHistory history = new CheckpointHistory(List.of(
                trained("abc1", CheckpointRole.BEST),
                trained("abc2", CheckpointRole.GOLD),
                trained("abc1", CheckpointRole.CANDIDATE)));

        assertThat(history.beginning("abc")).hasSize(2);
        assertThat(history.beginning("abc1"))
                .singleElement()
                .satisfies(c -> assertThat(c.getRole()).isEqualTo(CheckpointRole.CANDIDATE));
        assertThat(history.beginning("d")).isEmpty();
    }

    @Test
    void standsOnGoldByItsOwnFiguresElseByItsTraining() {
        Checkpoint head = trained("a", CheckpointRole.BEST);
        List<TrainingRun> trainings =
                List.of(training(1, "silver", 2, 9), training(2, "silver", 3, 8), training(2, "gold", 3, 7));

        assertThat(GoldStanding.recorded(head, trainings)).isEqualTo(Optional.of(new GoldStanding(8, 10)));
        assertThat(GoldStanding.recorded(head, List.of())).isEmpty();
        head.setMetrics(new GoldStanding(5, 6).metrics());
        assertThat(GoldStanding.recorded(head, trainings)).isEqualTo(Optional.of(new GoldStanding(5, 6)));
    }

    @Test
    void aSmallerShareIsBelow() {
        assertThat(new GoldStanding(4, 6).isBelow(new GoldStanding(5, 6))).isTrue();
        assertThat(new GoldStanding(4, 6).isBelow(new GoldStanding(2, 3))).isFalse();
        assertThat(new GoldStanding(124, 137)).hasToString("124 of 137 right, 90.5 % (90 % interval 85.6 % to 93.9 %)");
        assertThat(new GoldStanding(0, 0)).hasToString("no human label");
    }

    private static void is(Checkpoint checkpoint, String id) {
        assertThat(checkpoint.getCheckpointId()).isEqualTo(id);
    }

    private static TrainingRun training(int run, String family, int round, int correct) {
        return new TrainingRun(run, round, family, 100, correct, 10, correct / 10.0, false, Map.of(), Map.of());
    }

    private static Checkpoint trained(String id, CheckpointRole role) {
        return checkpoint(id, role, "trainer", List.of());
    }

    private static Checkpoint promoted(String id, String from) {
        return checkpoint(id, CheckpointRole.BEST, CheckpointHistory.OPERATOR, List.of(from));
    }

    private static Checkpoint checkpoint(String id, CheckpointRole role, String stage, List<String> inputs) {
        return Checkpoint.newBuilder()
                .setCheckpointId(id)
                .setRole(role)
                .setFamily("silver")
                .setFold(-1)
                .setOtherFold(-1)
                .setRound(3)
                .setKind("bt-head/1")
                .setUri(null)
                .setInline(null)
                .setFeatureSet("f")
                .setMetrics(Map.of())
                .setGoldenPairs(List.of())
                .setTolerance(1e-9)
                .setTrainedOn(10)
                .setLabelsHash("")
                .setProvenance(new CheckpointProvenance(stage, "1", "0123456789abcdef", inputs, null, null))
                .build();
    }
}
