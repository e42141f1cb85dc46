package io.prefstream.consistencyfilter.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.kit.topic.Topics;
import io.prefstream.kittest.SampleFacts;
import io.prefstream.kittest.StageFixture;
import io.prefstream.wire.CheckpointScore;
import io.prefstream.wire.Contamination;
import io.prefstream.wire.DeadLetter;
import io.prefstream.wire.LabelKind;
import io.prefstream.wire.LabelOutcome;
import io.prefstream.wire.NearDuplicate;
import io.prefstream.wire.Pair;
import io.prefstream.wire.PairFeatures;
import io.prefstream.wire.PairScore;
import io.prefstream.wire.RejectedInput;
import io.prefstream.wire.Round;
import io.prefstream.wire.ScoreProvenance;
import io.prefstream.wire.SimilarityKind;
import io.prefstream.wire.Verdict;
import io.prefstream.wire.VerdictKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FilterTopologyTest {

    private StageFixture stage = new StageFixture("consistency-filter", FilterTopology::of);

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void quarantinesEveryPairWithoutGold() {
        pair("a", null);

        Map<String, Verdict> verdicts = decide(1, Map.of());

        assertThat(verdicts.get("a").getVerdict()).isEqualTo(VerdictKind.QUARANTINE);
        assertThat(verdicts.get("a").getRule()).isEqualTo("no-gold");
        assertThat(stage.progress().getConsumed()).containsEntry("rounds", 1L);
    }

    @Test
    void letsPeopleDecideBeforeAnythingElse() {
        pair("kept", null);
        pair("turned", "mirror");
        gold("kept", LabelOutcome.CHOSEN);
        gold("turned", LabelOutcome.REJECTED);

        Map<String, Verdict> verdicts = decide(1, Map.of());

        assertThat(verdicts.get("kept").getVerdict()).isEqualTo(VerdictKind.KEEP);
        assertThat(verdicts.get("turned").getVerdict()).isEqualTo(VerdictKind.FLIP);
        assertThat(stage.read(Topics.CURATED_PAIRS))
                .extracting(p -> p.getSourcePairId() + " " + p.getChosen())
                .containsExactlyInAnyOrder("kept good", "turned bad");
        assertThat(stage.read(Topics.RECYCLED_PAIRS)).isEmpty();
    }

    @Test
    void keepsAPairByItsScoresOnlyWhenGoldProvesKeep() {
        pair("a", null);
        score("a", 3, 3);

        assertThat(decide(1, calibrated("closed")).get("a").getRule()).isEqualTo("keep-unproved");
        Verdict kept = decide(2, calibrated("open")).get("a");

        assertThat(kept.getVerdict()).isEqualTo(VerdictKind.KEEP);
        assertThat(kept.getRule()).isEqualTo("both-rms");
        assertThat(kept.getRevision()).isEqualTo(2);
        assertThat(kept.getPRight()).isGreaterThan(0.85);
    }

    @Test
    void quarantinesAPairWhoseAnswersLookAlikeToTheModels() {
        pair("a", null);
        alike("a");
        score("a", 3, 3);

        Verdict verdict = decide(1, calibrated("open")).get("a");

        assertThat(verdict.getVerdict()).isEqualTo(VerdictKind.QUARANTINE);
        assertThat(verdict.getRule()).isEqualTo("same-features");
        assertThat(stage.read(Topics.CURATED_PAIRS)).isEmpty();
    }

    @Test
    void takesBackAPairThatALaterVerdictNoLongerPublishes() {
        pair("a", null);
        score("a", 3, 3);
        decide(1, calibrated("open"));
        decide(2, calibrated("closed"));

        assertThat(stage.read(Topics.CURATED_PAIRS)).hasSize(2).last().isNull();
    }

    @Test
    void writesNothingWhenADecisionChangesNothing() {
        pair("a", null);
        decide(1, Map.of());

        assertThat(decide(2, Map.of())).isEmpty();
    }

    @Test
    void namesTheModelsThatDecidedEvenWhereTheyChangeNoFigure() {
        pair("a", null);
        pair("unscored", null);
        score("a", 3, 3);
        decide(1, calibrated("open"));
        stage.pipe(
                Topics.PAIR_SCORES,
                "a",
                PairScore.newBuilder()
                        .setPairId("a")
                        .setRequestId("run-2/final-1")
                        .setRound(1)
                        .setScores(List.of(
                                new CheckpointScore("promoted", 3.0, 0.0, 3.0),
                                new CheckpointScore("gold", 3.0, 0.0, 3.0)))
                        .setProvenance(ScoreProvenance.newBuilder()
                                .setStage("reward-scorer")
                                .setStageVersion("1")
                                .setConfigHash("")
                                .build())
                        .build());
        Map<String, String> told = calibrated("open");
        told.put("request", "run-2/final-1");
        told.replaceAll((key, value) -> value.equals("best") ? "promoted" : value);

        Map<String, Verdict> verdicts = decide(2, told);

        assertThat(verdicts).containsOnlyKeys("a");
        assertThat(verdicts.get("a").getRevision()).isEqualTo(2);
        assertThat(verdicts.get("a").getBestCheckpoint()).isEqualTo("promoted");
        assertThat(verdicts.get("a").getRule()).isEqualTo("both-rms");
        assertThat(stage.read(Topics.CURATED_PAIRS))
                .last()
                .satisfies(pair -> assertThat(pair.getRevision()).isEqualTo(2));
        assertThat(decide(3, told)).isEmpty();
    }

    @Test
    void refusesBothSidesOfAMirroredPairAndDiscardsWhatDiedElsewhere() {
        pair("a", "b");
        pair("b", "a");
        pair("dead", null);
        stage.pipe(
                Topics.deadLetters("retrieval"),
                "dead",
                new DeadLetter("retrieval", "pairs", 0, 0L, "processing", "bug", "dead", null));

        Map<String, Verdict> verdicts = decide(1, Map.of());

        assertThat(verdicts.get("a").getVerdict()).isEqualTo(VerdictKind.REJECTED_INPUT);
        assertThat(verdicts.get("b").getRule()).isEqualTo("contradiction");
        assertThat(verdicts.get("dead").getRule()).isEqualTo("dead-letter:retrieval");
    }

    @Test
    void decidesNothingBetweenRunsUnlessItIsMadeTo() {
        decide(1, calibrated("open"));

        pair("new", null);
        score("new", 3, 3);

        assertThat(stage.read(Topics.VERDICTS)).isEmpty();
    }

    @Test
    void decidesAPairThatComesBetweenRunsAsTheLastRunDid() {
        atOnce();
        decide(1, calibrated("open"));

        pair("new", null);
        assertThat(stage.read(Topics.VERDICTS)).isEmpty();
        score("new", 3, 3);

        assertThat(stage.read(Topics.VERDICTS))
                .singleElement()
                .satisfies(verdict -> assertThat(verdict.getVerdict()).isEqualTo(VerdictKind.KEEP));
    }

    @Test
    void revisesAVerdictAtOnceForALaterMirrorAndForALaterLabel() {
        atOnce();
        pair("a", null);
        pair("b", null);
        score("a", 3, 3);
        score("b", 3, 3);
        decide(1, calibrated("open"));

        pair("a", "mirror");
        gold("b", LabelOutcome.REJECTED);

        assertThat(stage.read(Topics.VERDICTS))
                .extracting(v -> v.getPairId() + " " + v.getRevision() + " " + v.getRule())
                .containsExactly("a 2 contradiction", "b 2 human");
    }

    @Test
    void refusesAPairThatABenchmarkLoadedLaterHoldsWhateverPeopleSay() {
        atOnce();
        pair("a", null);
        gold("a", LabelOutcome.CHOSEN);
        assertThat(decide(1, Map.of()).get("a").getVerdict()).isEqualTo(VerdictKind.KEEP);

        stage.pipe(Topics.CONTAMINATIONS, "a", new Contamination("a", "bench.jsonl", "7", "the shared words"));

        assertThat(stage.read(Topics.VERDICTS)).singleElement().satisfies(verdict -> {
            assertThat(verdict.getRevision()).isEqualTo(2);
            assertThat(verdict.getVerdict()).isEqualTo(VerdictKind.REJECTED_INPUT);
            assertThat(verdict.getRule()).isEqualTo("contaminated");
            assertThat(verdict.getReason())
                    .contains("bench.jsonl")
                    .contains("item 7")
                    .contains("the shared words");
        });
        assertThat(stage.read(Topics.CURATED_PAIRS)).last().isNull();
    }

    @Test
    void discardsANearDuplicateOnlyWhenItIsToldToAndNobodyHasJudgedIt() {
        pair("first", null);
        pair("copy", null);
        pair("judged", null);
        gold("judged", LabelOutcome.CHOSEN);
        alike("copy", "third", 3);
        alike("copy", "first", 1);
        alike("copy", "second", 2);
        alike("judged", "first", 1);

        assertThat(decide(1, Map.of()).get("copy").getRule()).isEqualTo("no-gold");
        Map<String, Verdict> verdicts = decide(2, Map.of("run/near-duplicates", "drop"));

        assertThat(verdicts).containsOnlyKeys("copy");
        assertThat(verdicts.get("copy").getVerdict()).isEqualTo(VerdictKind.DISCARD);
        assertThat(verdicts.get("copy").getReason()).endsWith(" first");
        assertThat(stage.read(Topics.DISCARDED_PAIRS)).hasSize(1);
    }

    @Test
    void quarantinesTheFlipsOfACategoryThatFailedItsAuditAndTakesThemBack() {
        for (String pair : List.of("math", "code", "person")) {
            pair(pair, null);
            PairFeatures features = SampleFacts.features(pair, new float[1], new float[1]);
            features.setTaskCategory(pair.equals("code") ? "Coding" : "Math");
            stage.pipe(Topics.PAIR_FEATURES, pair, features);
            score(pair, -3, -3);
        }
        gold("person", LabelOutcome.REJECTED);
        Map<String, String> told = calibrated("open");
        told.put("gate/flip", "open");
        assertThat(decide(1, told).values())
                .extracting(Verdict::getVerdict)
                .containsExactly(VerdictKind.FLIP, VerdictKind.FLIP, VerdictKind.FLIP);
        assertThat(stage.read(Topics.RECYCLED_PAIRS)).hasSize(2).doesNotContainNull();

        told.put("flips-off/Math", "12 of 22 audited flips");
        Map<String, Verdict> verdicts = decide(2, told);

        assertThat(verdicts).containsOnlyKeys("math");
        assertThat(verdicts.get("math").getVerdict()).isEqualTo(VerdictKind.QUARANTINE);
        assertThat(verdicts.get("math").getRule()).isEqualTo("flip-audit-failed");
        assertThat(verdicts.get("math").getReason()).contains("both-rms-against", "12 of 22 audited flips");
        assertThat(stage.read(Topics.RECYCLED_PAIRS)).hasSize(1).containsOnlyNulls();

        told.put("flips-off/", "15 of 40 audited flips");
        assertThat(decide(3, told)).containsKey("code").doesNotContainKey("person");
        assertThat(decide(4, calibrated("open"))).hasSize(2); // the gate counts again
    }

    @Test
    void countsEachRuleOncePerPairAndRow() {
        pair("a", null);
        pair("b", "a");
        pair("a", "b");
        alike("b", "a", 1);
        alike("b", "c", 2);
        stage.pipe(Topics.CONTAMINATIONS, "a", new Contamination("a", "bench.jsonl", "7", "words"));
        stage.pipe(Topics.CONTAMINATIONS, "a", new Contamination("a", "bench.jsonl", "6", "words"));
        for (long ordinal : new long[] {4, 5, 4}) {
            stage.pipe(
                    Topics.REJECTED_INPUT,
                    "000001/" + ordinal,
                    new RejectedInput("000001", ordinal, "f", ordinal, null, null, "duplicate", "again"));
        }

        Map<String, Long> counts = new HashMap<>();
        stage.read(Topics.CLEANING_COUNTS).forEach(count -> counts.put(count.getRule(), count.getCount()));
        assertThat(counts)
                .isEqualTo(Map.of("contradiction", 2L, "near-duplicate", 1L, "contaminated", 1L, "duplicate", 2L));
    }

    private void alike(String pairId, String other, long ordinal) {
        stage.pipe(
                Topics.NEAR_DUPLICATES,
                pairId,
                new NearDuplicate(pairId, other, "000001", ordinal, SimilarityKind.NEAR_DUPLICATE, 0.9));
    }

    private void atOnce() {
        stage.close();
        stage = new StageFixture("consistency-filter", environment -> FilterTopology.of(environment, true));
    }

    private Map<String, Verdict> decide(int run, Map<String, String> settings) {
        stage.pipe(
                Topics.ROUNDS,
                "run-" + run,
                Round.newBuilder()
                        .setRun(run)
                        .setRound(1)
                        .setPhase("decide")
                        .setSettings(settings)
                        .setCheckpoints(List.of())
                        .setLabels(null)
                        .setCounts(Map.of())
                        .build());
        stage.pass(Duration.ofSeconds(1));
        Map<String, Verdict> verdicts = new HashMap<>();
        new ArrayList<>(stage.read(Topics.VERDICTS)).forEach(v -> verdicts.put(v.getPairId(), v));
        return verdicts;
    }

    private static Map<String, String> calibrated(String gate) {
        Map<String, String> told = new HashMap<>(Map.of(
                "gold/state", "READY",
                "gate/keep", gate,
                "gate/flip", "closed",
                "calibrator/0", "0",
                "calibrator/1", "1",
                "calibrator/2", "1",
                "calibrator/3", "0",
                "request", "run-1/final-1",
                "best", "family/pool"));
        for (int fold = 0; fold < 5; fold++) {
            told.put("family/pool/" + fold, "best");
            told.put("family/gold/" + fold, "gold");
        }
        told.put("family/gold/-1", "gold");
        return told;
    }

    private void alike(String pairId) {
        PairFeatures features = SampleFacts.features(pairId, new float[1], new float[1]);
        features.setSameFeatures(true);
        stage.pipe(Topics.PAIR_FEATURES, pairId, features);
    }

    private void score(String pairId, double best, double gold) {
        stage.pipe(
                Topics.PAIR_SCORES,
                pairId,
                PairScore.newBuilder()
                        .setPairId(pairId)
                        .setRequestId("run-1/final-1")
                        .setRound(1)
                        .setScores(List.of(
                                new CheckpointScore("best", best, 0.0, best),
                                new CheckpointScore("gold", gold, 0.0, gold)))
                        .setProvenance(ScoreProvenance.newBuilder()
                                .setStage("reward-scorer")
                                .setStageVersion("1")
                                .setConfigHash("")
                                .build())
                        .build());
    }

    private void gold(String pairId, LabelOutcome outcome) {
        stage.pipe(Topics.LABELS, pairId, SampleFacts.label(pairId, LabelKind.GOLD, outcome));
    }

    private void pair(String pairId, @Nullable String mirror) {
        Pair pair = SampleFacts.pair(pairId, "ask", "good", "bad");
        pair.setMirrorPairId(mirror);
        stage.pipe(Topics.PAIRS, pairId, pair);
    }
}
