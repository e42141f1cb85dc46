package io.prefstream.trainer.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.wire.CanaryOutcome;
import io.prefstream.wire.JudgeCanary;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DriftTest {

    @Test
    void aJudgeThatSaysTheSameHasNotDrifted() {
        Drift drift = Drift.of(canaries(20, 0)).getFirst();

        assertThat(drift).isEqualTo(new Drift("sage", 20, 0, 20, 20, 20));
        assertThat(drift.alarm()).isFalse();
    }

    @Test
    void aChangedVerdictHereAndThereIsNoAlarmAndManyAre() {
        assertThat(Drift.of(canaries(20, 2)).getFirst().alarm()).isFalse();
        assertThat(Drift.of(canaries(20, 8)).getFirst().alarm()).isTrue();
        assertThat(Drift.of(canaries(20, 8)).getFirst().goldNow()).isEqualTo(12);
    }

    @Test
    void whatWasNotAnsweredSaysNothing() {
        List<JudgeCanary> canaries = canaries(3, 0);
        canaries.forEach(canary -> canary.setNow(CanaryOutcome.UNKNOWN));

        assertThat(Drift.of(canaries)).isEmpty();
    }

    private static List<JudgeCanary> canaries(int n, int changed) {
        List<JudgeCanary> canaries = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            canaries.add(JudgeCanary.newBuilder()
                    .setPairId("p" + i)
                    .setJudge("sage")
                    .setRun(2)
                    .setBefore(CanaryOutcome.CHOSEN)
                    .setNow(i < changed ? CanaryOutcome.REJECTED : CanaryOutcome.CHOSEN)
                    .setGold(CanaryOutcome.CHOSEN)
                    .setCallIds(List.of())
                    .build());
        }
        return canaries;
    }
}
