package io.prefstream.bench.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CoverageTest {

    private final Coverage coverage = new Coverage(
            List.of(
                    new Coverage.Scored(0.2, false),
                    new Coverage.Scored(0.9, true),
                    new Coverage.Scored(0.1, true),
                    new Coverage.Scored(0.8, false)),
            5);

    @Test
    void keepTakesTheMostCertainAndFlipTheLeastLikelyToBeRight() {
        assertThat(coverage.keep(0.2)).isEqualTo(1);
        assertThat(coverage.keep(0.4)).isEqualTo(0.5);
        assertThat(coverage.flip(0.2)).isZero();
        assertThat(coverage.flip(0.4)).isEqualTo(0.5);
    }

    @Test
    void sharesThatPairsWithoutAProbabilityWouldHaveToFillHaveNoPrecision() {
        assertThat(coverage.keep(1)).isNaN();
        assertThat(coverage.flip(1)).isNaN();
    }
}
