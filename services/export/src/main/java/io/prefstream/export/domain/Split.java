package io.prefstream.export.domain;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;

/**
 * Which prompt groups make the validation split. A group is never in two splits, and stays in its split for life, since
 * its own hash alone decides; only when that leaves the split empty, the group with the lowest hash is taken.
 */
public final class Split {

    /** Share of the groups that the validation split gets, 0..1. */
    public static final double VALIDATION_SHARE = 0.05;

    private Split() {}

    /** Groups of the validation split; empty when there are fewer than two groups. */
    public static Set<String> validation(Collection<String> groups) {
        Set<String> chosen = new HashSet<>();
        for (String group : groups) {
            if (fraction(group) < VALIDATION_SHARE) {
                chosen.add(group);
            }
        }
        Set<String> distinct = new HashSet<>(groups);
        if (distinct.size() < 2) {
            return Set.of();
        }
        if (chosen.isEmpty() || chosen.size() == distinct.size()) {
            return Set.of(distinct.stream().min(Comparator.naturalOrder()).orElseThrow());
        }
        return chosen;
    }

    /** Place of a hash in 0..1, from its first 8 hex digits. */
    private static double fraction(String group) {
        return Long.parseLong(group.substring(0, 8), 16) / 4294967296.0;
    }
}
