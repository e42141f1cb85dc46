package io.prefstream.core.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoldPenaltyTest {

    private static final int FOLDS = 5;

    /** Labels, and margins of the grid of which one knows so much of them and the others nothing. */
    private record World(double[][] margins, boolean[] right, int[] folds) {
        static World of(int n, long seed, double knowing, double knows) {
            Random random = new Random(seed);
            World world = new World(new double[GoldPenalty.GRID.size()][n], new boolean[n], new int[n]);
            for (int i = 0; i < n; i++) {
                world.right[i] = random.nextBoolean();
                world.folds[i] = i % FOLDS;
                for (int g = 0; g < world.margins.length; g++) {
                    double signal = GoldPenalty.GRID.get(g) == knowing ? knows * (world.right[i] ? 1 : -1) : 0;
                    world.margins[g][i] = signal + random.nextGaussian();
                }
            }
            return world;
        }

        double choose(int without) {
            return GoldPenalty.choose(margins, right, folds, without, 2.0);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void takesThePenaltyThatKnowsTheLabels(long seed) {
        assertThat(World.of(200, seed, 0.3, 1).choose(-1)).isEqualTo(0.3);
        assertThat(World.of(200, seed, 20, 1).choose(-1)).isEqualTo(20);
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5, 6})
    void staysWithTheStandardOnFewLabels(long seed) {
        World few = World.of(GoldPenalty.ENOUGH, seed, 0.3, 3);

        assertThat(few.choose(0)).isEqualTo(2.0); // without a fold too few are left
        assertThat(few.choose(-1)).isEqualTo(0.3);
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 8, 9})
    void neverLooksAtTheFoldThatItIsMeasuredOn(long seed) {
        World world = World.of(150, seed, 0.7, 0.5);
        double before = world.choose(3);
        for (int i = 0; i < 150; i++) {
            if (world.folds()[i] == 3) {
                world.right()[i] ^= true;
                for (double[] margins : world.margins()) {
                    margins[i] = 40;
                }
            }
        }

        assertThat(world.choose(3)).isEqualTo(before);
    }

    @Test
    void largerMarginsOfTheSameOrderGainNothing() {
        World world = World.of(200, 10, 2, 1);
        for (int g = 0; g < world.margins().length; g++) {
            for (int i = 0; i < 200; i++) {
                world.margins()[g][i] = world.margins()[GoldPenalty.GRID.indexOf(2.0)][i] / GoldPenalty.GRID.get(g);
            }
        }

        assertThat(world.choose(-1)).isEqualTo(2.0);
    }

    @Test
    void columnsThatAreLeftOutHaveNoWeightAndNoSay() {
        Random random = new Random(11);
        float[][] diffs = new float[120][6];
        float[][] others = new float[120][6];
        for (int i = 0; i < diffs.length; i++) {
            for (int j = 0; j < 6; j++) {
                diffs[i][j] = (float) random.nextGaussian();
                others[i][j] = j == 1 || j == 4 ? 1000 * diffs[i][j] : diffs[i][j];
            }
        }
        double[] targets = new double[120];
        Arrays.fill(targets, 1);
        String hash = BradleyTerryHead.featuresHash(List.of("some"));

        Standardizer some = Standardizer.of(diffs, 3).only(j -> j != 1 && j != 4);
        BradleyTerryHead head = BradleyTerryHead.fit(hash, some, some.apply(diffs), targets, null, 0.1);

        assertThat(head.weights()[1]).isZero();
        assertThat(head.weights()[4]).isZero();
        assertThat(head.weights()[0]).isNotZero();
        assertThat(head.margin(others[7])).isEqualTo(head.margin(diffs[7]));
        assertThat(some.margin(head.weights(), some.apply(diffs[7]))).isCloseTo(head.margin(diffs[7]), within(1e-6));
        assertThat(BradleyTerryHead.decode(head.encode(), hash)).isEqualTo(head);
        NeighbourModel near = NeighbourModel.of(some, some.apply(diffs), new boolean[120], new int[120]);
        assertThat(NeighbourModel.decode(near.encode()).margin(others[7], -1, -1))
                .isEqualTo(near.margin(diffs[7], -1, -1))
                .isFinite();
    }
}
