package io.prefstream.core.benchmark;

import static io.prefstream.core.benchmark.Items.item;
import static io.prefstream.core.benchmark.Items.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RewardBenchTest {

    private final RewardBench benchmark = new RewardBench();

    @Test
    void weighsMathAsMuchAsTheSixCodeSubsetsTogether() {
        List<ScoredItem> items = new ArrayList<>();
        items.add(item("1", "math-prm", 1, 2, 1));
        for (String language : List.of("cpp", "go", "java", "js", "python", "rust")) {
            items.add(item(language, "hep-" + language, 1, 1, 2));
        }

        Outcome outcome = benchmark.outcome(items);

        assertThat(value(outcome, "section", "Reasoning")).isEqualTo(984 / 1968.0);
    }

    @Test
    void isTheMeanOfSectionsWeightedBySubset() {
        List<ScoredItem> items = new ArrayList<>();
        RewardBench.NAMES.forEach(subset -> {
            items.add(item(subset + "/1", subset, 1, 1, 0));
            items.add(item(subset + "/2", subset, 1, subset.equals("mt-bench-hard") ? 1 : -1, 0));
        });

        Outcome outcome = benchmark.outcome(items);

        // Half of each subset but one, which is whole and weighs 37 of 456 in its section.
        assertThat(value(outcome, "section", "Chat Hard")).isCloseTo(0.5 + 0.5 * 37 / 456, within(1e-12));
        assertThat(outcome.score()).isCloseTo(0.5 + 0.5 * 37 / 456 / 4, within(1e-12));
        assertThat(outcome.complete()).isTrue();
    }

    @Test
    void aTieIsWrongAndAMissingSubsetIsNamed() {
        Outcome outcome = benchmark.outcome(List.of(item("1", "donotanswer", 1, 3, 3)));

        assertThat(outcome.score()).isZero();
        assertThat(outcome.complete()).isFalse();
        assertThat(outcome.missing()).hasSize(22).contains("math-prm").doesNotContain("donotanswer");
    }

    @Test
    void aChosenAnswerThatCouldNotBeScoredIsWrong() {
        double failed = Double.NEGATIVE_INFINITY;

        assertThat(benchmark.credit(item("1", "donotanswer", 1, failed, failed)))
                .isZero();
        assertThat(benchmark.credit(item("2", "donotanswer", 1, -5, failed))).isEqualTo(1);
    }
}
