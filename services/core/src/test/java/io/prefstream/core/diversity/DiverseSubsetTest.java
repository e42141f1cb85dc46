package io.prefstream.core.diversity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiverseSubsetTest {
    @ParameterizedTest(name = "{0} rows, {1} dimensions, {2} centres, seed {3}")
    @CsvSource({"40, 8, 0, 1", "40, 8, 5, 2", "60, 3, 0, 3", "30, 64, 4, 4", "25, 5, 1, 5"})
    void eachPickRaisesTheDeterminantMost(int rows, int dimension, int centres, long seed) {
        Points points = Points.of(rows, dimension, centres, seed);

        DiverseSubset.Picks picks = points.subset().lazy(12);

        int[] set = new int[12];
        for (int n = 0; n < 12; n++) {
            set[n] = picks.rows()[n];
            double mine = points.logDeterminant(set, n + 1);
            for (int other = 0; other < rows; other++) {
                if (!contains(picks.rows(), n, other)) {
                    set[n] = other;
                    assertThat(points.logDeterminant(set, n + 1)).isLessThanOrEqualTo(mine + 1e-9);
                }
            }
            set[n] = picks.rows()[n];
        }
        assertThat(picks.logDeterminant()).isCloseTo(points.logDeterminant(set, 12), within(1e-6));
    }

    /** Greedy is within a constant of the best for monotone gains (Nemhauser 1978); on these few rows it is close. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void comesCloseToTheBestOfAllSetsOfFour(long seed) {
        Points points = Points.of(14, 4, 3, seed);
        double best = Double.NEGATIVE_INFINITY;
        for (int bits = 0; bits < 1 << 14; bits++) {
            if (Integer.bitCount(bits) == 4) {
                int mask = bits;
                int[] set =
                        IntStream.range(0, 14).filter(i -> (mask >> i & 1) == 1).toArray();
                best = Math.max(best, points.logDeterminant(set, 4));
            }
        }

        assertThat(points.subset().lazy(4).logDeterminant())
                .isLessThanOrEqualTo(best + 1e-9)
                .isGreaterThan(best - 1);
    }

    @ParameterizedTest(name = "{0} centres")
    @ValueSource(ints = {0, 50})
    void lazyPicksWhatPlainPicksOfFiveThousand(int centres) {
        Points points = Points.of(5000, 64, centres, 11);

        DiverseSubset.Picks lazy = points.subset().lazy(200);
        DiverseSubset.Picks plain = points.subset().plain(200);

        assertThat(lazy.rows()).isEqualTo(plain.rows());
        assertThat(lazy.gains()).isEqualTo(plain.gains());
        assertThat(lazy.updates()).isLessThan(plain.updates());
        assertThat(plain.touched()).isEqualTo(5000 - 1);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void orderOfTheRowsChangesNothing(long seed) {
        Points points = Points.of(300, 16, 6, seed);
        Points other = points.permuted(Points.shuffled(300, seed));

        DiverseSubset.Picks picks = points.subset().lazy(60);
        DiverseSubset.Picks same = other.subset().lazy(60);

        assertThat(named(other, same)).isEqualTo(named(points, picks));
        assertThat(same.gains()).isEqualTo(picks.gains());
    }

    @Test
    void equalRowsGoByTheHashOfTheirIds() {
        float[][] same = new float[20][];
        Arrays.fill(same, new float[] {1, 0});
        double[] quality = new double[20];
        Arrays.fill(quality, 1);
        String[] ids = IntStream.range(0, 20).mapToObj(i -> "id-" + i).toArray(String[]::new);

        int[] rows = new DiverseSubset(same, quality, ids, 7).lazy(20).rows();

        assertThat(rows).isEqualTo(Rows.order(ids, 7, "diverse-subset"));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void picksNoDuplicateWhileThereIsSomethingElse(long seed) {
        Points half = Points.of(30, 64, 0, seed);
        int[] twice = IntStream.range(0, 60).map(i -> i % 30).toArray();
        Points points = half.permuted(twice);
        for (int i = 0; i < 60; i++) {
            points.ids()[i] = "pair-" + i;
        }

        int[] rows = points.subset().lazy(30).rows();

        assertThat(Arrays.stream(rows).map(row -> row % 30).distinct().count()).isEqualTo(30);
    }

    @Test
    void picksMoreRowsThanThereAreDimensionsAndAllWhenAskedForMore() {
        Points points = Points.of(50, 3, 0, 5);

        DiverseSubset.Picks picks = points.subset().lazy(80);

        assertThat(Arrays.stream(picks.rows()).sorted().toArray())
                .isEqualTo(IntStream.range(0, 50).toArray());
        assertThat(picks.gains()).isSortedAccordingTo((a, b) -> Double.compare(b, a));
        assertThat(picks.logDeterminant()).isCloseTo(points.logDeterminant(picks.rows(), 50), within(1e-6));
        assertThat(points.subset().plain(80).rows()).isEqualTo(picks.rows());
    }

    @Test
    void picksNothingOfNothing() {
        DiverseSubset none = new DiverseSubset(new float[0][], new double[0], new String[0], 7);

        assertThat(none.lazy(3).rows()).isEmpty();
        assertThat(none.plain(3).logDeterminant()).isZero();
    }

    @Test
    void refusesRowsThatAreNoUnitVectorsAndQualitiesThatAreNotAboveZero() {
        String[] ids = {"a"};

        assertThatThrownBy(() -> new DiverseSubset(new float[][] {{1, 1}}, new double[] {1}, ids, 7))
                .hasMessageContaining("the vector of a is no unit vector");
        assertThatThrownBy(() -> new DiverseSubset(new float[][] {{1, 0}}, new double[] {0}, ids, 7))
                .hasMessageContaining("the quality of a must be above 0");
    }

    private static String[] named(Points points, DiverseSubset.Picks picks) {
        return Arrays.stream(picks.rows()).mapToObj(row -> points.ids()[row]).toArray(String[]::new);
    }

    private static boolean contains(int[] rows, int count, int row) {
        return Arrays.stream(rows).limit(count).anyMatch(r -> r == row);
    }
}
