package io.prefstream.core.reward;

import io.prefstream.core.stats.Logistic;

/**
 * Fuses the built-in judges into a silver probability: the sum of their logits, each with its trust.
 *
 * @param pool trust in the pool head, at least 0
 * @param neighbours trust in the neighbours' vote, at least 0
 * @param source trust in the original label's reliability, at least 0
 * @param band half width of the abstention band around .5, 0 to .5
 */
public record VoteFusion(double pool, double neighbours, double source, double band) {
    /** Pool and source count in full, the neighbours half, since they are few; abstains between .4 and .6. */
    public static final VoteFusion DEFAULT = new VoteFusion(1, 0.5, 1, 0.1);

    /**
     * Probability that the chosen answer is better.
     *
     * @param poolP of a pool head that never saw the pair
     * @param neighboursP of the gold neighbours
     * @param reliability of the source in the pair's category
     */
    public double probability(double poolP, double neighboursP, double reliability) {
        return Logistic.sigmoid(pool * Logistic.logit(poolP)
                + neighbours * Logistic.logit(neighboursP)
                + source * Logistic.logit(reliability));
    }

    /** Whether the probability lies outside the abstention band and so makes a silver label. */
    public boolean decides(double probability) {
        return Math.abs(probability - 0.5) > band;
    }
}
