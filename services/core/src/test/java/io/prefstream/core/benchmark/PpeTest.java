package io.prefstream.core.benchmark;

import static io.prefstream.core.benchmark.Items.item;
import static io.prefstream.core.benchmark.Items.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.prefstream.core.benchmark.ScoredItem.Duel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PpeTest {

    private static final double FAILED = Double.NEGATIVE_INFINITY;

    @Test
    void preferenceIsTheShareOfVotesThatAreMet() {
        List<ScoredItem> votes = List.of(
                item("1", "English", 1, 2, 1), item("2", "English", 1, 1, 1), item("3", "French", 1, FAILED, 1));

        Outcome outcome = new PpePreference().outcome(votes);

        assertThat(outcome.score()).isEqualTo(1 / 3.0);
        assertThat(value(outcome, "language", "English")).isEqualTo(0.5);
        assertThat(value(outcome, "language", "French")).isZero();
    }

    @Test
    void correctnessIsTheMeanOfComparisonsThenQuestionsThenSets() {
        List<ScoredItem> items = List.of(
                question("math", List.of(new Duel(0, 1), new Duel(0, 1), new Duel(0, 2)), 2, 3, 1), // 0 0 1
                question("math", List.of(new Duel(0, 2)), 2, 3, 1), // 1
                question("math", List.of(), 2, 3, 1), // left out
                question("gpqa", List.of(new Duel(0, 1)), 1, 1, 1), // a tie is wrong
                question("ifeval", List.of(new Duel(0, 1)), FAILED, FAILED, 1)); // so is what failed

        Outcome outcome = new PpeCorrectness(0).outcome(items);

        assertThat(value(outcome, "accuracy", "math")).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(outcome.score()).isCloseTo(2 / 9.0, within(1e-12));
        assertThat(outcome.missing()).containsExactly("mmlu-pro", "mbpp-plus");
    }

    private static ScoredItem question(String set, List<Duel> duels, double... scores) {
        boolean[] right = new boolean[scores.length];
        right[0] = true;
        return new ScoredItem("q", set, right, duels, scores);
    }

    @Test
    void areaUnderTheCurveIsOverScoresWithinTheirQuestion() {
        // Normalised: right 1, wrong 0 and .5; right .25, wrong 0 and 1. The first wins 3.5 of 4 comparisons, the
        // second 2.
        List<ScoredItem> items = List.of(item("a", "math", 1, 30, 10, 20), item("b", "math", 1, 1, 0, 4));

        double area = RocArea.of(items);

        assertThat(area).isEqualTo((3.5 + 2) / 8.0);
    }

    @Test
    void areaOfEqualOrFailedScoresIsThatOfChanceOrBelow() {
        assertThat(RocArea.of(List.of(item("a", "math", 1, 7, 7, 7)))).isEqualTo(0.5);
        assertThat(RocArea.of(List.of(item("a", "math", 1, FAILED, 0, 1)))).isZero();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void expectationIsThatOfAllOrders(long seed) {
        Random random = new Random(seed);
        int n = 6;
        double[] scores = new double[n];
        boolean[] right = new boolean[n];
        for (int i = 0; i < n; i++) {
            int draw = random.nextInt(4); // few values, so that some are equal
            scores[i] = draw == 0 ? FAILED : draw;
            right[i] = random.nextBoolean();
        }

        double[] expected = BestOfN.expected(scores, right);

        double[] counted = new double[n];
        int orders = count(scores, right, new ArrayList<>(), counted);
        for (int k = 0; k < n; k++) {
            assertThat(expected[k]).as("N = %d", k + 1).isCloseTo(counted[k] / orders, within(1e-12));
        }
    }

    /** Adds what is picked at each N over all orders that begin with the given one. */
    private static int count(double[] scores, boolean[] right, List<Integer> order, double[] counted) {
        if (order.size() == scores.length) {
            int best = order.getFirst();
            for (int k = 0; k < scores.length; k++) {
                best = scores[order.get(k)] > scores[best] ? order.get(k) : best;
                counted[k] += right[best] ? 1 : 0;
            }
            return 1;
        }
        int orders = 0;
        for (int next = 0; next < scores.length; next++) {
            if (!order.contains(next)) {
                List<Integer> longer = new ArrayList<>(order);
                longer.add(next);
                orders += count(scores, right, longer, counted);
            }
        }
        return orders;
    }

    @Test
    void sampledOrdersComeNearTheExpectationAndNeverChange() {
        Random random = new Random(5);
        List<ScoredItem> items = new ArrayList<>();
        for (int q = 0; q < 60; q++) {
            double[] scores = random.doubles(32).toArray();
            items.add(item("q" + q, "math", 8, scores));
        }

        Curve curve = BestOfN.curve("math", items, 1);

        assertThat(BestOfN.curve("math", items, 1).sampled()).isEqualTo(curve.sampled());
        assertThat(BestOfN.curve("math", items, 2).sampled()).isNotEqualTo(curve.sampled());
        for (int k = 0; k < 32; k++) {
            assertThat(curve.sampled()[k]).isCloseTo(curve.picked()[k], within(0.03));
        }
        assertThat(curve.picked()[0]).isCloseTo(0.25, within(1e-12));
        assertThat(curve.oracle()[0]).isCloseTo(0.25, within(1e-12));
        assertThat(curve.oracle()[31]).isCloseTo(1, within(1e-12));
    }

    @Test
    void lossMaxAndEndAreOfTheCurve() {
        Curve curve = new Curve("math", new double[] {0.5, 0.75, 0.5}, new double[3], new double[] {0.5, 1, 1});

        assertThat(curve.loss()).isCloseTo((0 + 0.0625 + 0.25) / 3, within(1e-12));
        assertThat(curve.max()).isEqualTo(0.75);
        assertThat(curve.end()).isEqualTo(0.5);
    }
}
