package io.prefstream.core.benchmark;

import java.util.List;

/**
 * A benchmark's formula: from scores of answers to its owner's figures. Whatever the formula, an item whose right answer could
 * not be scored earns nothing. Stateless; any thread.
 */
public interface Benchmark {

    /** Name in commands and files, such as {@code rm-bench}. Never changes. */
    String id();

    /** Name for people. */
    String title();

    /** What an item earns, 0 to 1; NaN when the benchmark leaves such an item out. */
    double credit(ScoredItem item);

    /** By how much the item was won, in the model's own units: the lowest right score less the highest wrong one. */
    default double margin(ScoredItem item) {
        return item.worstRight() - item.bestWrong();
    }

    /** The figures of these items. */
    Outcome outcome(List<ScoredItem> items);
}
