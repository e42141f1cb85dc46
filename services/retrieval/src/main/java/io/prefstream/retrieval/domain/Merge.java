package io.prefstream.retrieval.domain;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes one answer of the partitions' answers, the same however pairs are spread. Stateless; any thread. */
public final class Merge {

    /** Pairs of one entry that an anchor may fetch. */
    static final int MOST_OF_AN_ENTRY = 2;

    private Merge() {}

    /** The {@code k} best pairs among the partitions' hits, at most two an entry, best first. */
    public static List<Hit> best(Collection<Hit> hits, int k) {
        Map<String, Integer> taken = new HashMap<>();
        return hits.stream()
                .sorted(Hit.BEST_FIRST)
                .filter(hit -> taken.merge(hit.entry(), 1, Integer::sum) <= MOST_OF_AN_ENTRY)
                .limit(k)
                .toList();
    }
}
