package io.prefstream.consistencyfilter.domain;

import io.prefstream.core.cleaning.BenchmarkPrompts;
import io.prefstream.core.stats.Logistic;
import io.prefstream.core.verdict.HumanOutcome;
import io.prefstream.core.verdict.Judges;
import io.prefstream.wire.Verdict;
import io.prefstream.wire.VerdictKind;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What was known of a pair when it was decided, read back from its verdict. A fact that would have decided before the recorded
 * rule was not there; one that the rule hides is taken as it is known now.
 */
public final class Recorded {

    private static final String DEAD = "dead-letter:";

    private Recorded() {}

    /**
     * What is known of a pair now.
     *
     * @param human what people say
     * @param deadLetterStage stage in which it died, or null
     * @param sameFeatures whether its answers look alike to the models
     * @param contamination what it shares with a benchmark, or null
     * @param nearDuplicateOf the earliest pair that it nearly repeats, or null
     * @param category task category; empty when unknown
     */
    public record Now(
            HumanOutcome human,
            @Nullable String deadLetterStage,
            boolean sameFeatures,
            BenchmarkPrompts.@Nullable Hit contamination,
            @Nullable String nearDuplicateOf,
            String category) {
        /** Nothing special. */
        public static final Now PLAIN = new Now(HumanOutcome.NONE, null, false, null, null, "");
    }

    /** The evidence behind a verdict. */
    public static Evidence evidence(Verdict verdict, DecisionSettings settings, Now now) {
        String rule = verdict.getRule();
        int place = place(rule);
        return new Evidence(
                place == 2 ? human(verdict) : place == 0 ? now.human : HumanOutcome.NONE,
                verdict.getMirrorPairId() != null,
                place == 4 ? rule.substring(DEAD.length()) : place < 4 ? now.deadLetterStage : null,
                now.sameFeatures,
                margin(verdict.getPBest()),
                margin(verdict.getPGold()),
                judges(verdict.getJudges()),
                place == 0 ? now.contamination : null,
                place > 2 && settings.dropsNearDuplicates() ? null : now.nearDuplicateOf,
                notSelected(verdict, settings),
                now.category);
    }

    /** A pair that models have not published was no candidate, and what selection would have made of it is not known. */
    private static @Nullable String notSelected(Verdict verdict, DecisionSettings settings) {
        if (verdict.getRule().equals(Decision.NOT_SELECTED)) {
            return verdict.getReason();
        }
        boolean published = verdict.getVerdict() == VerdictKind.KEEP || verdict.getVerdict() == VerdictKind.FLIP;
        return settings.selects() && (!published || place(verdict.getRule()) == 2) ? Evidence.WAITS : null;
    }

    /** Place of a rule in the order in which they are asked. */
    private static int place(String rule) {
        return switch (rule) {
            case "contaminated" -> 0;
            case "near-duplicate" -> 1;
            case "human", "human-undecided" -> 2;
            case "contradiction" -> 3;
            default -> rule.startsWith(DEAD) ? 4 : 5;
        };
    }

    private static HumanOutcome human(Verdict verdict) {
        return verdict.getVerdict() == VerdictKind.KEEP
                ? HumanOutcome.CHOSEN
                : verdict.getVerdict() == VerdictKind.FLIP ? HumanOutcome.REJECTED : HumanOutcome.UNDECIDED;
    }

    private static Judges judges(@Nullable String said) {
        return said == null ? Judges.NOT_ASKED : Judges.valueOf(said.toUpperCase(Locale.ROOT));
    }

    private static @Nullable Double margin(@Nullable Double p) {
        return p == null ? null : (Double) Logistic.logit(p);
    }
}
