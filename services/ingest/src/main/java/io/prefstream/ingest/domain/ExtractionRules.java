package io.prefstream.ingest.domain;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How conversations become pairs.
 *
 * @param enabled rules in force
 * @param rankings which two of several ranked or rated answers make a pair
 */
public record ExtractionRules(Set<PairRule> enabled, Rankings rankings) {

    /** Every rule, and all pairs of a ranking. */
    public static final ExtractionRules ALL = new ExtractionRules(EnumSet.allOf(PairRule.class), Rankings.ALL);

    public ExtractionRules {
        enabled = Set.copyOf(enabled);
    }

    /**
     * Reads the settings.
     *
     * @param rules names of rules, comma-separated; null for all
     * @param rankings a name of {@link Rankings}; null for all
     * @throws IllegalArgumentException when a name is unknown
     */
    public static ExtractionRules of(@Nullable String rules, @Nullable String rankings) {
        return new ExtractionRules(
                rules == null
                        ? ALL.enabled
                        : Set.copyOf(List.of(rules.split(",")).stream()
                                .map(ExtractionRules::rule)
                                .toList()),
                rankings == null ? Rankings.ALL : ranking(rankings));
    }

    private static PairRule rule(String name) {
        return Arrays.stream(PairRule.values())
                .filter(rule -> rule.id().equals(name.strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no rule " + name));
    }

    private static Rankings ranking(String name) {
        return Arrays.stream(Rankings.values())
                .filter(way -> way.id().equals(name.strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no way " + name));
    }
}
