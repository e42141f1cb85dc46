package io.prefstream.core.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.prefstream.core.select.Selection.Candidate;
import io.prefstream.core.select.Selection.Pick;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelectTest {

    private static final int COLUMNS = 7;
    private static final double PRIOR = 1.5;
    private static final Stratum MATH = new Stratum("Math", "objective", "low");
    private static final Stratum TALK = new Stratum("Role playing", "subjective", "high");

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void rowsAddedOneByOneGiveTheCovarianceOfAllAtOnce(long seed) {
        Random random = new Random(seed);
        float[][] rows = rows(random, 20);
        double[] information = information(random, 20);
        HeadPosterior grown = HeadPosterior.of(new float[0][], new double[0], COLUMNS, PRIOR);
        for (int i = 0; i < rows.length; i++) {
            grown.add(rows[i], information[i]);
        }
        HeadPosterior whole = HeadPosterior.of(rows, information, COLUMNS, PRIOR);

        for (float[] probe : rows(random, 10)) {
            assertThat(grown.variance(probe)).isCloseTo(whole.variance(probe), within(1e-10));
        }
    }

    @Test
    void withoutLabelsTheVarianceIsThePriors() {
        HeadPosterior posterior = HeadPosterior.of(new float[0][], new double[0], 2, 4);

        assertThat(posterior.variance(new float[] {1, 1})).isCloseTo(0.5, within(1e-12));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void eachPickRaisesTheDeterminantMostOfAllThatAreLeft(long seed) {
        Random random = new Random(seed);
        float[][] labelled = rows(random, 5);
        double[] known = information(random, 5);
        float[][] rows = rows(random, 12);
        double[] information = information(random, 12);

        HeadPosterior.Design design =
                HeadPosterior.of(labelled, known, COLUMNS, PRIOR).design(rows, information, 5, i -> true);

        double[][] precision = precision(labelled, known);
        List<Integer> open = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
        for (int pick = 0; pick < 5; pick++) {
            double before = logDeterminant(precision);
            int best = -1;
            double most = Double.NEGATIVE_INFINITY;
            for (int i : open) {
                double gain = logDeterminant(plus(precision, rows[i], information[i])) - before;
                if (gain > most) {
                    most = gain;
                    best = i;
                }
            }
            assertThat(design.rows()[pick]).isEqualTo(best);
            assertThat(design.gains()[pick]).isCloseTo(most, within(1e-9));
            precision = plus(precision, rows[best], information[best]);
            open.remove(Integer.valueOf(best));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {21, 22, 23, 24, 25})
    void theGreedySetComesCloseToTheBestOfAllSets(long seed) {
        Random random = new Random(seed);
        float[][] rows = rows(random, 9);
        double[] information = information(random, 9);

        HeadPosterior.Design design =
                HeadPosterior.of(new float[0][], new double[0], COLUMNS, PRIOR).design(rows, information, 3, i -> true);

        double best = 0;
        double base = logDeterminant(precision(new float[0][], new double[0]));
        for (int a = 0; a < 9; a++) {
            for (int b = a + 1; b < 9; b++) {
                for (int c = b + 1; c < 9; c++) {
                    double[][] precision = precision(
                            new float[][] {rows[a], rows[b], rows[c]},
                            new double[] {information[a], information[b], information[c]});
                    best = Math.max(best, logDeterminant(precision) - base);
                }
            }
        }
        assertThat(Arrays.stream(design.gains()).sum())
                .isLessThanOrEqualTo(best + 1e-9)
                .isGreaterThanOrEqualTo((1 - 1 / Math.E) * best);
    }

    @Test
    void aBatchTakesNoTwinWhereAnotherDirectionIsLeft() {
        List<Candidate> all =
                List.of(new Candidate("a", MATH, 0, 0), new Candidate("b", MATH, 0, 0), new Candidate("c", MATH, 0, 0));
        Map<String, float[]> rows = Map.of("a", new float[] {3, 0}, "b", new float[] {3, 0}, "c", new float[] {0, 2});
        HeadPosterior posterior = HeadPosterior.of(new float[0][], new double[0], 2, 0.1);

        List<Pick> picks = Selection.posterior(all, rows::get, posterior, 2, Quotas.NONE, 7, "1");

        assertThat(picks).extracting(Pick::id).hasSize(2).contains("c");
        assertThat(picks.get(0).score()).isGreaterThan(picks.get(1).score());
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void theOrderOfCandidatesChangesNothing(long seed) {
        Random random = new Random(seed);
        List<Candidate> all = candidates(random, 60);
        List<Candidate> shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, random);
        Quotas quotas = Quotas.parse("Math/*=4");

        assertThat(Selection.random(shuffled, 10, quotas, 7, "1")).isEqualTo(Selection.random(all, 10, quotas, 7, "1"));
        assertThat(Selection.disagreement(shuffled, 10, quotas, 7, "1"))
                .isEqualTo(Selection.disagreement(all, 10, quotas, 7, "1"));
        assertThat(Selection.posterior(shuffled, SelectTest::row, fresh(), 10, quotas, 7, "1"))
                .isEqualTo(Selection.posterior(all, SelectTest::row, fresh(), 10, quotas, 7, "1"));
        assertThat(Selection.random(all, 10, quotas, 7, "2")).isNotEqualTo(Selection.random(all, 10, quotas, 7, "1"));
    }

    @Test
    void disagreementTakesThePairsOnWhichTheModelsDifferMost() {
        List<Candidate> all = List.of(
                new Candidate("agree", MATH, 3, 3),
                new Candidate("differ", MATH, 2, -2),
                new Candidate("some", MATH, 1, 0));

        assertThat(Selection.disagreement(all, 2, Quotas.NONE, 7, "1"))
                .extracting(Pick::id)
                .containsExactly("differ", "some");
        assertThat(all.get(1).disagreement()).isCloseTo(0.7616, within(1e-4));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {31, 32, 33, 34})
    void noStrategyPassesAQuota(long seed) {
        List<Candidate> all = candidates(new Random(seed), 80);
        Quotas quotas = Quotas.parse("Math/*=25%, */subjective/high=3");

        for (List<Pick> picks : List.of(
                Selection.random(all, 20, quotas, 7, "1"),
                Selection.disagreement(all, 20, quotas, 7, "1"),
                Selection.posterior(all, SelectTest::row, fresh(), 20, quotas, 7, "1"))) {
            List<Stratum> strata = picks.stream()
                    .map(pick -> all.stream()
                            .filter(c -> c.id().equals(pick.id()))
                            .findFirst()
                            .orElseThrow()
                            .stratum())
                    .toList();
            assertThat(strata.stream().filter(MATH::equals)).hasSizeBetween(1, 5);
            assertThat(strata.stream().filter(TALK::equals)).hasSizeBetween(1, 3);
            assertThat(picks).hasSize(20);
        }
    }

    @Test
    void aPairNeedsRoomUnderEveryQuotaThatItMatches() {
        Quotas.Room room = Quotas.parse("*=2,math/*/*=1").room(100);

        assertThat(room.take(MATH)).isTrue();
        assertThat(room.take(MATH)).isFalse();
        assertThat(room.take(TALK)).isTrue();
        assertThat(room.take(TALK)).isFalse();
        assertThat(Quotas.parse("").isEmpty()).isTrue();
        assertThat(Quotas.NONE.room(1).take(MATH)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Math", "=3", "Math=", "Math=-1", "Math=120%", "Math=3,,", "Math=0.3"})
    void refusesWhatIsNoQuota(String text) {
        assertThatThrownBy(() -> Quotas.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Math/*=30%");
    }

    @Test
    void namesItsStrategies() {
        assertThat(Strategy.names()).containsExactly("similarity", "posterior", "disagreement", "random");
        assertThat(Strategy.named("posterior")).isEqualTo(Strategy.POSTERIOR);
        assertThatThrownBy(() -> Strategy.named("adaptive")).hasMessageContaining("similarity or posterior");
    }

    private static HeadPosterior fresh() {
        return HeadPosterior.of(new float[0][], new double[0], COLUMNS, PRIOR);
    }

    /** A quarter of the candidates each in three strata that quotas name, the rest in one that none names. */
    private static List<Candidate> candidates(Random random, int n) {
        List<Candidate> all = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            Stratum stratum = i % 4 == 0 ? MATH : i % 4 == 1 ? TALK : new Stratum("Planning", "subjective", "low");
            all.add(new Candidate("p" + i, stratum, random.nextGaussian(), random.nextGaussian()));
        }
        return all;
    }

    private static float[] row(String id) {
        return rows(new Random(id.hashCode()), 1)[0];
    }

    private static float[][] rows(Random random, int n) {
        float[][] rows = new float[n][COLUMNS];
        for (float[] row : rows) {
            for (int j = 0; j < COLUMNS; j++) {
                row[j] = (float) random.nextGaussian();
            }
        }
        return rows;
    }

    private static double[] information(Random random, int n) {
        return random.doubles(n, 0.05, 0.25).toArray();
    }

    private static double[][] precision(float[][] rows, double[] information) {
        double[][] precision = new double[COLUMNS][COLUMNS];
        for (int j = 0; j < COLUMNS; j++) {
            precision[j][j] = PRIOR;
        }
        for (int i = 0; i < rows.length; i++) {
            precision = plus(precision, rows[i], information[i]);
        }
        return precision;
    }

    private static double[][] plus(double[][] a, float[] x, double information) {
        double[][] out = new double[a.length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a.length; j++) {
                out[i][j] = a[i][j] + information * x[i] * x[j];
            }
        }
        return out;
    }

    /** By elimination, another way than the class goes. */
    private static double logDeterminant(double[][] matrix) {
        double[][] a = Arrays.stream(matrix).map(double[]::clone).toArray(double[][]::new);
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += Math.log(a[k][k]);
            for (int i = k + 1; i < a.length; i++) {
                double factor = a[i][k] / a[k][k];
                for (int j = k; j < a.length; j++) {
                    a[i][j] -= factor * a[k][j];
                }
            }
        }
        return sum;
    }
}
