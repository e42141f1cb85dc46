package io.prefstream.core.stats;

import java.util.ArrayList;
import java.util.List;

/**
 * Which heads a cross-fitted round trains. The head that scores fold f never saw f. The votes it trains on, for a pair of
 * fold g, come from the head that saw neither f nor g, so that nothing about f leaks through a vote. Immutable.
 *
 * @param folds number of folds, at least 3
 */
public record CrossFit(int folds) {
    /** Checks the number of folds. */
    public CrossFit {
        if (folds < 3) {
            throw new IllegalArgumentException("cross-fitted votes need at least 3 folds, not " + folds);
        }
    }

    /**
     * The folds that a head leaves out; {@code first == second} leaves out one.
     *
     * @param first the smaller fold
     * @param second the greater fold
     */
    public record Excluded(int first, int second) {
        /** Puts the two folds in order. */
        public Excluded {
            if (first > second) {
                int greater = first;
                first = second;
                second = greater;
            }
        }

        /** Whether a pair of this fold may train the head. */
        public boolean trains(int fold) {
            return fold != first && fold != second;
        }

        /** Stable name for checkpoints: {@code 2} or {@code 1-3}. */
        public String label() {
            return first == second ? Integer.toString(first) : first + "-" + second;
        }
    }

    /** One exclusion a fold: the heads that score. */
    public List<Excluded> singles() {
        List<Excluded> all = new ArrayList<>();
        for (int f = 0; f < folds; f++) {
            all.add(new Excluded(f, f));
        }
        return List.copyOf(all);
    }

    /** Every pair of folds: the heads that vote. */
    public List<Excluded> pairs() {
        List<Excluded> all = new ArrayList<>();
        for (int f = 0; f < folds; f++) {
            for (int g = f + 1; g < folds; g++) {
                all.add(new Excluded(f, g));
            }
        }
        return List.copyOf(all);
    }

    /** The head that scores a pair of this fold. */
    public Excluded scorer(int fold) {
        return new Excluded(fold, fold);
    }

    /**
     * The head that votes on a pair of fold {@code pairFold} when the vote trains the head that leaves out {@code target}.
     *
     * @throws IllegalArgumentException when both are the same fold: such a pair does not train that head
     */
    public Excluded voter(int target, int pairFold) {
        if (target == pairFold) {
            throw new IllegalArgumentException("pairs of fold " + target + " do not train the head that leaves it out");
        }
        return new Excluded(target, pairFold);
    }
}
