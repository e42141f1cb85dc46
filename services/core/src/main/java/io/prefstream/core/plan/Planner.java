package io.prefstream.core.plan;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * Solves B = c_H |gold| + c_L1 |silver| + c_L2 |stage 2| for a budget or a target score, in whole pairs and exact decimals.
 *
 * <p>All three counts grow with one number, so costs and score never fall with it: a plan for a budget is the largest that
 * fits, a plan for a target the smallest that reaches it, and of two the cheaper is found by bisection. Immutable; any
 * thread.
 *
 * @param curve how the score grows with the pairs of all three
 * @param rates what a pair costs
 * @param mix how many of them people and judges label
 * @param most most pairs there are, of all three together
 */
public record Planner(ScalingCurve curve, Rates rates, Mix mix, long most) {

    /**
     * US dollars a pair, each 0 or more.
     *
     * @param gold verified by people
     * @param silver labelled by judges under people's guidance, in Stage 1
     * @param stageTwo passed by the automatic Stage 2
     */
    public record Rates(BigDecimal gold, BigDecimal silver, BigDecimal stageTwo) {

        BigDecimal of(long goldPairs, long silverPairs, long stageTwoPairs) {
            return gold.multiply(BigDecimal.valueOf(goldPairs))
                    .add(silver.multiply(BigDecimal.valueOf(silverPairs)))
                    .add(stageTwo.multiply(BigDecimal.valueOf(stageTwoPairs)));
        }
    }

    /**
     * Shares of gold and silver in a plan; the rest is Stage 2's.
     *
     * @param goldLeast gold pairs whatever the size
     * @param goldShare share of gold, 0..1
     * @param silverLeast silver pairs whatever the size
     * @param silverShare share of silver, 0..1, with that of gold at most 1
     */
    public record Mix(long goldLeast, double goldShare, long silverLeast, double silverShare) {
        public Mix {
            if (!(goldShare >= 0 && silverShare >= 0 && goldShare + silverShare <= 1)) {
                throw new IllegalArgumentException("shares of gold and silver must lie in 0..1 together, got "
                        + goldShare + " and " + silverShare);
            }
        }

        long gold(long size) {
            return Math.max(goldLeast, up(goldShare * size));
        }

        long silver(long size) {
            return Math.max(silverLeast, up(silverShare * size));
        }

        long stageTwo(long size) {
            return goldShare + silverShare == 0 ? size : up((1 - goldShare - silverShare) * size);
        }

        private static long up(double pairs) {
            return (long) Math.ceil(pairs - 1e-9); // rounding must not add a pair
        }
    }

    /**
     * What to buy, and what to expect of it.
     *
     * @param gold pairs for people
     * @param silver pairs for judges in Stage 1
     * @param stageTwo pairs for Stage 2
     * @param goldUsd US dollars for people
     * @param silverUsd US dollars for Stage 1's judges
     * @param stageTwoUsd US dollars for Stage 2
     * @param usd US dollars in all
     * @param low lower end of the score's 90 % interval, points
     * @param score expected score, points
     * @param high upper end
     */
    public record Plan(
            long gold,
            long silver,
            long stageTwo,
            BigDecimal goldUsd,
            BigDecimal silverUsd,
            BigDecimal stageTwoUsd,
            BigDecimal usd,
            double low,
            double score,
            double high) {}

    /** The largest plan within a budget in US dollars; empty when even the cheapest costs more. */
    public Optional<Plan> forBudget(BigDecimal budget) {
        long first = first();
        if (!possible(first) || cost(first).compareTo(budget) > 0) {
            return Optional.empty();
        }
        long last = last(first, size -> possible(size) && cost(size).compareTo(budget) <= 0);
        return Optional.of(plan(last));
    }

    /** The cheapest plan that is expected to reach a score in points; empty when no number of pairs does. */
    public Optional<Plan> forTarget(double score) {
        long first = first();
        if (!possible(first)) {
            return Optional.empty();
        }
        if (curve.score(total(first)) >= score) {
            return Optional.of(plan(first));
        }
        long below = last(first, size -> curve.score(total(size)) < score && possible(size));
        return possible(below + 1) ? Optional.of(plan(below + 1)) : Optional.empty();
    }

    /** The cheapest plan that the curve says anything of; empty when there are too few pairs for it. */
    public Optional<Plan> cheapest() {
        return possible(first()) ? Optional.of(plan(first())) : Optional.empty();
    }

    /** The largest plan that the curve and the pairs allow. */
    public Optional<Plan> largest() {
        return possible(first()) ? Optional.of(plan(last(first(), this::possible))) : Optional.empty();
    }

    private Plan plan(long size) {
        long total = total(size);
        double score = curve.score(total);
        double half = curve.halfWidth(total);
        return new Plan(
                mix.gold(size),
                mix.silver(size),
                mix.stageTwo(size),
                rates.of(mix.gold(size), 0, 0),
                rates.of(0, mix.silver(size), 0),
                rates.of(0, 0, mix.stageTwo(size)),
                cost(size),
                Math.max(0, score - half),
                score,
                Math.min(100, score + half));
    }

    private long total(long size) {
        return mix.gold(size) + mix.silver(size) + mix.stageTwo(size);
    }

    private BigDecimal cost(long size) {
        return rates.of(mix.gold(size), mix.silver(size), mix.stageTwo(size));
    }

    private boolean possible(long size) {
        return total(size) <= Math.min(curve.most(), most);
    }

    /** The smallest size that the curve covers. */
    private long first() {
        if (total(0) >= curve.least()) {
            return 0;
        }
        return last(0, size -> total(size) < curve.least()) + 1;
    }

    /** The last size for which {@code holds}, which it does at {@code from} and never again once it doesn't. */
    private static long last(long from, LongPredicate holds) {
        long step = 1;
        while (holds.test(from + step)) {
            step *= 2;
        }
        long low = from + step / 2;
        long high = from + step;
        while (high - low > 1) {
            long middle = (low + high) >>> 1;
            if (holds.test(middle)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
