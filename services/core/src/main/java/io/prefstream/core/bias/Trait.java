package io.prefstream.core.bias;

import io.prefstream.core.features.FeatureGroup;
import io.prefstream.core.features.LexicalFeatures;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Something about an answer that may sway a reward model without making it better. A pair's trait is a number of the chosen less
 * that of the rejected answer; counts enter as ln(1 + n), so that twice as long is as much more of 100 words as of 1,000.
 */
public enum Trait {
    /** 1 for every pair: the answer that stands as the chosen one has more of it. It shows a lean to the label as it came. */
    POSITION,
    /** Characters. */
    LENGTH,
    /** Words. */
    WORDS,
    /** Markdown headings. */
    HEADERS,
    /** Items of lists. */
    LISTS,
    /** Bold passages. */
    BOLD,
    /** Fences around code. */
    CODE_FENCES,
    /** The last four together. */
    MARKDOWN,
    /** Emoji. */
    EMOJI;

    /** Name in the figures of a checkpoint. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The trait of a pair.
     *
     * @param diff recorded features of the chosen less those of the rejected answer
     * @param emoji ln(1 + n) of the chosen answer's emoji less that of the other's; NaN when they were not counted
     * @return empty when it was not recorded
     */
    public OptionalDouble of(float[] diff, double emoji) {
        if (this == POSITION) {
            return OptionalDouble.of(1);
        }
        if (this == EMOJI) {
            return Double.isNaN(emoji) ? OptionalDouble.empty() : OptionalDouble.of(emoji);
        }
        double sum = 0;
        for (String name : columns()) {
            int column = FeatureGroup.ENCODER_COLUMNS + LexicalFeatures.NAMES.indexOf(name);
            if (column >= diff.length) {
                return OptionalDouble.empty();
            }
            sum += diff[column];
        }
        return OptionalDouble.of(sum);
    }

    private List<String> columns() {
        return switch (this) {
            case LENGTH -> List.of("log_chars");
            case WORDS -> List.of("log_words");
            case HEADERS -> List.of("headings");
            case LISTS -> List.of("list_items");
            case BOLD -> List.of("bold");
            case CODE_FENCES -> List.of("code_fences");
            case MARKDOWN -> List.of("headings", "list_items", "bold", "code_fences");
            case POSITION, EMOJI -> List.of();
        };
    }
}
