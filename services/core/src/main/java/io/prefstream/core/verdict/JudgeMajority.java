package io.prefstream.core.verdict;

/**
 * Majority over LLM judges, one vote each; a tie is no decision. A side that only judges of one answer's own model family are
 * on is none either, since models prefer what their kin wrote.
 */
public final class JudgeMajority {

    private int chosen;
    private int rejected;
    private boolean chosenByOther;
    private boolean rejectedByOther;
    private boolean asked;

    /**
     * Counts one vote.
     *
     * @param side above 0 when the judge holds the original label right, below 0 when wrong, 0 without a decision
     * @param ownFamily whether just one of the two answers is of the judge's own family
     */
    public void add(int side, boolean ownFamily) {
        asked = true;
        chosen += side > 0 ? 1 : 0;
        rejected += side < 0 ? 1 : 0;
        chosenByOther |= side > 0 && !ownFamily;
        rejectedByOther |= side < 0 && !ownFamily;
    }

    /** Whether a judge that isn't of one answer's own family is on a side, above or below 0; false for 0. */
    public boolean mayDecide(int side) {
        return side > 0 ? chosenByOther : side < 0 && rejectedByOther;
    }

    /** What they say together: 1 the original label is right, -1 wrong, 0 no decision. */
    public int side() {
        int side = Integer.compare(chosen, rejected);
        return mayDecide(side) ? side : 0;
    }

    /** The same as a fact of a pair. */
    public Judges judges() {
        return !asked ? Judges.NOT_ASKED : side() > 0 ? Judges.CHOSEN : side() < 0 ? Judges.REJECTED : Judges.NONE;
    }
}
