package io.prefstream.runner.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoundPolicyTest {

    private static final Duration DAY = Duration.ofHours(24);

    private final RoundPolicy policy = new RoundPolicy(100, DAY);

    @Test
    void isDueAtEnoughLabelsHoweverSoon() {
        assertThat(policy.due(0, 99, Duration.ZERO, false, false)).isEmpty();
        assertThat(policy.due(0, 100, Duration.ZERO, false, false)).contains(RoundPolicy.Reason.LABELS);
        assertThat(policy.due(10_000, 0, Duration.ofHours(23), false, false)).isEmpty();
    }

    @Test
    void isDueInTimeOnlyForSomethingNew() {
        assertThat(policy.due(1, 0, DAY, false, false)).contains(RoundPolicy.Reason.TIME);
        assertThat(policy.due(0, 1, DAY, false, false)).contains(RoundPolicy.Reason.TIME);
        assertThat(policy.due(0, 0, DAY.multipliedBy(9), false, false)).isEmpty();
    }

    @Test
    void isDueAtOnceWhenThereIsMoreMoney() {
        assertThat(policy.due(0, 0, Duration.ZERO, true, false)).contains(RoundPolicy.Reason.BUDGET);
        Map<String, String> before = Map.of("budget.usd", "9");
        assertThat(RaisedBudget.is(before, Map.of("budget.usd", "10"))).isTrue();
        assertThat(RaisedBudget.is(before, Map.of("budget.usd", "9.0"))).isFalse();
        assertThat(RaisedBudget.is(before, Map.of("budget.usd", "8"))).isFalse();
        assertThat(RaisedBudget.is(before, Map.of())).isFalse();
        assertThat(RaisedBudget.is(Map.of(), before)).isFalse();
    }

    @Test
    void isDueAtOnceForAModelThatAPersonHasPromoted() {
        assertThat(policy.due(0, 0, Duration.ZERO, false, true)).contains(RoundPolicy.Reason.PROMOTION);
        assertThat(policy.due(0, 100, Duration.ZERO, false, true)).contains(RoundPolicy.Reason.LABELS);
    }

    @Test
    void refusesSettingsThatMeanNothing() {
        assertThatThrownBy(() -> new RoundPolicy(0, DAY)).hasMessageContaining("got 0");
        assertThatThrownBy(() -> new RoundPolicy(1, DAY.negated())).hasMessageContaining("every");
    }
}
