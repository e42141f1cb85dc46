package io.prefstream.runner.ablate;

import io.prefstream.kit.config.UserError;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which part of the recorded pairs takes part, from one border on and up to another, which is not in it any more.
 *
 * @param from first border; null for the beginning
 * @param to last border; null for the end
 */
record Range(@Nullable Border from, @Nullable Border to) {

    /** Everything. */
    static final Range ALL = new Range(null, null);

    /**
     * A place in the topic: offsets of {@code pairs}, or a time.
     *
     * @param offsets by partition; {@link #EVERY} for all others; empty for a time
     */
    record Border(Map<Integer, Long> offsets, @Nullable Instant time) {

        private static final int EVERY = -1;

        /** Whether a record comes before it; {@code unnamed} in a partition of which nothing is said. */
        private boolean isBefore(int partition, long offset, long millis, boolean unnamed) {
            if (time != null) {
                return millis < time.toEpochMilli();
            }
            Long border = offsets.getOrDefault(partition, offsets.get(EVERY));
            return border == null ? unnamed : offset < border;
        }
    }

    /**
     * Reads borders.
     *
     * @param from an offset, offsets as in {@code 0:120,1:90}, or a time as in 2026-01-31T10:00:00Z; null for none
     */
    static Range of(@Nullable String from, @Nullable String to) {
        return new Range(from == null ? null : border("--from", from), to == null ? null : border("--to", to));
    }

    private static Border border(String option, String text) {
        if (text.matches("\\d{1,18}")) {
            return new Border(Map.of(Border.EVERY, Long.parseLong(text)), null);
        }
        if (text.matches("\\d{1,4}:\\d{1,18}(,\\d{1,4}:\\d{1,18})*")) {
            Map<Integer, Long> offsets = new TreeMap<>();
            for (String part : text.split(",", -1)) {
                int colon = part.indexOf(':');
                offsets.put(Integer.parseInt(part.substring(0, colon)), Long.parseLong(part.substring(colon + 1)));
            }
            return new Border(offsets, null);
        }
        try {
            return new Border(Map.of(), Instant.parse(text));
        } catch (DateTimeParseException e) {
            throw new UserError(
                    option
                            + " must be an offset of the topic pairs, offsets by partition as in 0:120,1:90, or a time as in"
                            + " 2026-01-31T10:00:00Z; got " + text,
                    2);
        }
    }

    /** Whether it is everything. */
    boolean isAll() {
        return from == null && to == null;
    }

    /** Whether its borders are offsets. */
    boolean isByOffset() {
        return (from != null && from.time() == null) || (to != null && to.time() == null);
    }

    /** Whether a record is in it. */
    boolean holds(int partition, long offset, long millis) {
        return (from == null || !from.isBefore(partition, offset, millis, false))
                && (to == null || to.isBefore(partition, offset, millis, true));
    }
}
