package io.prefstream.core.cleaning;

import io.prefstream.core.verdict.HumanOutcome;
import io.prefstream.core.verdict.Verdict;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The cleaning rules that end a pair before any model is asked. Stateless; any thread. */
public final class CleaningRules {

    /** Rule of a pair that shares text with a benchmark. */
    public static final String CONTAMINATED = "contaminated";

    /** Rule of a pair that is much like an earlier one. */
    public static final String NEAR_DUPLICATE = "near-duplicate";

    private CleaningRules() {}

    /**
     * The verdict of cleaning; empty when the pair goes on. A benchmark's text never trains, whatever people say of it; a
     * near-duplicate that people have judged stays.
     *
     * @param contamination what the pair shares with a benchmark; null for nothing
     * @param human what people said
     * @param nearDuplicateOf the earlier pair that it is much like; null when there is none or such pairs are kept
     */
    public static Optional<Verdict> decide(
            BenchmarkPrompts.@Nullable Hit contamination, HumanOutcome human, @Nullable String nearDuplicateOf) {
        if (contamination != null) {
            return Optional.of(new Verdict(Verdict.Kind.DISCARD, CONTAMINATED, contamination.reason()));
        }
        if (nearDuplicateOf != null && human == HumanOutcome.NONE) {
            return Optional.of(
                    new Verdict(Verdict.Kind.DISCARD, NEAR_DUPLICATE, "much like the earlier pair " + nearDuplicateOf));
        }
        return Optional.empty();
    }
}
