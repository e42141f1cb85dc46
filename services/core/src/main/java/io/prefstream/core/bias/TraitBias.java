package io.prefstream.core.bias;

import io.prefstream.core.stats.Wilson;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far a trait sways a reward model. A model that follows a trait need not be wrong: people may like it too. So beside the
 * correlation stand the accuracy on human labels, apart for pairs whose better answer has more and has less of the trait, and how
 * often people and the model prefer more of it. A model is biased where its errors go
 * towards more of the trait more often than away from it, which is to lean further than people. A margin of 0 is wrong.
 *
 * @param spearman rank correlation of margin and trait over the pool, both orders of every pair, -1 to 1; NaN when either is
 *     always 0
 * @param perDeviation what the margin gains, in logits, by one root mean square of the trait; NaN when the trait is always 0
 * @param more gold pairs whose better answer has more of it
 * @param moreRight of these, pairs that the model ranks right
 * @param less gold pairs whose better answer has less of it
 * @param lessRight of these, pairs that the model ranks right
 */
public record TraitBias(double spearman, double perDeviation, long more, long moreRight, long less, long lessRight) {

    /** Two-sided level of every interval. */
    public static final double LEVEL = 0.90;

    /**
     * Measures a model; every margin comes from a member that has not seen the pair.
     *
     * @param poolTraits trait of each pool pair, chosen less rejected
     * @param poolMargins margin of each, chosen less rejected
     * @param goldTraits trait of each gold pair
     * @param goldMargins margin of each
     * @param right whether the original label of each gold pair is right
     */
    public static TraitBias of(
            double[] poolTraits, double[] poolMargins, double[] goldTraits, double[] goldMargins, boolean[] right) {
        long more = 0;
        long moreRight = 0;
        long less = 0;
        long lessRight = 0;
        for (int i = 0; i < right.length; i++) {
            double trait = right[i] ? goldTraits[i] : -goldTraits[i];
            boolean ranked = (right[i] ? goldMargins[i] : -goldMargins[i]) > 0;
            if (trait > 0) {
                more++;
                moreRight += ranked ? 1 : 0;
            } else if (trait < 0) {
                less++;
                lessRight += ranked ? 1 : 0;
            }
        }
        return new TraitBias(
                SignedRanks.correlation(poolTraits, poolMargins),
                perDeviation(poolTraits, poolMargins),
                more,
                moreRight,
                less,
                lessRight);
    }

    /** Slope of a line through the origin, as a pair turned round negates both, times the trait's root mean square. */
    private static double perDeviation(double[] traits, double[] margins) {
        double product = 0;
        double square = 0;
        for (int i = 0; i < traits.length; i++) {
            product += traits[i] * margins[i];
            square += traits[i] * traits[i];
        }
        return square == 0 ? Double.NaN : product / Math.sqrt(square * traits.length);
    }

    /** Accuracy where the better answer has more less that where it has less, -1 to 1; NaN when either has no label. */
    public double gap() {
        return share(moreRight, more) - share(lessRight, less);
    }

    /** Lower end of the gap's 90 % interval, of two Wilson intervals (Newcombe 1998, method 10). */
    public double gapLower() {
        return gap()
                - StrictMath.hypot(
                        share(moreRight, more) - Wilson.lower(moreRight, more, LEVEL),
                        Wilson.upper(lessRight, less, LEVEL) - share(lessRight, less));
    }

    /** Upper end of the gap's interval. */
    public double gapUpper() {
        return gap()
                + StrictMath.hypot(
                        Wilson.upper(moreRight, more, LEVEL) - share(moreRight, more),
                        share(lessRight, less) - Wilson.lower(lessRight, less, LEVEL));
    }

    /** Share of the gold pairs that differ in it of which people prefer the answer with more, 0 to 1; NaN without any. */
    public double peopleLean() {
        return share(more, more + less);
    }

    /** The same share for the model. */
    public double modelLean() {
        return share(moreRight + less - lessRight, more + less);
    }

    /** How much further than people the model leans, -1 to 1: errors towards more of it less those away from it, over all. */
    public double excess() {
        return modelLean() - peopleLean();
    }

    /** Lower end of the excess' 90 % interval, by Wilson's of the share of errors that go towards more of it. */
    public double excessLower() {
        return excess(Wilson.lower(towards(), errors(), LEVEL));
    }

    /** Upper end of the excess' interval. */
    public double excessUpper() {
        return excess(Wilson.upper(towards(), errors(), LEVEL));
    }

    private double excess(double shareTowards) {
        return (2 * shareTowards - 1) * share(errors(), more + less);
    }

    private long towards() {
        return less - lessRight;
    }

    private long errors() {
        return towards() + more - moreRight;
    }

    /** All figures that are defined, by name behind {@code bias_<trait>_}. */
    public Map<String, Double> metrics(Trait trait) {
        Map<String, Double> metrics = new TreeMap<>();
        String prefix = "bias_" + trait.wireName() + "_";
        metrics.put(prefix + "spearman", spearman);
        metrics.put(prefix + "per_sd", perDeviation);
        metrics.put(prefix + "more", (double) more);
        metrics.put(prefix + "more_right", (double) moreRight);
        metrics.put(prefix + "less", (double) less);
        metrics.put(prefix + "less_right", (double) lessRight);
        metrics.put(prefix + "gap", gap());
        metrics.put(prefix + "gap_lower", gapLower());
        metrics.put(prefix + "gap_upper", gapUpper());
        metrics.put(prefix + "people_lean", peopleLean());
        metrics.put(prefix + "model_lean", modelLean());
        metrics.put(prefix + "excess", excess());
        metrics.put(prefix + "excess_lower", excessLower());
        metrics.put(prefix + "excess_upper", excessUpper());
        metrics.values().removeIf(figure -> figure.isNaN());
        return metrics;
    }

    private static double share(long part, long all) {
        return all == 0 ? Double.NaN : (double) part / all;
    }
}
