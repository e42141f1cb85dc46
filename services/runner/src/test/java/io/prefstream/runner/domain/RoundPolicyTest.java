package io.prefstream.runner.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RoundPolicyTest {

    private static final Duration DAY = Duration.ofHours(24);

    private final RoundPolicy policy = new RoundPolicy(100, DAY);

    @Test
    void isDueAtEnoughLabelsHoweverSoon() {
        assertThat(policy.due(0, 99, Duration.ZERO)).isFalse();
        assertThat(policy.due(0, 100, Duration.ZERO)).isTrue();
        assertThat(policy.due(10_000, 0, Duration.ofHours(23))).isFalse();
    }

    @Test
    void isDueInTimeOnlyForSomethingNew() {
        assertThat(policy.due(1, 0, DAY)).isTrue();
        assertThat(policy.due(0, 1, DAY)).isTrue();
        assertThat(policy.due(0, 0, DAY.multipliedBy(9))).isFalse();
    }

    @Test
    void refusesSettingsThatMeanNothing() {
        assertThatThrownBy(() -> new RoundPolicy(0, DAY)).hasMessageContaining("got 0");
        assertThatThrownBy(() -> new RoundPolicy(1, DAY.negated())).hasMessageContaining("every");
    }
}
