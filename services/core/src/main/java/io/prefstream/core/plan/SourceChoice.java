package io.prefstream.core.plan;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which source to ask about a pair: the one whose answer is expected to tell most for a dollar. What an answer tells is the
 * mutual information, in bits, between it and whether the pair's label is right; an answer that cannot turn the decision
 * alone still counts, since votes add up. Stateless; any thread.
 *
 * @see <a href="https://doi.org/10.1214/aoms/1177728069">D. V. Lindley, On a Measure of the Information Provided by an
 *     Experiment, 1956</a>
 */
public final class SourceChoice {

    private SourceChoice() {}

    /**
     * Someone who can be asked, and how their answers compare with gold. Each rate has a uniform prior, so a source that was
     * never measured is worth nothing.
     *
     * @param name what it is called
     * @param usd US dollars an answer, 0 or more
     * @param rightYes pairs whose label is right and that it called right
     * @param rightNo pairs whose label is right and that it called wrong
     * @param wrongYes pairs whose label is wrong and that it called right
     * @param wrongNo pairs whose label is wrong and that it called wrong
     */
    public record Source(String name, double usd, long rightYes, long rightNo, long wrongYes, long wrongNo) {

        /** A source of which only is known how often it is right, whatever the label. */
        public static Source of(String name, double usd, long right, long n) {
            long half = right / 2;
            long wrong = n - right;
            return new Source(name, usd, right - half, wrong / 2, wrong - wrong / 2, half);
        }

        /** Answers that were compared with gold. */
        public long measured() {
            return rightYes + rightNo + wrongYes + wrongNo;
        }

        /** Probability that it calls a right label right. */
        public double sensitivity() {
            return (rightYes + 1.0) / (rightYes + rightNo + 2.0);
        }

        /** Probability that it calls a wrong label wrong. */
        public double specificity() {
            return (wrongNo + 1.0) / (wrongYes + wrongNo + 2.0);
        }

        /** Bits that its answer is expected to tell of a label that is right with this probability, 0..1. */
        public double information(double pRight) {
            double yes = pRight * sensitivity() + (1 - pRight) * (1 - specificity());
            return Math.max(0, bits(yes) - pRight * bits(sensitivity()) - (1 - pRight) * bits(specificity()));
        }

        /** By how much its answer is expected to lower the chance that the likelier side is the wrong one, 0..0.5. */
        public double errorSaved(double pRight) {
            double q = 1 - pRight;
            double after = Math.min(pRight * sensitivity(), q * (1 - specificity()))
                    + Math.min(pRight * (1 - sensitivity()), q * specificity());
            return Math.max(0, Math.min(pRight, q) - after);
        }

        /** Bits a dollar; what tells nothing is worth nothing, and what is free and tells something is beyond price. */
        public double perDollar(double pRight) {
            double bits = information(pRight);
            return bits < LEAST_BITS ? 0 : bits / usd;
        }
    }

    private static final double LEAST_BITS = 1e-6;

    /**
     * The source to ask.
     *
     * @param sources in any order, names distinct; at the same value the one that tells more, then the first by name
     * @return empty when no answer would tell anything
     */
    public static Optional<Source> best(List<Source> sources, double pRight) {
        return sources.stream()
                .filter(source -> source.perDollar(pRight) > 0)
                .max(Comparator.comparingDouble((Source s) -> s.perDollar(pRight))
                        .thenComparingDouble(s -> s.information(pRight))
                        .thenComparing(Comparator.comparing(Source::name).reversed()));
    }

    /** Entropy of a coin, in bits. */
    private static double bits(double p) {
        return p <= 0 || p >= 1 ? 0 : -(p * StrictMath.log(p) + (1 - p) * StrictMath.log(1 - p)) / StrictMath.log(2);
    }
}
