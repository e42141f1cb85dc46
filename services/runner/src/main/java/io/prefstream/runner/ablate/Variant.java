package io.prefstream.runner.ablate;

import io.prefstream.core.stats.Hashes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One thing changed.
 *
 * @param name lower-case letters, digits and hyphens
 * @param settings settings that differ, by name; an empty value takes one away
 * @param pairsShare share of the pairs that take part, drawn by hash, 0..1
 * @param labels which human labels take part
 * @param entry where it begins
 */
record Variant(String name, Map<String, String> settings, double pairsShare, Labels labels, Entry entry) {

    /** The unchanged run. */
    static final String BASE = "base";

    /**
     * Human labels that take part.
     *
     * @param only annotators whose labels alone count, as patterns with {@code *}; empty for all
     * @param without annotators whose labels do not count
     * @param share share of the labelled pairs, drawn by hash, 0..1
     */
    record Labels(List<String> only, List<String> without, double share) {

        static final Labels ALL = new Labels(List.of(), List.of(), 1);

        /** Whether a label takes part. */
        boolean take(String id, @Nullable String annotator) {
            String who = annotator == null ? "" : annotator;
            return (only.isEmpty() || only.stream().anyMatch(pattern -> fits(pattern, who)))
                    && without.stream().noneMatch(pattern -> fits(pattern, who))
                    && drawn("labels", id, share);
        }

        private static boolean fits(String pattern, String name) {
            return Pattern.matches("\\Q" + pattern.replace("*", "\\E.*\\Q") + "\\E", name);
        }
    }

    /** The run as it was. */
    static Variant base(Entry entry) {
        return new Variant(BASE, Map.of(), 1, Labels.ALL, entry);
    }

    /** The same from another beginning. */
    Variant from(Entry other) {
        return new Variant(name, settings, pairsShare, labels, other);
    }

    /** Whether a pair takes part. */
    boolean takes(String pairId) {
        return drawn("pairs", pairId, pairsShare);
    }

    private static boolean drawn(String what, String id, double share) {
        return share >= 1 || (Hashes.of(0, what, id) >>> 11) * 0x1p-53 < share;
    }

    /** Settings of the run with this changed. */
    Map<String, String> over(Map<String, String> base) {
        Map<String, String> all = new TreeMap<>(base);
        settings.forEach((key, value) -> {
            if (value.isEmpty()) {
                all.remove(key);
            } else {
                all.put(key, value);
            }
        });
        return all;
    }

    /** What is changed, in words; empty for the base. */
    String words() {
        StringBuilder words = new StringBuilder();
        new TreeMap<>(settings)
                .forEach((key, value) -> words.append(key)
                        .append(value.isEmpty() ? " not set" : " = " + value)
                        .append("; "));
        if (pairsShare < 1) {
            words.append("pairs.share = ").append(pairsShare).append("; ");
        }
        if (!labels.only().isEmpty()) {
            words.append("labels.only = ")
                    .append(String.join(",", labels.only()))
                    .append("; ");
        }
        if (!labels.without().isEmpty()) {
            words.append("labels.without = ")
                    .append(String.join(",", labels.without()))
                    .append("; ");
        }
        if (labels.share() < 1) {
            words.append("labels.share = ").append(labels.share()).append("; ");
        }
        return words.isEmpty() ? "" : words.substring(0, words.length() - 2);
    }
}
