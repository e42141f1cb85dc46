package io.prefstream.trainer.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.core.reward.BradleyTerryHead;
import io.prefstream.core.reward.GoldPenalty;
import io.prefstream.core.reward.Standardizer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PenaltiesTest {

    private static final int FOLDS = 5;
    private static final String HASH = BradleyTerryHead.featuresHash(List.of("made up"));

    /** Rows of many columns, of which one decides or all decide a little. */
    private record World(float[][] diffs, boolean[] right, int[] folds) {
        static World of(int n, long seed, boolean oneDecides) {
            Random random = new Random(seed);
            World world = new World(new float[n][60], new boolean[n], new int[n]);
            for (int i = 0; i < n; i++) {
                double sum = 0;
                for (int j = 0; j < 60; j++) {
                    world.diffs[i][j] = (float) random.nextGaussian();
                    sum += j == 0 || !oneDecides ? world.diffs[i][j] : 0;
                }
                world.right[i] = random.nextDouble() < 0.1 != sum > 0;
                world.folds[i] = random.nextInt(FOLDS);
            }
            return world;
        }

        Families.Data data() {
            Standardizer scales = Standardizer.of(diffs, 60);
            return new Families.Data(HASH, scales, scales.apply(diffs), folds, f -> targets(), Families.GOLD_L2);
        }

        private double[] targets() {
            double[] targets = new double[right.length];
            for (int i = 0; i < targets.length; i++) {
                targets[i] = right[i] ? 1 : 0;
            }
            return targets;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theMemberThatLeavesAFoldOutOwesItsPenaltyToNoneOfThatFoldsLabels(long seed) {
        World world = World.of(200, seed, false);
        double[] before = Penalties.ofGold(world.data(), world.right(), FOLDS);
        for (int i = 0; i < 200; i++) {
            world.right()[i] ^= world.folds()[i] == 2;
        }

        double[] after = Penalties.ofGold(world.data(), world.right(), FOLDS);

        assertThat(after[2]).isEqualTo(before[2]);
        assertThat(GoldPenalty.GRID).contains(after[0], after[FOLDS]);
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5, 6})
    void norDoesAHeadThatTrainsOnOtherPairs(long seed) {
        World pool = World.of(400, seed, true);
        World gold = World.of(200, seed + 100, true);
        Standardizer scales = pool.data().scales();
        Penalties.Labels labels = new Penalties.Labels(scales.apply(gold.diffs()), gold.right(), gold.folds());
        double[] before = Penalties.ofOthers(pool.data(), labels, FOLDS);
        for (int i = 0; i < 200; i++) {
            gold.right()[i] ^= gold.folds()[i] == 2;
        }

        double[] after = Penalties.ofOthers(pool.data(), labels, FOLDS);

        assertThat(after).hasSize(FOLDS + 1);
        assertThat(after[2]).isEqualTo(before[2]);
        assertThat(GoldPenalty.GRID).contains(after[0], after[FOLDS]);
    }
}
