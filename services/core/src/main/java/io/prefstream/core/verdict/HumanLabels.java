package io.prefstream.core.verdict;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Several raters on one pair become one outcome. Stateless; any thread. */
public final class HumanLabels {
    private HumanLabels() {}

    /** What one rater said. */
    public enum Said {
        CHOSEN,
        REJECTED,
        TIE,
        CANNOT_TELL
    }

    /**
     * One vote.
     *
     * @param annotator who; null is somebody else each time
     * @param said what
     * @param at when; null when unknown
     * @param line position of the vote in its input, from 1
     */
    public record Vote(
            @Nullable String annotator, Said said, @Nullable Instant at, long line) {}

    // Two votes of one rater: the later `at` counts; where either has none, or both are equal, the later line does.
    private static final Comparator<Vote> LATER = (a, b) -> {
        int byTime = a.at == null || b.at == null ? 0 : a.at.compareTo(b.at);
        return byTime != 0 ? byTime : Long.compare(a.line, b.line);
    };

    /** Majority of the decided votes, one a rater; equal numbers or no decided vote are UNDECIDED, no votes NONE. */
    public static HumanOutcome outcome(Collection<Vote> votes) {
        if (votes.isEmpty()) {
            return HumanOutcome.NONE;
        }
        long balance = 0;
        for (Vote vote : latest(votes)) {
            balance += vote.said == Said.CHOSEN ? 1 : vote.said == Said.REJECTED ? -1 : 0;
        }
        return balance > 0 ? HumanOutcome.CHOSEN : balance < 0 ? HumanOutcome.REJECTED : HumanOutcome.UNDECIDED;
    }

    /** The votes that count: of one rater the last. */
    public static List<Vote> latest(Collection<Vote> votes) {
        List<Vote> kept = new ArrayList<>();
        Map<String, Vote> byRater = new HashMap<>();
        for (Vote vote :
                votes.stream().sorted(Comparator.comparingLong(Vote::line)).toList()) {
            if (vote.annotator == null) {
                kept.add(vote);
            } else {
                byRater.merge(vote.annotator, vote, (old, now) -> LATER.compare(now, old) >= 0 ? now : old);
            }
        }
        kept.addAll(byRater.values());
        return kept;
    }
}
