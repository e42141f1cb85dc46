package io.prefstream.retrieval.domain;

import java.util.Comparator;

/**
 * One pair found.
 *
 * @param entry names the (x, a) text that the pair shares with others
 * @param similarity cosine to the anchor, -1 to 1
 * @param order orders the pairs of one entry: a hash of seed, round and pair, 16 hex digits
 */
public record Hit(String pairId, String entry, double similarity, String order) {

    /** Nearest entry first, equally near ones by name; within an entry by order. Total, so results never vary. */
    static final Comparator<Hit> BEST_FIRST = Comparator.comparingDouble(Hit::similarity)
            .reversed()
            .thenComparing(Hit::entry)
            .thenComparing(Hit::order)
            .thenComparing(Hit::pairId);
}
