package io.prefstream.ablation.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatisticsTest {

    /** Values of scipy.stats: 2 * t.sf(x, df). */
    @ParameterizedTest
    @CsvSource({
        "0, 4, 1.0",
        "1, 1, 0.5",
        "2.776445105197793, 4, 0.05",
        "3.5, 4, 0.024896163460222748",
        "-8.2, 9, 1.816212684418995e-05",
        "1.96, 1000, 0.050273184955748736"
    })
    void probabilitiesAreThoseOfStudent(double t, double freedom, double p) {
        assertThat(Student.twoSided(t, freedom)).isCloseTo(p, within(p * 1e-6 + 1e-12));
    }

    @Test
    void criticalValuesAreThoseOfTheTables() {
        assertThat(Student.critical(0.05, 1)).isCloseTo(12.7062047, within(1e-6));
        assertThat(Student.critical(0.05, 4)).isCloseTo(2.7764451, within(1e-6));
        assertThat(Student.critical(0.10, 29)).isCloseTo(1.6991270, within(1e-6));
    }

    /** scipy.stats.ttest_rel of the same numbers. */
    @Test
    void aPairedTestComparesRepeatByRepeat() {
        PairedTest test =
                PairedTest.of(List.of(0.81, 0.79, 0.83, 0.80, 0.82), List.of(0.78, 0.77, 0.80, 0.79, 0.78), 0);

        assertThat(test.n()).isEqualTo(5);
        assertThat(test.difference()).isCloseTo(0.026, within(1e-12));
        assertThat(test.t()).isCloseTo(5.0990195, within(1e-6));
        assertThat(test.p()).isCloseTo(0.00698737, within(1e-6));
        assertThat(test.low()).isCloseTo(0.0118428, within(1e-6));
        assertThat(test.high()).isCloseTo(0.0401572, within(1e-6));
    }

    @Test
    void repeatsThatLackOneSideAreLeftOut() {
        PairedTest test = PairedTest.of(List.of(0.5, Double.NaN, 0.6), List.of(0.4, 0.2, 0.4), 0);

        assertThat(test.n()).isEqualTo(2);
        assertThat(PairedTest.of(List.of(0.5), List.of(0.4), 0).p()).isNaN();
        assertThat(PairedTest.of(List.of(), List.of(), 0).difference()).isNaN();
    }

    /** Nadeau and Bengio: the variance of the mean is (1/n + test/train) times that of the differences. */
    @Test
    void whatRepeatsShareWidensTheInterval() {
        List<Double> a = List.of(0.81, 0.79, 0.83, 0.80, 0.82);
        List<Double> b = List.of(0.78, 0.77, 0.80, 0.79, 0.78);

        double alone = PairedTest.of(a, b, 0).standardError();

        assertThat(PairedTest.of(a, b, 0.5).standardError() / alone).isCloseTo(Math.sqrt(0.7 / 0.2), within(1e-9));
        assertThat(PairedTest.of(a, a, 0.5).p()).as("all alike").isNaN();
    }

    @Test
    void holmRaisesTheSmallestMostAndKeepsTheOrder() {
        assertThat(PairedTest.holm(List.of(0.04, 0.01, Double.NaN, 0.03)))
                .usingComparatorForType((a, b) -> Math.abs(a - b) < 1e-12 || a.equals(b) ? 0 : 1, Double.class)
                .containsExactly(0.06, 0.03, Double.NaN, 0.06);
    }

    @Test
    void theBestOfNIsExactOverAllDraws() {
        AnswerGroup group = new AnswerGroup(List.of(), List.of(1.0, 0.0, 0.0, 1.0));
        double[] scores = {4, 3, 2, 1};

        assertThat(group.bestOf(1, scores)).isCloseTo(0.5, within(1e-12));
        assertThat(group.bestOf(2, scores)).isCloseTo(3.0 / 6, within(1e-12));
        assertThat(group.bestOf(3, scores)).isCloseTo(3.0 / 4, within(1e-12));
        assertThat(group.bestOf(4, scores)).isCloseTo(1, within(1e-12));
        assertThat(group.bestOf(3, new double[4])).as("all equal").isCloseTo(0.5, within(1e-12));
    }
}
