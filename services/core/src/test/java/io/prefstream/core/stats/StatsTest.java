package io.prefstream.core.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatsTest {
    @ParameterizedTest
    @CsvSource({
        "-3, 8",
        "0, 8",
        "1e-12, 4",
        "0.5107, 4",
        "0.5109, 3",
        "1.0985, 3",
        "1.0987, 2",
        "1.9458, 2",
        "1.9460, 1",
        "50, 1",
        "1000, 1"
    })
    void asksForMoreNeighboursTheLessSureTheModelIs(double margin, int k) {
        assertThat(AdaptiveK.of(margin)).isEqualTo(k);
    }

    /** The cuts are where 8 (1 - p) is 4, 3, 2 and 1: at p = 1/2 exactly, and at odds of 5/3, 3 and 7. */
    @ParameterizedTest
    @CsvSource({"1.6666666666666667, 3, 4", "3, 2, 3", "7, 1, 2"})
    void asksForFewerAtTheVeryOdds(double odds, int above, int below) {
        double cut = StrictMath.log(odds);

        assertThat(AdaptiveK.of(cut + 1e-12)).isEqualTo(above);
        assertThat(AdaptiveK.of(cut - 1e-12)).isEqualTo(below);
        assertThat(AdaptiveK.of(cut)).isBetween(above, below);
    }

    @Test
    void asksForEightAtAMarginOfNothingAndForFourRightAboveIt() {
        assertThat(AdaptiveK.of(0.0)).isEqualTo(8);
        assertThat(AdaptiveK.of(-0.0)).isEqualTo(8);
        assertThat(AdaptiveK.of(Double.MIN_VALUE)).isEqualTo(4);
        assertThat(AdaptiveK.of(Double.POSITIVE_INFINITY)).isEqualTo(1);
        assertThat(AdaptiveK.of(Double.NEGATIVE_INFINITY)).isEqualTo(8);
    }

    @Test
    void refusesAMarginThatIsNotANumber() {
        assertThatThrownBy(() -> AdaptiveK.of(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void foldsAreEvenAndDependOnTheSeed() {
        int[] sizes = new int[5];
        int moved = 0;
        for (int i = 0; i < 5000; i++) {
            sizes[Folds.of(7, "pair-" + i, 5)]++;
            moved += Folds.of(7, "pair-" + i, 5) != Folds.of(8, "pair-" + i, 5) ? 1 : 0;
        }
        assertThat(IntStream.of(sizes)).allMatch(size -> size > 880 && size < 1120);
        assertThat(moved).isBetween(3800, 4200);
    }

    @Test
    void aFoldNeverChangesBetweenReleases() {
        assertThat(IntStream.range(0, 8).map(i -> Folds.of(1, "p" + i, 5))).containsExactly(FOLDS_OF_SEED_1);
        assertThat(Hashes.unit(1, "x", "y")).isBetween(0.0, 1.0);
    }

    private static final Integer[] FOLDS_OF_SEED_1 = {4, 1, 2, 4, 0, 3, 1, 3};

    @Test
    void fiveFoldsTakeFiveScoringAndTenVotingHeads() {
        CrossFit plan = new CrossFit(5);
        assertThat(plan.singles()).hasSize(5);
        assertThat(plan.pairs()).hasSize(10).doesNotHaveDuplicates();
        assertThat(plan.pairs().get(0).label()).isEqualTo("0-1");
        assertThat(plan.scorer(3).label()).isEqualTo("3");
    }

    @Test
    void noVoteComesFromAHeadThatSawItsFoldOrTheTarget() {
        CrossFit plan = new CrossFit(5);
        for (int target = 0; target < 5; target++) {
            for (int fold = 0; fold < 5; fold++) {
                if (fold != target) {
                    CrossFit.Excluded voter = plan.voter(target, fold);
                    assertThat(voter.trains(target)).isFalse();
                    assertThat(voter.trains(fold)).isFalse();
                    assertThat(plan.pairs()).contains(voter);
                }
            }
        }
        assertThatThrownBy(() -> plan.voter(2, 2)).isInstanceOf(IllegalArgumentException.class);
    }

    // Reference: scipy.stats.binomtest(k, n).proportion_ci(.9, "wilson").
    @ParameterizedTest
    @CsvSource({"9, 10, 0.652281, 0.977365", "0, 10, 0, 0.212942", "40, 50, 0.692674, 0.876526"})
    void intervalsMatchTheReference(long successes, long n, double lower, double upper) {
        assertThat(Wilson.lower(successes, n, 0.9)).isCloseTo(lower, within(1e-6));
        assertThat(Wilson.upper(successes, n, 0.9)).isCloseTo(upper, within(1e-6));
    }

    @Test
    void nothingKnownIsTheWholeInterval() {
        assertThat(Wilson.lower(0, 0, 0.9)).isZero();
        assertThat(Wilson.upper(0, 0, 0.9)).isOne();
        assertThat(Wilson.labelsToHalve(0, 0, 100, 0.9)).isZero();
    }

    @Test
    void halvingAnIntervalTakesAboutFourTimesTheLabels() {
        assertThat(Wilson.labelsToHalve(80, 100, 200, 0.9)).isBetween(560L, 640L);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void farthestFirstTakesOneOfEachCluster(long seed) {
        float[][] rows = new float[30][3];
        String[] ids = new String[30];
        for (int i = 0; i < 30; i++) {
            rows[i][i % 3] = 1;
            ids[i] = "p" + i;
        }
        int[] picks = KCenterGreedy.select(rows, ids, 3, seed);
        Set<Integer> clusters = new HashSet<>();
        for (int pick : picks) {
            clusters.add(pick % 3);
        }
        assertThat(clusters).hasSize(3);
        assertThat(KCenterGreedy.select(rows, ids, 99, seed)).hasSize(30).doesNotHaveDuplicates();
    }

    @Test
    void findsTheMinimumOfAQuadratic() {
        double[] centre = {3, -2, 0.5, 100};
        double[] x = LimitedMemoryBfgs.minimise(
                (at, g) -> {
                    double value = 0;
                    for (int j = 0; j < at.length; j++) {
                        g[j] = (j + 1) * (at[j] - centre[j]);
                        value += (j + 1) * (at[j] - centre[j]) * (at[j] - centre[j]) / 2;
                    }
                    return value;
                },
                4,
                100,
                1e-9);
        assertThat(x).containsExactly(centre, within(1e-5));
    }

    @Test
    void hashOrderIsATotalOrderOfIds() {
        List<String> ids = new Random(1).ints(50).mapToObj(Integer::toString).toList();
        List<String> sorted = ids.stream().sorted(Hashes.order(4, "a")).toList();
        assertThat(sorted).isNotEqualTo(ids).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(ids.reversed().stream().sorted(Hashes.order(4, "a"))).containsExactlyElementsOf(sorted);
    }
}
