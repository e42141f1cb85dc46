package io.prefstream.core.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Items by part, and means of what is there. */
final class Parts {

    private Parts() {}

    /** The items by a name that each of them gives, in the order of the names. */
    static Map<String, List<ScoredItem>> by(List<ScoredItem> items, Function<ScoredItem, String> name) {
        Map<String, List<ScoredItem>> parts = new TreeMap<>();
        items.forEach(item -> parts.computeIfAbsent(name.apply(item), part -> new ArrayList<>())
                .add(item));
        return parts;
    }

    static Tally tally(Benchmark benchmark, List<ScoredItem> items) {
        return Tally.of(items.stream().map(benchmark::credit).toList());
    }

    /** Plain mean; NaN without values. */
    static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).sum() / values.size();
    }
}
