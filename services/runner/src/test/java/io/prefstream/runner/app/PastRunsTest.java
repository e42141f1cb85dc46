package io.prefstream.runner.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.prefstream.core.plan.Planner;
import io.prefstream.core.plan.ScalingCurve;
import io.prefstream.kit.stage.TrustedRecords;
import io.prefstream.wire.Round;
import io.prefstream.wire.RoundAccount;
import io.prefstream.wire.TrainingRun;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PastRunsTest {

    static {
        TrustedRecords.trust();
    }

    @Test
    void drawsCurveMixAndPricesFromWhatTheRunsDid() {
        PastRuns runs = PastRuns.of(
                List.of(account(1, 100, 200, Map.of()), account(0, 0, 200, Map.of("keep", 450L, "flip", 50L))),
                List.of(silver(2, 100, 60), silver(3, 200, 70), silver(4, 400, 80)),
                List.of(decided(Map.of(
                        "cost/stage-1/org/m/usd", "4",
                        "cost/stage-1/org/m/pairs", "400",
                        "cost/stage-2/org/m/usd", "1",
                        "cost/stage-2/org/m/pairs", "100",
                        "cost/tagger/t/usd", "0.5"))));

        ScalingCurve curve = runs.curve().orElseThrow();
        Planner.Mix mix = runs.mix().orElseThrow();

        // 100 gold, 400 silver and 500 of Stage 2: a round of 400 silver pairs is one of 1,000 in all.
        assertThat(mix.goldShare()).isCloseTo(0.1, within(1e-12));
        assertThat(mix.silverShare()).isCloseTo(0.4, within(1e-12));
        assertThat(curve.score(1000)).isCloseTo(80, within(1e-9));
        assertThat(curve.score(2000)).isCloseTo(90, within(1e-9));
        // What describing cost is spread over the judged pairs.
        assertThat(runs.silverPrice()).contains(new BigDecimal("0.011"));
        assertThat(runs.stageTwoPrice()).contains(new BigDecimal("0.0022"));
    }

    @Test
    void hasNoCurveBeforeThreeSizesAndNoPriceOfWhatWasFree() {
        PastRuns runs = PastRuns.of(
                List.of(account(1, 100, 200, Map.of())), List.of(silver(2, 100, 60), silver(3, 200, 70)), List.of());

        assertThat(runs.curve()).isEmpty();
        assertThat(runs.silverPrice()).isEmpty();
        assertThat(runs.decision()).isEmpty();
        assertThat(PastRuns.of(List.of(), List.of(), List.of()).mix()).isEmpty();
    }

    private static RoundAccount account(int round, long gold, long silver, Map<String, Long> verdicts) {
        return RoundAccount.newBuilder()
                .setRun(1)
                .setRound(round)
                .setWhy("curate")
                .setNewPairs(0)
                .setNewLabels(0)
                .setRequests(Map.of())
                .setVotes(0)
                .setGold(gold)
                .setSilver(silver)
                .setCalls(0)
                .setUsd(0)
                .setVerdicts(verdicts)
                .setChanged(0)
                .setEnded("")
                .build();
    }

    private static TrainingRun silver(int round, int pairs, int correct) {
        return new TrainingRun(
                1, round, "silver", pairs, correct, 100, correct / 100.0, false, new HashMap<>(), new HashMap<>());
    }

    private static Round decided(Map<String, String> settings) {
        return Round.newBuilder()
                .setRun(1)
                .setRound(1)
                .setPhase("decide")
                .setSettings(settings)
                .setCheckpoints(List.of())
                .setLabels(null)
                .setCounts(Map.of())
                .build();
    }
}
