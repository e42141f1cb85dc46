package io.prefstream.core.benchmark;

import org.jspecify.annotations.Nullable;

/**
 * One figure of a benchmark's outcome.
 *
 * @param group what figures of its kind are called, such as {@code section} or {@code subset}
 * @param name which of them it is
 * @param value a share, 0 to 1, unless the group says otherwise
 * @param tally the items that it is the plain mean of; null when it is a mean of means, which has no Wilson interval
 */
public record Figure(
        String group, String name, double value, @Nullable Tally tally) {

    /** The plain mean of some items' credit. */
    public static Figure of(String group, String name, Tally tally) {
        return new Figure(group, name, tally.value(), tally);
    }

    /** A figure that is no plain mean of items. */
    public static Figure of(String group, String name, double value) {
        return new Figure(group, name, value, null);
    }
}
