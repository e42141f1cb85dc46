package io.prefstream.core.verdict;

/** Whether the gold labels carry a decision. */
public enum GoldState {
    /** Enough decided labels, both ways. */
    READY,
    /** Fewer decided labels than gold.min. */
    TOO_FEW,
    /** All decided labels point one way, so nothing can be calibrated. */
    ONE_SIDED;

    /** Default of gold.min. */
    public static final int MINIMUM = 30;

    /** The state of so many decided labels, of which so many call the original right. */
    public static GoldState of(long decided, long right, long minimum) {
        if (decided < minimum) {
            return TOO_FEW;
        }
        return right == 0 || right == decided ? ONE_SIDED : READY;
    }
}
