package io.prefstream.bench.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NeededTableTest {

    @Test
    void leavesARisingCurveAloneAndLevelsAFall() {
        assertThat(NeededTable.rising(new double[] {1, 2, 2, 5})).containsExactly(1, 2, 2, 5);
        assertThat(NeededTable.rising(new double[] {1, 4, 2, 5})).containsExactly(1, 3, 3, 5);
        assertThat(NeededTable.rising(new double[] {3, 2, 1})).containsExactly(2, 2, 2);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void neverFallsAndKeepsTheMean(long seed) {
        double[] curve = new Random(seed).doubles(30).toArray();

        double[] rising = NeededTable.rising(curve);

        assertThat(rising).isSorted();
        assertThat(Arrays.stream(rising).sum()).isCloseTo(Arrays.stream(curve).sum(), within(1e-9));
    }
}
