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
import io.prefstream.wire.RewardAnswer;
import io.prefstream.wire.RewardCall;
import io.prefstream.wire.RewardScore;
import io.prefstream.wire.ScoringRequest;
import io.prefstream.wire.ScoringSet;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    @Test
    void hasAPairWaitForATextModelAndCountsTheRequestWhenItHasAnswered() {
        shelf.put("head", head(-1, 2, 0));
        shelf.put("text", new Shelf.Text());
        features("a", 1, 3);
        pair("a");
        request("r", ScoringSet.POOL, "head", "text");
        stage.pass(Duration.ofSeconds(1));

        assertThat(calls()).singleElement().satisfies(call -> {
            assertThat(call.getCheckpoints()).containsExactly("text");
            assertThat(call.getChosen()).isEqualTo("a is better");
        });
        assertThat(stage.read(Topics.PAIR_SCORES)).isEmpty();
        assertThat(stage.progress().getConsumed()).doesNotContainKey("scoring-requests");

        answer("a", said("text", 5, 1));
        stage.pass(Duration.ofSeconds(1));

        assertThat(stage.read(Topics.PAIR_SCORES))
                .singleElement()
                .satisfies(score -> assertThat(score.getScores())
                        .extracting(s -> s.getCheckpoint() + " " + s.getMargin())
                        .containsExactly("head -4.0", "text 4.0"));
        assertThat(stage.progress().getConsumed()).containsEntry("scoring-requests", 1L);
    }

    @Test
    void usesARecordedScoreOfATextModelAgainAndSendsAPairToItOnce() {
        shelf.put("text", new Shelf.Text());
        features("a", 1, 3);
        pair("a");
        request("first", ScoringSet.POOL, "text");
        stage.pass(Duration.ofSeconds(1));
        answer("a", said("text", 5, 1));
        stage.pass(Duration.ofSeconds(1));
        assertThat(calls()).hasSize(1);
        assertThat(stage.read(Topics.PAIR_SCORES)).hasSize(1);

        request("second", ScoringSet.POOL, "text");
        stage.pass(Duration.ofSeconds(1));

        assertThat(calls()).isEmpty();
        assertThat(stage.read(Topics.PAIR_SCORES))
                .singleElement()
                .satisfies(score -> assertThat(score.getRequestId()).isEqualTo("second"));
    }

    @Test
    void leavesARefusedTextModelOutTellsItOnceAndAsksItAgainByTheNextRequest() {
        shelf.put("head", head(-1, 2, 0));
        shelf.put("text", new Shelf.Text());
        for (String id : List.of("a", "b")) {
            features(id, 1, 3);
            pair(id);
        }
        request("r", ScoringSet.POOL, "head", "text");
        stage.pass(Duration.ofSeconds(1));
        for (String id : List.of("a", "b")) {
            answer(id, new RewardScore("text", 0.0, 0.0, "it misses a golden score by 0.3", true));
        }
        stage.pass(Duration.ofSeconds(1));

        assertThat(stage.read(Topics.PAIR_SCORES))
                .hasSize(2)
                .allSatisfy(score -> assertThat(score.getScores()).hasSize(1));
        assertThat(stage.read(Topics.deadLetters("reward-scorer")))
                .singleElement()
                .satisfies(letter -> {
                    assertThat(letter.getPairId()).isNull();
                    assertThat(letter.getError()).contains("by 0.3");
                });
        assertThat(calls()).hasSize(2);
        request("again", ScoringSet.POOL, "text");
        stage.pass(Duration.ofSeconds(1));
        assertThat(calls()).hasSize(2);
    }

    @Test
    void leavesATextThatAModelCannotScoreWithoutAScoreOfIt() {
        shelf.put("text", new Shelf.Text());
        features("a", 1, 3);
        pair("a");
        request("r", ScoringSet.POOL, "text");
        stage.pass(Duration.ofSeconds(1));
        answer("a", new RewardScore("text", 0.0, 0.0, "chosen: the text has 20,000 tokens", false));
        stage.pass(Duration.ofSeconds(1));

        assertThat(stage.read(Topics.PAIR_SCORES))
                .singleElement()
                .satisfies(score -> assertThat(score.getScores()).isEmpty());
        assertThat(stage.read(Topics.deadLetters("reward-scorer"))).isEmpty();
    }

    @Test
    void sendsACallOnceTheTextHasCome() {
        shelf.put("text", new Shelf.Text());
        features("a", 1, 3);
        request("r", ScoringSet.POOL, "text");
        stage.pass(Duration.ofSeconds(1));
        assertThat(calls()).isEmpty();

        pair("a");

        assertThat(calls()).hasSize(1);
    }

    @Test
    void scoresAPairByTheModelThatServedWhenItCameHoweverLateThatModelIsLoadedOrAnswers() {
        stage.close();
        stage = fixture(true);
        shelf.put("text", new Shelf.Text());
        request("serve-1", ScoringSet.SERVE, "text");
        features("a", 1, 3);
        pair("a");
        request("serve-2", ScoringSet.SERVE, "late");
        features("b", 1, 3);
        shelf.put("third", head(-1, 3, 0));
        request("serve-3", ScoringSet.SERVE, "third");
        features("c", 1, 3);
        shelf.put("late", head(-1, 2, 0));
        stage.pass(Duration.ofSeconds(1));
        answer("a", said("text", 5, 1));

        assertThat(stage.read(Topics.PAIR_SCORES))
                .extracting(score -> score.getPairId() + " " + score.getRequestId() + " "
                        + score.getScores().getFirst().getCheckpoint())
                .containsExactlyInAnyOrder("a serve-1 text", "b serve-2 late", "c serve-3 third");
    }

    @Test
    void leavesNoScoreOutWhenAnswersAreHereBeforeTheCheckpointsAfterAStart() {
        shelf.put("head", head(-1, 2, 0));
        shelf.put("text", new Shelf.Text());
        features("a", 1, 3);
        features("b", 1, 3);
        pair("a");
        request("r", ScoringSet.POOL, "head", "text");
        stage.pass(Duration.ofSeconds(1));
        assertThat(calls()).hasSize(1);
        Map<String, Shelf.Entry> announced = new HashMap<>(shelf);
        shelf.clear();
        answer("a", said("text", 5, 1));
        pair("b");
        stage.pass(Duration.ofSeconds(1));
        assertThat(stage.read(Topics.PAIR_SCORES)).isEmpty();
        assertThat(calls()).isEmpty();

        shelf.putAll(announced);
        stage.pass(Duration.ofSeconds(1));
        assertThat(calls()).hasSize(1);
        answer("b", said("text", 5, 1));
        stage.pass(Duration.ofSeconds(1));

        assertThat(stage.read(Topics.PAIR_SCORES))
                .hasSize(2)
                .allSatisfy(score -> assertThat(score.getScores()).hasSize(2));
        assertThat(stage.progress().getConsumed()).containsEntry("scoring-requests", 1L);
    }

    @Test
    void scoresAShareOfThePoolByAShadowAndEveryPairByTheOthers() {
        shelf.put("best", head(-1, 2, 0));
        shelf.put("candidate", head(-1, 1, 0));
        for (int i = 0; i < 500; i++) {
            features("pair-" + i, 1, 3);
        }
        stage.pipe(
                Topics.SCORING_REQUESTS,
                "r",
                new ScoringRequest("r", 1, List.of("best"), ScoringSet.POOL, 0L, 5, List.of("candidate"), 0.2));
        stage.pass(Duration.ofSeconds(2));

        List<PairScore> scores = stage.read(Topics.PAIR_SCORES);
        assertThat(scores)
                .hasSize(500)
                .allSatisfy(score ->
                        assertThat(score.getScores().getFirst().getCheckpoint()).isEqualTo("best"));
        assertThat(scores.stream()
                        .filter(score -> score.getScores().size() == 2)
                        .count())
                .isBetween(75L, 125L);
    }

    /** Calls that were not taken back. */
    private List<RewardCall> calls() {
        return stage.read(Topics.REWARD_CALLS).stream().filter(Objects::nonNull).toList();
    }

    private static RewardScore said(String checkpoint, double chosen, double rejected) {
        return new RewardScore(checkpoint, chosen, rejected, null, false);
    }

    private void answer(String pairId, RewardScore score) {
        stage.pipe(Topics.REWARD_ANSWERS, pairId, new RewardAnswer(pairId, List.of(score)));
    }

    private void pair(String pairId) {
        stage.pipe(
                Topics.PAIRS, pairId, SampleFacts.pair(pairId, "Which?", pairId + " is better", pairId + " is worse"));
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
        stage.pipe(
                Topics.SCORING_REQUESTS,
                id,
                new ScoringRequest(id, 1, List.of(checkpoints), set, 0L, 5, List.of(), 0.0));
    }
}
