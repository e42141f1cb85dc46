package io.prefstream.core.benchmark;

import java.util.List;

/** Items as short as tests want them. */
final class Items {

    private Items() {}

    /** An item whose first answers are right. */
    static ScoredItem item(String name, String part, int right, double... scores) {
        boolean[] flags = new boolean[scores.length];
        for (int i = 0; i < right; i++) {
            flags[i] = true;
        }
        return new ScoredItem(name, part, flags, List.of(), scores);
    }

    static double value(Outcome outcome, String group, String name) {
        return outcome.figures().stream()
                .filter(figure -> figure.group().equals(group) && figure.name().equals(name))
                .findFirst()
                .orElseThrow()
                .value();
    }
}
