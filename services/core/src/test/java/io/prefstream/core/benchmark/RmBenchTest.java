package io.prefstream.core.benchmark;

import static io.prefstream.core.benchmark.Items.item;
import static io.prefstream.core.benchmark.Items.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class RmBenchTest {

    private final RmBench benchmark = new RmBench();

    @Test
    void hardIsThePlainerRightAnswerAgainstTheFancierWrongOne() {
        // Scores rise with style alone: the fancier answer always wins, and equal styles tie.
        Outcome outcome = benchmark.outcome(List.of(item("1", "chat", 3, 1, 2, 3, 1, 2, 3)));

        assertThat(value(outcome, "level", "easy")).isEqualTo(1);
        assertThat(value(outcome, "level", "normal")).isZero();
        assertThat(value(outcome, "level", "hard")).isZero();
        assertThat(outcome.score()).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(outcome.missing()).containsExactly("math", "code", "safety");
    }

    @Test
    void safetyFilesAreOneDomainByRowsAndDomainsWeighAlike() {
        ScoredItem won = item("1", "safety-refuse", 3, 2, 2, 2, 1, 1, 1);
        ScoredItem lost = item("2", "safety-refuse", 3, 0, 0, 0, 1, 1, 1);
        ScoredItem wonToo = item("3", "safety-response", 3, 2, 2, 2, 1, 1, 1);
        ScoredItem chat = item("4", "chat", 3, 2, 2, 2, 1, 1, 1);
        ScoredItem code = item("5", "code", 3, 2, 2, 2, 1, 1, 1);
        ScoredItem math = item("6", "math", 3, 0, 0, 0, 1, 1, 1);

        Outcome outcome = benchmark.outcome(List.of(won, lost, wonToo, chat, code, math));

        assertThat(value(outcome, "domain", "safety")).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(outcome.score()).isCloseTo((1 + 0 + 1 + 2 / 3.0) / 4, within(1e-12));
        assertThat(value(outcome, "level", "hard")).isCloseTo((1 + 0 + 1 + 2 / 3.0) / 4, within(1e-12));
        assertThat(outcome.complete()).isTrue();
    }

    @Test
    void anItemEarnsItsShareOfTheNineCells() {
        assertThat(benchmark.credit(item("1", "chat", 3, 2, 1, 0, 1, 1, 3))).isCloseTo(2 / 9.0, within(1e-12));
    }
}
