package io.prefstream.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prefstream.core.plan.Planner.Mix;
import io.prefstream.core.plan.Planner.Plan;
import io.prefstream.core.plan.Planner.Rates;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlannerPropertyTest {

    private static final Rates WORKED_EXAMPLE = rates("0.50", "0.05", "0.01");
    private static final BigDecimal CENT = new BigDecimal("0.01");
    private static final BigDecimal LEAST = new BigDecimal("0.0001");

    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void neverCostsMoreThanTheBudgetAndLeavesNoPairUnbought(long seed) {
        Random random = new Random(seed);
        Planner planner = planner(random);
        BigDecimal budget = planner.cheapest().orElseThrow().usd().add(dollars(random, 5_000_000));

        Plan plan = planner.forBudget(budget).orElseThrow();

        assertThat(plan.usd()).isLessThanOrEqualTo(budget);
        assertThat(plan.goldUsd().add(plan.silverUsd()).add(plan.stageTwoUsd())).isEqualByComparingTo(plan.usd());
        assertThat(plan.usd()).isEqualByComparingTo(planner.rates().of(plan.gold(), plan.silver(), plan.stageTwo()));
        long pairs = plan.gold() + plan.silver() + plan.stageTwo();
        assertThat(pairs).isLessThanOrEqualTo(planner.most());
        if (pairs + 3 <= Math.min(planner.most(), planner.curve().most())) {
            // The next size adds at most one pair of each.
            assertThat(plan.usd().add(planner.rates().of(1, 1, 1))).isGreaterThan(budget);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void buysNoLessForMore(long seed) {
        Random random = new Random(seed);
        Planner planner = planner(random);
        BigDecimal budget = planner.cheapest().orElseThrow().usd().add(dollars(random, 1_000_000));
        BigDecimal more = budget.add(dollars(random, 100_000));

        Plan one = planner.forBudget(budget).orElseThrow();
        Plan other = planner.forBudget(more).orElseThrow();

        assertThat(other.score()).isGreaterThanOrEqualTo(one.score());
        assertThat(other.gold()).isGreaterThanOrEqualTo(one.gold());
        assertThat(other.stageTwo()).isGreaterThanOrEqualTo(one.stageTwo());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aTargetCostsWhatItTakesAndNotACentLess(long seed) {
        Random random = new Random(seed);
        Planner planner = planner(random);
        double least = planner.cheapest().orElseThrow().score();
        double best = planner.largest().orElseThrow().score();
        double target = least + random.nextDouble() * (best - least);

        Plan plan = planner.forTarget(target).orElseThrow();

        assertThat(plan.score()).isGreaterThanOrEqualTo(target);
        assertThat(planner.forBudget(plan.usd()).orElseThrow().score()).isGreaterThanOrEqualTo(target);
        Optional<Plan> short_ = planner.forBudget(plan.usd().subtract(LEAST));
        short_.ifPresent(p -> assertThat(p.score()).isLessThan(target));
        assertThat(planner.forTarget(best + 0.001)).isEmpty();
    }

    @Test
    void solvesThePapersExampleToTheCent() {
        // 50,000 dollars at .50, .05 and .01, half of it for 50,000 gold pairs.
        Planner planner =
                new Planner(ScalingCurve.paper(), WORKED_EXAMPLE, new Mix(50_000, 0, 100_000, 0), Long.MAX_VALUE);

        Plan plan = planner.forBudget(new BigDecimal("50000")).orElseThrow();

        assertThat(plan.stageTwo()).isEqualTo(2_000_000);
        assertThat(plan.usd()).isEqualByComparingTo("50000");
        assertThat(plan.score()).isBetween(81.0, 82.3);
        // 100,000 gold pairs take it all, and leave too few for silver.
        Planner allGold = new Planner(ScalingCurve.paper(), WORKED_EXAMPLE, new Mix(100_000, 0, 1, 0), Long.MAX_VALUE);
        assertThat(allGold.forBudget(new BigDecimal("50000"))).isEmpty();
        assertThat(allGold.cheapest().orElseThrow().usd()).isEqualByComparingTo("50000.05");
    }

    @Test
    void refusesABudgetBelowTheCurvesBeginning() {
        Planner planner = new Planner(ScalingCurve.paper(), WORKED_EXAMPLE, new Mix(0, 0, 0, 0), Long.MAX_VALUE);
        Plan cheapest = planner.cheapest().orElseThrow();

        assertThat(cheapest.stageTwo()).isEqualTo(29_427);
        assertThat(planner.forBudget(cheapest.usd().subtract(CENT))).isEmpty();
        assertThat(planner.forBudget(cheapest.usd())).contains(cheapest);
        assertThat(new Planner(ScalingCurve.paper(), WORKED_EXAMPLE, new Mix(0, 0, 0, 0), 1000).cheapest())
                .isEmpty();
    }

    @Test
    void refusesSharesOfMoreThanAll() {
        assertThatThrownBy(() -> new Mix(0, 0.6, 0, 0.5)).hasMessageContaining("0.6 and 0.5");
    }

    @Test
    void readsThePapersCurve() {
        ScalingCurve curve = ScalingCurve.paper();

        assertThat(curve.score(278_784)).isEqualTo(72.8);
        assertThat(curve.score(curve.most())).isEqualTo(87.2);
        assertThat(curve.score(1)).isEqualTo(55.8);
        // The paper's first crossing of 80 points is at .0876 of the run.
        assertThat(curve.score(1_356_749)).isCloseTo(80, org.assertj.core.api.Assertions.within(0.15));
        assertThat(curve.halfWidth(1_000_000)).isBetween(0.1, 2.0);
    }

    @Test
    void refusesPointsThatFall() {
        assertThatThrownBy(() -> ScalingCurve.measured(
                        "x",
                        List.of(
                                new ScalingCurve.Point(10, 50, 1),
                                new ScalingCurve.Point(20, 49, 1),
                                new ScalingCurve.Point(30, 60, 1))))
                .hasMessageContaining("must grow");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void fitsTheLineThatPointsLieOn(long seed) {
        Random random = new Random(seed);
        double slope = 1 + random.nextDouble();
        List<ScalingCurve.Point> points = new ArrayList<>();
        for (int i = 1; i <= 6; i++) {
            points.add(new ScalingCurve.Point(100L * i, 50 + slope * Math.log(100.0 * i), 1 + random.nextInt(100)));
        }

        ScalingCurve curve = ScalingCurve.fitted("own", points).orElseThrow();

        assertThat(curve.score(350))
                .isCloseTo(50 + slope * Math.log(350), org.assertj.core.api.Assertions.within(1e-6));
        assertThat(curve.halfWidth(350)).isCloseTo(0, org.assertj.core.api.Assertions.within(1e-6));
        assertThat(curve.most()).isEqualTo(6000);
    }

    @Test
    void fitsNothingToTooFewPointsOrToAFallingLine() {
        ScalingCurve.Point a = new ScalingCurve.Point(100, 60, 50);
        ScalingCurve.Point b = new ScalingCurve.Point(200, 58, 50);
        assertThat(ScalingCurve.fitted("own", List.of(a, b, b))).isEmpty();
        assertThat(ScalingCurve.fitted("own", List.of(a, b, new ScalingCurve.Point(400, 57, 50))))
                .isEmpty();
    }

    @Test
    void isLessSureFarFromWhatWasMeasured() {
        ScalingCurve curve = ScalingCurve.fitted(
                        "own",
                        List.of(
                                new ScalingCurve.Point(100, 60, 50),
                                new ScalingCurve.Point(200, 66, 50),
                                new ScalingCurve.Point(400, 70, 50),
                                new ScalingCurve.Point(800, 73, 50)))
                .orElseThrow();

        assertThat(curve.halfWidth(5000)).isGreaterThan(curve.halfWidth(300));
        assertThat(curve.score(5000)).isGreaterThan(curve.score(800)).isLessThanOrEqualTo(100);
    }

    private static Planner planner(Random random) {
        Rates rates = new Rates(
                dollars(random, 2).add(LEAST),
                dollars(random, 1).add(LEAST),
                dollars(random, 1).add(LEAST)); // Stage 2 may well be dearer than Stage 1
        Mix mix = random.nextBoolean()
                ? new Mix(random.nextInt(20_000), 0, random.nextInt(20_000), 0)
                : new Mix(random.nextInt(100), random.nextDouble() / 3, 0, random.nextDouble() / 3);
        return new Planner(ScalingCurve.paper(), rates, mix, 1_000_000 + random.nextInt(20_000_000));
    }

    private static BigDecimal dollars(Random random, int most) {
        return BigDecimal.valueOf(random.nextLong(most * 10_000L), 4);
    }

    private static Rates rates(String gold, String silver, String stageTwo) {
        return new Rates(new BigDecimal(gold), new BigDecimal(silver), new BigDecimal(stageTwo));
    }
}
