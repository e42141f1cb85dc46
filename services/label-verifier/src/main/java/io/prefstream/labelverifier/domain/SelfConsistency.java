package io.prefstream.labelverifier.domain;

import io.prefstream.wire.LabelOutcome;
import java.util.List;

/**
 * One judge's vote out of its answers: a majority within each order of the candidates, and a decision only where both
 * orders agree. Ties, answers that cannot be read and orders that disagree are no decision.
 */
public final class SelfConsistency {

    private SelfConsistency() {}

    /**
     * The vote.
     *
     * @param chosenFirst answers where the chosen answer was Candidate 1
     * @param rejectedFirst answers where the rejected answer was Candidate 1
     * @return CHOSEN, REJECTED or UNDECIDED
     */
    public static LabelOutcome vote(List<Said> chosenFirst, List<Said> rejectedFirst) {
        int one = lean(chosenFirst, Said.FIRST, Said.SECOND);
        int other = lean(rejectedFirst, Said.SECOND, Said.FIRST);
        if (one == 0 || one != other) {
            return LabelOutcome.UNDECIDED;
        }
        return one > 0 ? LabelOutcome.CHOSEN : LabelOutcome.REJECTED;
    }

    /** Majority over judges, one vote each; a tie is no decision. */
    public static LabelOutcome majority(List<LabelOutcome> judges) {
        int sum = 0;
        for (LabelOutcome vote : judges) {
            sum += vote == LabelOutcome.CHOSEN ? 1 : vote == LabelOutcome.REJECTED ? -1 : 0;
        }
        return sum > 0 ? LabelOutcome.CHOSEN : sum < 0 ? LabelOutcome.REJECTED : LabelOutcome.UNDECIDED;
    }

    private static int lean(List<Said> answers, Said chosen, Said rejected) {
        long forChosen = answers.stream().filter(chosen::equals).count();
        long forRejected = answers.stream().filter(rejected::equals).count();
        long rest = answers.size() - forChosen - forRejected;
        return forChosen > forRejected + rest ? 1 : forRejected > forChosen + rest ? -1 : 0;
    }
}
