package io.prefstream.consistencyfilter.domain;

import io.prefstream.core.cleaning.BenchmarkPrompts;
import io.prefstream.core.verdict.HumanOutcome;
import io.prefstream.core.verdict.Judges;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a pair, before a run's settings make a verdict of it.
 *
 * @param human what people said
 * @param mirrored whether the same answers also stand in the other order
 * @param deadLetterStage stage in which the pair died, or null
 * @param sameFeatures whether both answers look alike to the models
 * @param best margin of the best reward model, original order; null when not scored
 * @param gold the same of the gold reward model
 * @param judges what the judges said together
 * @param contamination what the pair shares with a benchmark; null for nothing
 * @param nearDuplicateOf the earliest pair that it nearly repeats; null when there is none
 * @param notSelected why selection holds it back, should models publish it; null when it doesn't
 * @param category task category; empty when unknown
 */
public record Evidence(
        HumanOutcome human,
        boolean mirrored,
        @Nullable String deadLetterStage,
        boolean sameFeatures,
        @Nullable Double best,
        @Nullable Double gold,
        Judges judges,
        BenchmarkPrompts.@Nullable Hit contamination,
        @Nullable String nearDuplicateOf,
        @Nullable String notSelected,
        String category) {

    /** What holds back a pair that no selection has seen. */
    public static final String WAITS = "no selection has seen it yet; the next run's will";
}
