package io.prefstream.core.benchmark;

import static io.prefstream.core.benchmark.Items.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JudgeBenchTest {

    private static final double FAILED = Double.NEGATIVE_INFINITY;

    private final JudgeBench benchmark = new JudgeBench();

    private static ScoredItem pair(String source, boolean aIsRight, double a, double b) {
        return new ScoredItem("p", source, new boolean[] {aIsRight, !aIsRight}, List.of(), new double[] {a, b});
    }

    @Test
    void aTieGoesToB() {
        assertThat(benchmark.credit(pair("livebench-math", true, 1, 1))).isZero();
        assertThat(benchmark.credit(pair("livebench-math", false, 1, 1))).isEqualTo(1);
        assertThat(benchmark.credit(pair("livebench-math", false, FAILED, FAILED)))
                .isZero();
    }

    @Test
    void theTotalIsTheMeanOfCategoriesAndTheShareOfAllPairsStandsBeside() {
        List<ScoredItem> items = new ArrayList<>();
        items.add(pair("mmlu-pro-law", true, 2, 1));
        items.add(pair("mmlu-pro-physics", true, 1, 2));
        items.add(pair("mmlu-pro-math", false, 1, 2));
        items.add(pair("livebench-reasoning", true, 1, 2));
        items.add(pair("livebench-math", true, 2, 1));
        items.add(pair("livecodebench", true, 2, 1));

        Outcome outcome = benchmark.outcome(items);

        assertThat(outcome.score()).isCloseTo((2 / 3.0 + 0 + 1 + 1) / 4, within(1e-12));
        assertThat(value(outcome, "all pairs", "as the owner counts")).isCloseTo(4 / 6.0, within(1e-12));
        assertThat(outcome.complete()).isTrue();
    }
}
