package io.prefstream.core.benchmark;

import static io.prefstream.core.benchmark.Items.item;
import static io.prefstream.core.benchmark.Items.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class RmbTest {

    @Test
    void isTheMeanOfFourAccuraciesAndAListIsWonOnlyAgainstAll() {
        List<ScoredItem> items = List.of(
                item("1", "pairs/helpfulness/Code/debugging", 1, 2, 1),
                item("2", "pairs/helpfulness/Chat/casual", 1, 1, 1),
                item("3", "pairs/harmlessness/S1", 1, 2, 1),
                item("4", "lists/helpfulness/Code/debugging", 1, 3, 2, 1),
                item("5", "lists/helpfulness/Code/debugging", 1, 3, 3, 1),
                item("6", "lists/helpfulness/Code/debugging", 1, 3, 4, 1),
                item("7", "lists/harmlessness/S1", 1, 1, 2));

        Outcome outcome = new Rmb().outcome(items);

        assertThat(outcome.score()).isCloseTo((0.5 + 1 + 1 / 3.0 + 0) / 4, within(1e-12));
        assertThat(outcome.complete()).isTrue();
        assertThat(value(outcome, "task", "pairs/helpfulness/Chat/casual")).isZero();
        assertThat(new Rmb().outcome(items.subList(0, 3)).missing())
                .containsExactly("lists/helpfulness", "lists/harmlessness");
    }
}
