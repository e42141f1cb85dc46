package io.prefstream.kit.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.kafka.streams.KafkaStreams.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StageHealthTest {

    private static final Duration NOW = Duration.ZERO;
    private static final Duration LONG_AGO = Duration.ofSeconds(61);

    @ParameterizedTest
    @EnumSource(
            value = State.class,
            names = {"RUNNING", "REBALANCING"})
    void isReadyOnceItHasHadItsTasks(State state) {
        assertThat(StageHealth.of(state, true, null, 0, 0, NOW, NOW).ready()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = State.class,
            names = {"CREATED", "REBALANCING"})
    void isAliveButNotReadyBeforeThat(State state) {
        StageHealth health = StageHealth.of(state, false, null, 120, 0, NOW, NOW);

        assertThat(health.live()).isTrue();
        assertThat(health.ready()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = State.class,
            names = {"PENDING_SHUTDOWN", "NOT_RUNNING", "PENDING_ERROR", "ERROR"})
    void isDeadInEveryStateThatDoesNotComeBack(State state) {
        assertThat(StageHealth.of(state, true, null, 0, 0, NOW, NOW).live()).isFalse();
    }

    @Test
    void saysWhatIsStillToBeRestored() {
        assertThat(StageHealth.of(State.REBALANCING, false, null, 120, 0, NOW, NOW)
                        .reason())
                .isEqualTo("restores 120 records");
    }

    @Test
    void isNotReadyWhenAThreadHangs() {
        StageHealth health = StageHealth.of(State.RUNNING, true, null, 0, 0, LONG_AGO, NOW);

        assertThat(health.live()).isTrue();
        assertThat(health.ready()).isFalse();
        assertThat(health.reason()).contains("for 61 s");
    }

    @Test
    void isNotReadyWhenRecordsWaitAndNothingMoves() {
        assertThat(StageHealth.of(State.RUNNING, true, null, 0, 5, NOW, LONG_AGO)
                        .ready())
                .isFalse();
        assertThat(StageHealth.of(State.RUNNING, true, null, 0, 0, NOW, LONG_AGO)
                        .ready())
                .isTrue();
    }

    @Test
    void isDeadWithItsFaultAsTheReason() {
        StageHealth health = StageHealth.of(State.RUNNING, true, "the judges refuse", 0, 0, NOW, NOW);

        assertThat(health.live()).isFalse();
        assertThat(health.reason()).isEqualTo("the judges refuse");
    }
}
