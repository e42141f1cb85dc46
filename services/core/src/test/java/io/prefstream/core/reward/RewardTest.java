package io.prefstream.core.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.prefstream.core.stats.Logistic;
import io.prefstream.core.stats.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RewardTest {
    private static final String FEATURES = BradleyTerryHead.featuresHash(List.of("a", "b", "c", "d", "e"));

    /** Pairs whose better answer has the greater first feature, with noise in the labels. */
    private static float[][] pool(int n, long seed, double noise) {
        Random random = new Random(seed);
        float[][] diffs = new float[n][5];
        for (float[] row : diffs) {
            for (int j = 0; j < row.length; j++) {
                row[j] = (float) random.nextGaussian();
            }
            boolean wrong = random.nextDouble() < noise;
            if (row[0] < 0 != wrong) {
                for (int j = 0; j < row.length; j++) {
                    row[j] = -row[j];
                }
            }
        }
        return diffs;
    }

    private static BradleyTerryHead fit(float[][] diffs) {
        double[] ones = new double[diffs.length];
        Arrays.fill(ones, 1);
        Standardizer scales = Standardizer.of(diffs, 3);
        return BradleyTerryHead.fit(FEATURES, scales, scales.apply(diffs), ones, null, 0.01);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void findsTheFeatureThatDecidesDespiteNoise(long seed) {
        BradleyTerryHead head = fit(pool(600, seed, 0.3));
        long right = Arrays.stream(pool(500, seed + 100, 0))
                .filter(d -> head.margin(d) > 0)
                .count();
        assertThat(right).isGreaterThan(450);
    }

    @Test
    void marginIsTheDifferenceOfScores() {
        BradleyTerryHead head = fit(pool(200, 5, 0.1));
        float[] a = {1, 2, 3, 4, 5};
        float[] b = {5, 1, 0, -4, 2};
        assertThat(head.margin(Vectors.minus(a, b))).isCloseTo(head.score(a) - head.score(b), within(1e-9));
    }

    @Test
    void theSameInputGivesTheSameBytes() {
        assertThat(fit(pool(300, 9, 0.2)).encode())
                .isEqualTo(fit(pool(300, 9, 0.2)).encode());
    }

    @Test
    void aRowOfWeightZeroIsAsIfItWereNotThere() {
        float[][] diffs = pool(100, 3, 0.1);
        Standardizer scales = Standardizer.of(diffs, 3);
        double[] weights = new double[100];
        Arrays.fill(weights, 0, 50, 1);
        double[] ones = new double[100];
        Arrays.fill(ones, 1);
        float[][] scaled = scales.apply(diffs);
        BradleyTerryHead all = BradleyTerryHead.fit(FEATURES, scales, scaled, ones, weights, 0.1);
        BradleyTerryHead half =
                BradleyTerryHead.fit(FEATURES, scales, Arrays.copyOf(scaled, 50), Arrays.copyOf(ones, 50), null, 0.1);
        assertThat(all).isEqualTo(half);
        assertThat(BradleyTerryHead.fit(FEATURES, scales, scaled, ones, new double[100], 0.1)
                        .weights())
                .containsOnly(0);
    }

    @Test
    void headsSurviveTheirBytes() {
        BradleyTerryHead head = fit(pool(100, 1, 0));
        assertThat(BradleyTerryHead.decode(head.encode(), FEATURES))
                .isEqualTo(head)
                .hasSameHashCodeAs(head);
        assertThat(head.sha256()).hasSize(64);
    }

    @Test
    void refusesDamagedForeignAndCutBytes() {
        byte[] bytes = fit(pool(100, 1, 0)).encode();
        byte[] damaged = bytes.clone();
        damaged[60] ^= 1;
        byte[] newer = bytes.clone();
        newer[4] = 9;
        assertThatThrownBy(() -> BradleyTerryHead.decode(damaged, FEATURES)).hasMessageContaining("damaged");
        assertThatThrownBy(() -> BradleyTerryHead.decode(newer, FEATURES)).hasMessageContaining("version 9");
        assertThatThrownBy(() -> BradleyTerryHead.decode(bytes, "00")).hasMessageContaining("other features");
        assertThatThrownBy(() -> BradleyTerryHead.decode(Arrays.copyOf(bytes, 90), FEATURES))
                .hasMessageContaining("90 bytes");
        assertThatThrownBy(() -> BradleyTerryHead.decode(new byte[3], FEATURES)).hasMessageContaining("not a");
    }

    @Test
    void encoderColumnsShareAScaleAndCountsHaveTheirOwn() {
        Standardizer scales = Standardizer.of(new float[][] {{1, 3, 30, 0}, {1, 3, -30, 0}}, 2);
        assertThat(scales.scale()).containsExactly(new double[] {Math.sqrt(5), Math.sqrt(5), 10, 1}, within(1e-12));
    }

    private static double penalty(double noise, int columns, int n) {
        Random random = new Random(11);
        double[] truth = new double[columns];
        for (int j = 0; j < columns; j++) {
            truth[j] = random.nextGaussian();
        }
        float[][] diffs = new float[n][columns];
        int[] folds = new int[n];
        for (int i = 0; i < n; i++) {
            double margin = 0;
            for (int j = 0; j < columns; j++) {
                diffs[i][j] = (float) random.nextGaussian();
                margin += truth[j] * diffs[i][j];
            }
            folds[i] = i % 5;
            if (margin < 0 != random.nextDouble() < noise) {
                for (int j = 0; j < columns; j++) {
                    diffs[i][j] = -diffs[i][j];
                }
            }
        }
        Standardizer scales = Standardizer.of(diffs, columns);
        return PoolPenalty.choose(FEATURES, scales, scales.apply(diffs), folds, 5, new double[n]);
    }

    @Test
    void aLargeCleanPoolBearsALighterPenaltyThanASmallNoisyOne() {
        assertThat(penalty(0, 5, 500)).isEqualTo(PoolPenalty.GRID.getFirst());
        assertThat(penalty(0.4, 40, 100)).isEqualTo(PoolPenalty.GRID.getLast());
    }

    @Test
    void anEmptyPoolTakesTheStrongestPenalty() {
        assertThat(PoolPenalty.choose(
                        FEATURES, new Standardizer(new double[5]), new float[0][], new int[0], 5, new double[0]))
                .isEqualTo(3);
    }

    @Test
    void neighboursVoteBothWaysRoundAndNotFromExcludedFolds() {
        NeighbourVote vote =
                new NeighbourVote(new float[][] {{1, 0}, {0, 1}}, new boolean[] {true, true}, new int[] {0, 1});
        assertThat(vote.probability(new float[] {2, 0}, -1, -1)).isGreaterThan(0.7);
        assertThat(vote.probability(new float[] {-2, 0}, -1, -1)).isLessThan(0.3);
        assertThat(vote.probability(new float[] {2, 0}, 0, 1)).isEqualTo(0.5);
    }

    @Test
    void aCategoryWithFewLabelsFollowsTheOverallRate() {
        SourceReliability source = new SourceReliability();
        for (int i = 0; i < 98; i++) {
            source.add("Math", i % 4 != 0);
        }
        source.add("Editing", false);
        assertThat(source.of("Editing")).isBetween(source.overall() - 0.05, source.overall());
        assertThat(source.of("Planning")).isEqualTo(source.overall());
    }

    @Test
    void fusedVotesAbstainInTheMiddle() {
        VoteFusion fusion = new VoteFusion(1, 1, 1, 0.1);
        assertThat(fusion.decides(fusion.probability(0.5, 0.5, 0.55))).isFalse();
        assertThat(fusion.probability(0.8, 0.5, 0.8)).isCloseTo(16.0 / 17, within(1e-9));
        assertThat(fusion.decides(fusion.probability(0.1, 0.3, 0.6))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 400})
    void pRightIsCalibratedOutOfFold(int n) {
        Random random = new Random(n);
        List<RightnessCalibrator.Input> inputs = new ArrayList<>();
        boolean[] right = new boolean[n];
        int[] folds = new int[n];
        double expected = 0;
        for (int i = 0; i < n; i++) {
            double quality = random.nextGaussian() * 1.5 + 0.7;
            right[i] = random.nextDouble() < Logistic.sigmoid(quality);
            inputs.add(new RightnessCalibrator.Input(quality / 2, quality / 2 + random.nextGaussian() * 0.1, 0));
            folds[i] = i % 5;
            expected += right[i] ? 1 : 0;
        }
        double sum = 0;
        for (OptionalDouble p : RightnessCalibrator.outOfFold(inputs, right, folds, 5)) {
            sum += p.orElseThrow();
        }
        assertThat(sum / n).isCloseTo(expected / n, within(0.02));
        RightnessCalibrator fitted = RightnessCalibrator.fit(inputs, right).orElseThrow();
        assertThat(fitted.weights()[1] == fitted.weights()[2]).isEqualTo(n < RightnessCalibrator.TWO_SLOPES);
        assertThat(fitted.probability(new RightnessCalibrator.Input(2, 2, 0))).isGreaterThan(0.9);
        assertThat(fitted.weights()[3]).isZero();
    }

    @Test
    void oneSidedLabelsCalibrateNothing() {
        List<RightnessCalibrator.Input> inputs =
                List.of(new RightnessCalibrator.Input(1, 1, 0), new RightnessCalibrator.Input(-1, 0, 0));
        assertThat(RightnessCalibrator.fit(inputs, new boolean[] {true, true})).isEmpty();
        assertThat(RightnessCalibrator.outOfFold(inputs, new boolean[] {true, false}, new int[] {0, 1}, 2))
                .containsOnly(OptionalDouble.empty());
    }

    @Test
    void modelsThatFewLabelsSpeakAgainstCountForNothing() {
        List<RightnessCalibrator.Input> inputs = new ArrayList<>();
        boolean[] right = new boolean[40];
        for (int i = 0; i < 40; i++) {
            right[i] = i % 4 != 0;
            double margin = (i % 5 - 2) * 0.5 + (right[i] ? -0.3 : 0.3);
            inputs.add(new RightnessCalibrator.Input(margin, margin, 0));
        }
        RightnessCalibrator fitted = RightnessCalibrator.fit(inputs, right).orElseThrow();
        assertThat(fitted.probability(new RightnessCalibrator.Input(-5, 5, 0))).isCloseTo(0.75, within(1e-4));
        assertThat(fitted.probability(new RightnessCalibrator.Input(5, 5, 0))).isCloseTo(0.75, within(1e-4));
    }

    @Test
    void judgesEnterOnceThirtyGoldPairsAreJudged() {
        for (int judged : new int[] {29, 30}) {
            List<RightnessCalibrator.Input> inputs = new ArrayList<>();
            boolean[] right = new boolean[60];
            for (int i = 0; i < 60; i++) {
                right[i] = i % 3 != 0;
                inputs.add(new RightnessCalibrator.Input(0, 0, i < judged ? (right[i] ? 1 : -1) : 0));
            }
            double slope = RightnessCalibrator.fit(inputs, right).orElseThrow().weights()[3];
            assertThat(slope > 0).isEqualTo(judged == 30);
        }
    }
}
