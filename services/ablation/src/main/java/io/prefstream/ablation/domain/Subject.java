package io.prefstream.ablation.domain;

import org.jspecify.annotations.Nullable;

/**
 * A pair of the pool, as a run decided it.
 *
 * @param pairId pair id
 * @param topic what it is about, for matching
 * @param category task category
 * @param diff raw features of the chosen less those of the rejected answer
 * @param length mean length of the two answers, in characters
 * @param margin the best model's margin in the original order; 0 where it was not scored
 * @param fate what the run did with it
 * @param verified what people say of the label, known to the run; null when nobody was asked
 * @param truth whether the label is right, known from outside; null where it isn't
 */
public record Subject(
        String pairId,
        String topic,
        String category,
        float[] diff,
        double length,
        double margin,
        Fate fate,
        @Nullable Boolean verified,
        @Nullable Boolean truth) {

    /** What a run does with a pair. */
    public enum Fate {
        /** Its label stands. */
        KEPT,
        /** Its label was turned round. */
        FLIPPED,
        /** It is left out. */
        DROPPED
    }
}
