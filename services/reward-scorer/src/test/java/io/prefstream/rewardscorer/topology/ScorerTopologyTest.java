package io.prefstream.rewardscorer.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.core.reward.BradleyTerryHead;
import io.prefstream.kit.topic.Topics;
import io.prefstream.kittest.SampleFacts;
import io.prefstream.kittest.StageFixture;
import io.prefstream.rewardscorer.domain.RewardModel;
import io.prefstream.rewardscorer.domain.Shelf;
import io.prefstream.wire.LabelKind;
import io.prefstream.wire.LabelOutcome;
import io.prefstream.wire.PairScore;
import io.prefstream.wire.ScoringRequest;
import io.prefstream.wire.ScoringSet;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScorerTopologyTest {

    private final Map<String, Shelf.Entry> shelf = new HashMap<>();
    private StageFixture stage = fixture(false);

    private StageFixture fixture(boolean atOnce) {
        return new StageFixture(
                "reward-scorer",
                environment -> ScorerTopology.of(environment, id -> Optional.ofNullable(shelf.get(id)), atOnce));
    }

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void scoresEveryPairOnceWhenAWalkTakesSeveralSlices() {
        shelf.put("all", head(-1, 2, 0));
        for (int i = 0; i < 950; i++) {
            features("pair-" + i, 1, 3);
        }
        request("r", ScoringSet.POOL, "all");

        stage.pass(Duration.ofSeconds(5));
        List<PairScore> scores = stage.read(Topics.PAIR_SCORES);

        assertThat(scores).hasSize(950);
        Set<String> ids =
                new HashSet<>(scores.stream().map(PairScore::getPairId).toList());
        assertThat(ids).hasSize(950);
        assertThat(scores.getFirst().getScores().getFirst().getMargin()).isEqualTo(2 * 1.0 - 2 * 3.0);
        assertThat(stage.progress().getConsumed()).containsEntry("scoring-requests", 1L);
    }

    @Test
    void waitsForACheckpointAndCountsTheRequestOnlyThen() {
        features("a", 1, 0);
        request("r", ScoringSet.POOL, "late");
        stage.pass(Duration.ofSeconds(1));
        assertThat(stage.read(Topics.PAIR_SCORES)).isEmpty();

        shelf.put("late", head(-1, 1, 0));
        stage.pass(Duration.ofSeconds(1));

        assertThat(stage.read(Topics.PAIR_SCORES)).hasSize(1);
    }

    @Test
    void makesADeadLetterOfARequestWhoseCheckpointWasRefusedAndGoesOnWithTheNext() {
        shelf.put("bad", new Shelf.Refused("it misses a golden score by 0.3"));
        shelf.put("good", head(-1, 1, 0));
        features("a", 1, 0);
        request("first", ScoringSet.POOL, "bad");
        request("second", ScoringSet.POOL, "good");

        stage.pass(Duration.ofSeconds(1));

        assertThat(stage.read(Topics.deadLetters("reward-scorer")))
                .singleElement()
                .satisfies(letter -> assertThat(letter.getError()).contains("misses a golden score by 0.3"));
        assertThat(stage.read(Topics.PAIR_SCORES))
                .singleElement()
                .satisfies(score -> assertThat(score.getRequestId()).isEqualTo("second"));
    }

    @Test
    void evaluatesDecidedGoldOnlyAndTurnsTheMarginToTheVerifiedOrder() {
        shelf.put("all", head(-1, 1, 0));
        features("right", 3, 1);
        features("wrong", 3, 1);
        features("unlabelled", 3, 1);
        gold("right", LabelOutcome.CHOSEN);
        gold("wrong", LabelOutcome.REJECTED);
        gold("open", LabelOutcome.UNDECIDED);
        request("r", ScoringSet.EVALUATE, "all");

        stage.pass(Duration.ofSeconds(1));

        assertThat(stage.read(Topics.EVALUATIONS))
                .extracting(e -> e.getPairId() + " " + e.getMargin() + " " + e.getCorrect())
                .containsExactlyInAnyOrder("right 2.0 true", "wrong -2.0 false");
    }

    @Test
    void scoresAPairThatComesBetweenRunsWithTheModelsOfTheLastOneOnlyIfItIsMadeTo() {
        shelf.put("all", head(-1, 2, 0));
        request("run-1/final-1", ScoringSet.POOL, "all");
        stage.pass(Duration.ofSeconds(1));
        features("later", 1, 3);
        assertThat(stage.read(Topics.PAIR_SCORES)).isEmpty();

        stage.close();
        stage = fixture(true);
        request("run-1/final-1", ScoringSet.POOL, "all");
        stage.pass(Duration.ofSeconds(1));
        features("later", 1, 3);

        assertThat(stage.read(Topics.PAIR_SCORES))
                .singleElement()
                .satisfies(score -> assertThat(score.getRequestId()).isEqualTo("run-1/final-1"));
    }

    private static Shelf.Entry head(int fold, double... weights) {
        return new Shelf.Served(new RewardModel.Head(new BradleyTerryHead("00", weights), fold, -1));
    }

    private void features(String pairId, float chosen, float rejected) {
        stage.pipe(Topics.PAIR_FEATURES, pairId, SampleFacts.features(pairId, new float[] {chosen, 0}, new float[] {
            rejected, 0
        }));
    }

    private void gold(String pairId, LabelOutcome outcome) {
        stage.pipe(Topics.LABELS, pairId, SampleFacts.label(pairId, LabelKind.GOLD, outcome));
    }

    private void request(String id, ScoringSet set, String... checkpoints) {
        stage.pipe(Topics.SCORING_REQUESTS, id, new ScoringRequest(id, 1, List.of(checkpoints), set, 0L, 5));
    }
}
