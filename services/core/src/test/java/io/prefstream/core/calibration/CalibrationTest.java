package io.prefstream.core.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.prefstream.core.stats.Logistic;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CalibrationTest {

    private static final int FOLDS = 5;

    /** Margins that say the truth, and labels drawn by them. */
    private record World(double[] margins, boolean[] right, int[] folds) {
        static World of(int n, long seed) {
            Random random = new Random(seed);
            World world = new World(new double[n], new boolean[n], new int[n]);
            for (int i = 0; i < n; i++) {
                world.margins[i] = 2 * random.nextGaussian();
                world.right[i] = random.nextDouble() < Logistic.sigmoid(world.margins[i]);
                world.folds[i] = random.nextInt(FOLDS);
            }
            return world;
        }

        World times(double factor) {
            double[] scaled = margins.clone();
            for (int i = 0; i < scaled.length; i++) {
                scaled[i] *= factor;
            }
            return new World(scaled, right, folds);
        }

        double loss(double temperature) {
            double loss = 0;
            for (int i = 0; i < right.length; i++) {
                loss += Logistic.loss(margins[i] / temperature, right[i] ? 1 : 0);
            }
            return loss;
        }

        Calibration calibration() {
            return Calibration.of(margins, right, folds, FOLDS);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void findsByHowMuchMarginsAreTooLarge(long seed) {
        World world = World.of(4000, seed);
        double own = Temperature.fit(world.margins(), world.right());

        World louder = world.times(3);

        assertThat(own).isCloseTo(1, within(0.1));
        assertThat(Temperature.fit(louder.margins(), louder.right())).isCloseTo(3 * own, within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5, 6})
    void noOtherTemperatureHasLessLoss(long seed) {
        World world = World.of(200, seed).times(2.5);
        double best = Temperature.fit(world.margins(), world.right());

        for (double factor : new double[] {0.5, 0.9, 0.999, 1.001, 1.1, 2}) {
            assertThat(world.loss(best)).isLessThan(world.loss(best * factor));
        }
    }

    @Test
    void staysWithinItsBounds() {
        boolean[] right = {true, true, false};

        assertThat(Temperature.fit(new double[] {1, 2, -1}, right)).isEqualTo(Temperature.LEAST);
        assertThat(Temperature.fit(new double[] {-1, -2, 1}, right)).isEqualTo(Temperature.MOST);
        assertThat(Temperature.fit(new double[3], right)).isEqualTo(1);
        assertThat(Temperature.fit(new double[0], new boolean[0])).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 8})
    void aLabelsProbabilityOwesNothingToTheLabelsOfItsFold(long seed) {
        World world = World.of(300, seed);
        double[] before = Temperature.outOfFold(world.margins(), world.right(), world.folds(), FOLDS);
        boolean[] turned = world.right().clone();
        for (int i = 0; i < turned.length; i++) {
            turned[i] = (world.folds()[i] == 2) != turned[i];
        }

        double[] after = Temperature.outOfFold(world.margins(), turned, world.folds(), FOLDS);

        for (int i = 0; i < before.length; i++) {
            if (world.folds()[i] == 2) {
                assertThat(after[i]).isEqualTo(before[i]);
            } else {
                assertThat(after[i]).isNotEqualTo(before[i]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {9, 10, 11})
    void mendsAModelThatIsTooSureAndLeavesItsOrder(long seed) {
        Calibration honest = World.of(3000, seed).calibration();
        Calibration tooSure = World.of(3000, seed).times(4).calibration();

        assertThat(tooSure.correct()).isEqualTo(honest.correct());
        assertThat(tooSure.raw().ece()).isGreaterThan(0.1);
        assertThat(tooSure.calibrated().ece()).isLessThan(0.03);
        assertThat(tooSure.calibrated().logLoss()).isLessThan(tooSure.raw().logLoss() - 0.1);
        assertThat(tooSure.calibrated().brier()).isLessThan(tooSure.raw().brier());
    }

    @ParameterizedTest
    @ValueSource(longs = {12, 13})
    void theOrderOfLabelsAndTheSideOfAPairHaveNoEffect(long seed) {
        World world = World.of(157, seed);
        List<Integer> order = new ArrayList<>(IntStream.range(0, 157).boxed().toList());
        Collections.shuffle(order, new Random(seed));
        World other = new World(new double[157], new boolean[157], new int[157]);
        for (int i = 0; i < 157; i++) {
            int from = order.get(i);
            boolean turn = i % 2 == 0;
            other.margins()[i] = turn ? -world.margins()[from] : world.margins()[from];
            other.right()[i] = turn != world.right()[from];
            other.folds()[i] = world.folds()[from];
        }

        Map<String, Double> one = world.calibration().metrics();
        Map<String, Double> two = other.calibration().metrics();

        assertThat(two.keySet()).isEqualTo(one.keySet());
        one.forEach((name, figure) -> assertThat(two.get(name)).as(name).isCloseTo(figure, within(1e-9)));
    }

    @Test
    void countsByHand() {
        Reliability four = Reliability.of(new double[] {0.9, 0.9, 0.2, 0.5}, new boolean[] {true, false, false, true});

        assertThat(four.labels()).isEqualTo(4);
        assertThat(four.brier()).isCloseTo((0.01 + 0.81 + 0.04 + 0.25) / 4, within(1e-12));
        assertThat(four.logLoss())
                .isCloseTo(-(Math.log(0.9) + Math.log(0.1) + Math.log(0.8) + Math.log(0.5)) / 4, within(1e-9));
        // Confidences .9 (one of two right), .8 (right), .5 (half right): 2/4 of .4 off and 1/4 of .2 off.
        assertThat(four.ece()).isCloseTo(0.25, within(1e-12));
        assertThat(four.bins().get(8).labels()).isEqualTo(2);
        assertThat(four.bins().get(0).right()).isEqualTo(0.5);
        assertThatThrownBy(() -> Reliability.of(new double[0], new boolean[0])).hasMessageContaining("no label");
    }

    @Test
    void adaptiveBinsHoldEquallyManyLabels() {
        double[] p = IntStream.range(0, 1000).mapToDouble(i -> 0.95 + i * 5e-5).toArray();
        boolean[] right = new boolean[1000];
        for (int i = 0; i < 1000; i++) {
            right[i] = i < 500; // the less sure half is right, the surer half wrong
        }

        Reliability all = Reliability.of(p, right);

        assertThat(all.ece()).isCloseTo(0.475, within(0.001)); // one bin: .5 right, .975 said
        assertThat(all.adaptiveEce()).isGreaterThan(0.49); // five bins .04 too low, five .99 too high
    }

    @Test
    void errorsLieWithinTheirRangeAndBinsHoldEveryLabel() {
        for (long seed = 20; seed < 30; seed++) {
            World world = World.of(50, seed);
            Reliability raw = world.calibration().raw();

            assertThat(raw.ece()).isBetween(0.0, 1.0);
            assertThat(raw.adaptiveEce()).isBetween(0.0, 1.0);
            assertThat(raw.bins().stream().mapToInt(Reliability.Bin::labels).sum())
                    .isEqualTo(50);
        }
    }
}
