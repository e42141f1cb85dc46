package io.prefstream.rewardscorer.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prefstream.core.reward.BradleyTerryHead;
import io.prefstream.core.reward.Standardizer;
import io.prefstream.rewardscorer.domain.RewardModel;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointProvenance;
import io.prefstream.wire.CheckpointRole;
import io.prefstream.wire.GoldenPair;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CheckpointsTest {

    private static final String SET = "mini/1+lexical/1:encoder,structural";
    private static final float[] ANSWER = {1, 7, 2};

    /** A head that reads the first and the last of three columns. */
    private static BradleyTerryHead head() {
        float[][] diffs = {{1, 1, 1}, {2, -1, 0}, {-1, 2, 3}};
        Standardizer scales = Standardizer.of(diffs, 1).only(column -> column != 1);
        return BradleyTerryHead.fit(
                BradleyTerryHead.featuresHash(List.of(SET)),
                scales,
                scales.apply(diffs),
                new double[] {1, 1, 1},
                null,
                0.1);
    }

    private static Checkpoint announcement(String featureSet) {
        BradleyTerryHead head = head();
        ByteBuffer answer = ByteBuffer.allocate(3 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        answer.asFloatBuffer().put(ANSWER);
        return Checkpoint.newBuilder()
                .setCheckpointId(head.sha256())
                .setRole(CheckpointRole.BEST)
                .setFamily("pool")
                .setFold(-1)
                .setRound(1)
                .setKind("bt-head/1")
                .setInline(ByteBuffer.wrap(head.encode()))
                .setFeatureSet(featureSet)
                .setMetrics(Map.of())
                .setGoldenPairs(List.of(new GoldenPair(answer, head.score(ANSWER))))
                .setTolerance(1e-9)
                .setTrainedOn(3)
                .setLabelsHash("")
                .setProvenance(CheckpointProvenance.newBuilder()
                        .setStage("trainer")
                        .setStageVersion("1")
                        .setConfigHash("")
                        .build())
                .build();
    }

    @Test
    void aHeadThatLeavesColumnsOutPassesItsGoldenPairsAndScoresWithoutThem() {
        RewardModel model = Checkpoints.load(announcement(SET));

        double margin = model.score(ANSWER, new float[] {0, 0, 1}, 0).margin();

        assertThat(margin).isNotZero();
        assertThat(model.score(new float[] {1, -100, 2}, new float[] {0, 55, 1}, 0)
                        .margin())
                .isEqualTo(margin);
    }

    @Test
    void refusesAHeadUnderTheNameOfAnotherFeatureSet() {
        assertThatThrownBy(() -> Checkpoints.load(announcement("mini/1+lexical/1")))
                .hasMessageContaining("other features");
    }
}
