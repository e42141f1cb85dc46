package io.prefstream.core.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AverageTest {

    private static Map<String, Outcome> published() {
        double[] row = {97.8, 86.5, 79.8, 87.2, 89.3, 96.0, 83.4};
        Map<String, Outcome> outcomes = new HashMap<>();
        for (int i = 0; i < row.length; i++) {
            outcomes.put(Average.OF_SEVEN.benchmarks().get(i), new Outcome(row[i] / 100, List.of(), List.of()));
        }
        return outcomes;
    }

    @Test
    void ofTheBestPublishedRowAreThePublishedMeans() {
        assertThat(Average.OF_SEVEN.of(published())).isCloseTo(0.886, within(5e-4));
        assertThat(Average.OF_SIX.of(published())).isCloseTo(0.889, within(5e-4));
    }

    @Test
    void isNotGivenWhenABenchmarkOrAPartOfOneIsMissing() {
        Map<String, Outcome> outcomes = published();
        outcomes.put("rm-bench", new Outcome(0.9, List.of("math"), List.of()));
        outcomes.remove("rewardbench-2");

        assertThat(Average.OF_SEVEN.of(outcomes)).isNaN();
        assertThat(Average.OF_SEVEN.missing(outcomes)).containsExactly("rewardbench-2", "rm-bench (math missing)");
        assertThat(Average.OF_SIX.missing(outcomes)).containsExactly("rm-bench (math missing)");
    }
}
