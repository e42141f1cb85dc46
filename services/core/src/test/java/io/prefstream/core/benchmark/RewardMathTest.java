package io.prefstream.core.benchmark;

import static io.prefstream.core.benchmark.Items.item;
import static io.prefstream.core.benchmark.Items.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class RewardMathTest {

    @Test
    void theRightSolutionMustBeatAllWrongOnes() {
        List<ScoredItem> items =
                List.of(item("1", "", 1, 3, 2, 1), item("2", "", 1, 2, 2, 1), item("3", "", 1, 1, 2, 3));

        Outcome outcome = new RewardMath().outcome(items);

        assertThat(outcome.score()).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(value(outcome, "rank", "mean reciprocal rank"))
                .isCloseTo((1 + 1 / 2.0 + 1 / 3.0) / 3, within(1e-12));
    }
}
