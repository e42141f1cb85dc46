package io.prefstream.core.verdict;

import org.jspecify.annotations.Nullable;

/**
 * Everything the rules look at.
 *
 * @param human what people said
 * @param contradiction whether the same answers also stand in the other order, and nobody decided for this one
 * @param deadLetterStage stage in which the pair died, or null
 * @param sameFeatures whether both answers look alike to the models
 * @param pRight probability that the original label is right; null without a calibration
 * @param pBest P(chosen better) of the best reward model, original order; null when not scored
 * @param pGold the same of the gold reward model
 * @param judges what the judges said
 * @param judgesInPRight whether the judges' vote is part of pRight (30 gold pairs have been judged)
 */
public record PairFacts(
        HumanOutcome human,
        boolean contradiction,
        @Nullable String deadLetterStage,
        boolean sameFeatures,
        @Nullable Double pRight,
        @Nullable Double pBest,
        @Nullable Double pGold,
        Judges judges,
        boolean judgesInPRight) {}
