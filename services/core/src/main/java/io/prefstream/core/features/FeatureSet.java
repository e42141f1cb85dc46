package io.prefstream.core.features;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which recorded columns a model reads. All columns are recorded whatever the set, so that another set needs no new features; a
 * column that is not read has weight 0. Immutable.
 *
 * @param groups groups that are read, at least one
 */
public record FeatureSet(Set<FeatureGroup> groups) {

    /** Everything that is recorded. */
    public static final FeatureSet ALL = new FeatureSet(EnumSet.allOf(FeatureGroup.class));

    /** Copies the groups. */
    public FeatureSet {
        if (groups.isEmpty()) {
            throw new IllegalArgumentException("must name a group of features");
        }
        groups = Collections.unmodifiableSet(EnumSet.copyOf(groups));
    }

    /**
     * Reads names of groups, comma-separated, in any order.
     *
     * @throws IllegalArgumentException when one is unknown
     */
    public static FeatureSet parse(String text) {
        Set<FeatureGroup> groups = EnumSet.noneOf(FeatureGroup.class);
        for (String name : text.split(",", -1)) {
            groups.add(Arrays.stream(FeatureGroup.values())
                    .filter(group -> group.wireName().equals(name.strip()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("must be one or more of " + ALL.words())));
        }
        return new FeatureSet(groups);
    }

    /** Names of the groups, comma-separated, in the order of their columns. */
    public String words() {
        return groups.stream().map(FeatureGroup::wireName).collect(Collectors.joining(","));
    }

    /**
     * Name of the set among the features of one revision: a model of another set has another name and another hash.
     *
     * @param recorded name and revision of the features as they are recorded
     */
    public String name(String recorded) {
        return equals(ALL) ? recorded : recorded + ":" + words();
    }

    /** Whether a column, from 0, is read. */
    public boolean reads(int column) {
        return equals(ALL) || groups.contains(FeatureGroup.of(column));
    }
}
