package io.prefstream.core.verdict;

/** Whether judges can change what the paper's table says of a pair. */
public enum JudgeNeed {
    /** They cannot: both models agree, or the gold model abstains. */
    NONE,
    /** They can only turn a discarded pair into a flip. */
    IF_BUDGET_ALLOWS,
    /** Without them the pair cannot be kept. */
    NEEDED;

    /**
     * Of a pair that both models have scored.
     *
     * @param best P(chosen better) of the best reward model
     * @param gold the same of the gold reward model
     */
    public static JudgeNeed of(double best, double gold, Bands bands) {
        boolean goldAgrees = gold > 0.5;
        if (bands.goldAbstains(gold)) {
            return NONE;
        }
        if (!bands.bestAbstains(best) && best > 0.5 == goldAgrees) {
            return NONE;
        }
        return goldAgrees ? NEEDED : IF_BUDGET_ALLOWS;
    }
}
