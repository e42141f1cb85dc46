package io.prefstream.consistencyfilter.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.consistencyfilter.domain.Decision;
import io.prefstream.consistencyfilter.domain.DecisionSettings;
import io.prefstream.consistencyfilter.domain.Evidence;
import io.prefstream.consistencyfilter.domain.Recorded;
import io.prefstream.consistencyfilter.domain.WhyNot;
import io.prefstream.core.verdict.Verdict.Kind;
import io.prefstream.kit.topic.Topics;
import io.prefstream.kittest.SampleFacts;
import io.prefstream.kittest.StageFixture;
import io.prefstream.wire.CheckpointScore;
import io.prefstream.wire.LabelKind;
import io.prefstream.wire.LabelOutcome;
import io.prefstream.wire.PairScore;
import io.prefstream.wire.PairSelection;
import io.prefstream.wire.Round;
import io.prefstream.wire.ScoreProvenance;
import io.prefstream.wire.Verdict;
import io.prefstream.wire.VerdictKind;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SelectedPairsTest {

    private static final String WHY = "other pairs of its topic 3 were picked that say as much";

    private final StageFixture stage =
            new StageFixture("consistency-filter", environment -> FilterTopology.of(environment, true));

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void onlySelectedPairsGoOutAndTheOthersSayWhyNot() {
        scored("picked", 3);
        scored("left", 3);
        scored("turned", -3);
        scored("unsure", 0);
        selected("picked", 1, null);
        selected("left", 1, WHY);
        selected("turned", 1, WHY);

        Map<String, Verdict> verdicts = decide(1, true);

        assertThat(verdicts.get("picked").getVerdict()).isEqualTo(VerdictKind.KEEP);
        for (String held : List.of("left", "turned")) {
            assertThat(verdicts.get(held).getVerdict()).isEqualTo(VerdictKind.QUARANTINE);
            assertThat(verdicts.get(held).getRule()).isEqualTo("not-selected");
            assertThat(verdicts.get(held).getReason()).isEqualTo(WHY);
            assertThat(verdicts.get(held).getLabelSource()).isNull();
        }
        assertThat(verdicts.get("unsure").getRule()).isEqualTo("uncertain");
        assertThat(stage.read(Topics.CURATED_PAIRS)).hasSize(1);
        assertThat(stage.read(Topics.RECYCLED_PAIRS)).isEmpty();
        assertThat(stage.progress().getConsumed()).containsEntry("selections", 3L);
    }

    @Test
    void withoutThePresetSelectionsSayNothing() {
        scored("left", 3);
        selected("left", 1, WHY);

        assertThat(decide(1, false).get("left").getVerdict()).isEqualTo(VerdictKind.KEEP);
    }

    @Test
    void whatPeopleDecidedNeedsNoSelection() {
        scored("kept", -3);
        stage.pipe(Topics.LABELS, "kept", SampleFacts.label("kept", LabelKind.GOLD, LabelOutcome.CHOSEN));
        selected("kept", 1, WHY);

        assertThat(decide(1, true).get("kept").getRule()).isEqualTo("human");
    }

    @Test
    void aPairThatComesBetweenRunsWaitsForTheNextSelection() {
        decide(1, true);

        scored("new", 3);

        assertThat(stage.read(Topics.VERDICTS)).singleElement().satisfies(verdict -> {
            assertThat(verdict.getRule()).isEqualTo("not-selected");
            assertThat(verdict.getReason()).isEqualTo(Evidence.WAITS);
        });
        selected("new", 2, null);
        assertThat(decide(2, true).get("new").getVerdict()).isEqualTo(VerdictKind.KEEP);
    }

    @Test
    void anEarlierRunsSelectionNoLongerCountsAndANewReasonIsANewVerdict() {
        scored("a", 3);
        selected("a", 1, null);
        assertThat(decide(1, true).get("a").getVerdict()).isEqualTo(VerdictKind.KEEP);

        assertThat(decide(2, true).get("a").getReason()).isEqualTo(Evidence.WAITS);
        selected("a", 3, WHY);
        Verdict third = decide(3, true).get("a");

        assertThat(third.getReason()).isEqualTo(WHY);
        assertThat(third.getRevision()).isEqualTo(3);
        assertThat(stage.read(Topics.CURATED_PAIRS)).hasSize(2).last().isNull();
    }

    @Test
    void theRecordedVerdictGivesTheSelectionBackAndSaysWhatWouldHaveLetItOut() {
        scored("left", 3);
        scored("unsure", 0);
        selected("left", 1, WHY);
        Map<String, Verdict> verdicts = decide(1, true);
        DecisionSettings settings = DecisionSettings.of(told(true));

        Evidence left = Recorded.evidence(verdicts.get("left"), settings, Recorded.Now.PLAIN);
        Evidence unsure = Recorded.evidence(verdicts.get("unsure"), settings, Recorded.Now.PLAIN);

        assertThat(Decision.of(left, settings).verdict().rule()).isEqualTo("not-selected");
        assertThat(WhyNot.ways(left, settings, Kind.KEEP))
                .extracting(WhyNot.Way::changes)
                .contains(List.of("selection picks the pair, or --selection off"));
        assertThat(WhyNot.ways(unsure, settings, Kind.KEEP))
                .extracting(WhyNot.Way::changes)
                .filteredOn(changes -> changes.stream().noneMatch(change -> change.startsWith("people")))
                .isNotEmpty()
                .allSatisfy(changes -> assertThat(changes).contains("selection picks the pair, or --selection off"));
    }

    private void scored(String id, double margin) {
        stage.pipe(Topics.PAIRS, id, SampleFacts.pair(id, "ask", "good", "bad"));
        stage.pipe(
                Topics.PAIR_SCORES,
                id,
                PairScore.newBuilder()
                        .setPairId(id)
                        .setRequestId("run-1/final-1")
                        .setRound(1)
                        .setScores(List.of(
                                new CheckpointScore("best", margin, 0.0, margin),
                                new CheckpointScore("gold", margin, 0.0, margin)))
                        .setProvenance(ScoreProvenance.newBuilder()
                                .setStage("reward-scorer")
                                .setStageVersion("1")
                                .setConfigHash("")
                                .build())
                        .build());
    }

    private void selected(String id, int run, @Nullable String why) {
        int rank = why == null ? 1 : 0;
        stage.pipe(Topics.SELECTIONS, id, new PairSelection(id, run, 3, 1.0, 0.9, why == null, rank, 0.5 * rank, why));
    }

    private static Map<String, String> told(boolean selects) {
        Map<String, String> told = new HashMap<>(Map.of(
                "gold/state", "READY",
                "gate/keep", "open",
                "gate/flip", "open",
                "calibrator/0", "0",
                "calibrator/1", "1",
                "calibrator/2", "1",
                "request", "run-1/final-1",
                "family/gold/-1", "gold",
                "run/selection", selects ? "preset" : "off"));
        for (int fold = 0; fold < 5; fold++) {
            told.put("family/pool/" + fold, "best");
            told.put("family/gold/" + fold, "gold");
        }
        return told;
    }

    private Map<String, Verdict> decide(int run, boolean selects) {
        stage.pipe(
                Topics.ROUNDS,
                "run-" + run,
                Round.newBuilder()
                        .setRun(run)
                        .setRound(1)
                        .setPhase("decide")
                        .setSettings(told(selects))
                        .setCheckpoints(List.of())
                        .setLabels(null)
                        .setCounts(Map.of())
                        .build());
        stage.pass(Duration.ofSeconds(1));
        Map<String, Verdict> verdicts = new HashMap<>();
        stage.read(Topics.VERDICTS).forEach(v -> verdicts.put(v.getPairId(), v));
        return verdicts;
    }
}
