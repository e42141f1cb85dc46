package io.prefstream.core.verdict;

import org.jspecify.annotations.Nullable;

/**
 * Probabilities so near to .5 that a model counts as undecided: |p - .5| <= epsilon. Immutable; any thread.
 *
 * @param best epsilon of the best reward model, below .5; 0 for no band, when exactly .5 counts as not agreeing
 * @param gold the same of the gold reward model
 */
public record Bands(double best, double gold) {
    /** No band. */
    public static final Bands NONE = new Bands(0, 0);

    /** Checks 0 <= epsilon < .5. */
    public Bands {
        if (!(best >= 0 && best < 0.5 && gold >= 0 && gold < 0.5)) {
            throw new IllegalArgumentException("need 0 <= epsilon < .5, not " + best + " and " + gold);
        }
    }

    /** Whether the best model says nothing at this probability; a pair it has not scored lies in no band. */
    public boolean bestAbstains(@Nullable Double p) {
        return within(p, best);
    }

    /** Whether the gold model says nothing at this probability; a pair it has not scored lies in no band. */
    public boolean goldAbstains(@Nullable Double p) {
        return within(p, gold);
    }

    private static boolean within(@Nullable Double p, double epsilon) {
        return p != null && epsilon > 0 && Math.abs(p - 0.5) <= epsilon;
    }
}
