package io.prefstream.core.select;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How a round chooses the pairs to label next. */
public enum Strategy {
    /** The neighbours of gold pairs, the more the less sure the best model is of them. */
    SIMILARITY,
    /** The pairs that together tell most about the gold head's weights. */
    POSTERIOR,
    /** The pairs on which the best and the gold model differ most. */
    DISAGREEMENT,
    /** Pairs drawn by hash: the control arm. */
    RANDOM;

    /** Strategy of a request that was drawn by hash beside another strategy's, to compare with. */
    public static final String CONTROL = "control";

    /** Name in settings and on topics. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The names of all strategies. */
    public static List<String> names() {
        return Arrays.stream(values()).map(Strategy::wireName).toList();
    }

    /**
     * The strategy of this name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Strategy named(String name) {
        return Arrays.stream(values())
                .filter(strategy -> strategy.wireName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("must be " + String.join(" or ", names())));
    }
}
