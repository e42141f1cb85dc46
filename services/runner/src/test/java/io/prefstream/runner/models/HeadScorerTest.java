package io.prefstream.runner.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prefstream.core.pair.Message;
import io.prefstream.core.reward.BradleyTerryHead;
import io.prefstream.kit.config.SettingSources;
import io.prefstream.models.reward.UnscorableText;
import io.prefstream.retrieval.domain.TextFeatures;
import io.prefstream.runner.app.FetchedModels;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointProvenance;
import io.prefstream.wire.CheckpointRole;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A head as a scorer of conversations, over features that are two lengths. */
class HeadScorerTest {

    private static final String FEATURES = "lengths/1";
    private static final BradleyTerryHead HEAD =
            new BradleyTerryHead(BradleyTerryHead.featuresHash(List.of(FEATURES)), new double[] {2, -0.5});
    private static final TextFeatures LENGTHS = new TextFeatures() {
        @Override
        public Entry entry(List<Message> history, Attributes attributes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Answer answer(List<Message> history, String answer) {
            return new Answer("", new float[] {answer.length(), history.size()});
        }

        @Override
        public String encoderRevision() {
            return "none";
        }

        @Override
        public String featureSet() {
            return FEATURES;
        }
    };

    private final HeadScorer scorer = new HeadScorer("id", FEATURES, HEAD, LENGTHS);

    @Test
    void scoresTheLastTurnInItsConversationAndKeepsTheOrder() {
        List<List<Message>> talks = IntStream.range(0, 200)
                .mapToObj(i -> List.of(new Message("user", "Q"), new Message("assistant", "x".repeat(i))))
                .toList();

        double[] scores = scorer.score(talks);

        for (int i = 0; i < scores.length; i++) {
            assertThat(scores[i]).isEqualTo(2.0 * i - 0.5);
        }
    }

    @Test
    void saysWhatItCannotScore() {
        assertThatThrownBy(() -> scorer.scoreTexts(List.of("<|user|>Q<|assistant|>A")))
                .isInstanceOf(UnscorableText.class)
                .hasMessageContaining("send messages");
        assertThatThrownBy(() -> scorer.score(List.of(
                        List.of(new Message("user", "Q"), new Message("assistant", "A")),
                        List.of(new Message("user", "Q")))))
                .isInstanceOfSatisfying(
                        UnscorableText.class, e -> assertThat(e.place()).isEqualTo(1));
        assertThatThrownBy(() -> new HeadScorer("id", "other/1", HEAD, LENGTHS))
                .hasMessageContaining("other/1")
                .hasMessageContaining("curate again");
    }

    @Test
    void modelsThatHaveNoScoreOfOneAnswerAreRefused(@TempDir Path folder) {
        Models models = new Models(new FetchedModels(SettingSources.gather(null, Map.of(), Map.of()), folder));
        assertThatThrownBy(() -> models.of(checkpoint("bt-head/1", CheckpointRole.FOLD, HEAD.encode())))
                .hasMessageContaining("never served");
        assertThatThrownBy(() -> models.of(checkpoint("new-kind/1", CheckpointRole.BEST, HEAD.encode())))
                .hasMessageContaining("new-kind/1");
    }

    private static Checkpoint checkpoint(String kind, CheckpointRole role, byte[] inline) {
        return Checkpoint.newBuilder()
                .setCheckpointId("id")
                .setRole(role)
                .setFamily("pool")
                .setFold(-1)
                .setRound(1)
                .setKind(kind)
                .setInline(ByteBuffer.wrap(inline))
                .setFeatureSet(FEATURES)
                .setMetrics(Map.of())
                .setGoldenPairs(List.of())
                .setTolerance(1e-9)
                .setTrainedOn(1)
                .setLabelsHash("")
                .setProvenance(CheckpointProvenance.newBuilder()
                        .setStage("trainer")
                        .setStageVersion("1")
                        .setConfigHash("")
                        .build())
                .build();
    }
}
