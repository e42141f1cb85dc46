package io.prefstream.core.features;

import java.util.Locale;
import java.util.Set;

/** Groups of the columns that are recorded of an answer: the encoder's vector, then the counts of {@link LexicalFeatures}. */
public enum FeatureGroup {
    /** The encoder's vector of the answer behind the last user turn. */
    ENCODER,
    /** Counts of words, marks and manner: how long, how careful, how near to the question. */
    LEXICAL,
    /** Counts of what gives a text its shape: lists, headings, bold, code, paragraphs, links, equations. */
    STRUCTURAL;

    /** Leading columns that hold the encoder's vector. */
    public static final int ENCODER_COLUMNS = 384;

    private static final Set<String> SHAPE =
            Set.of("list_items", "headings", "bold", "code_fences", "paragraphs", "links", "equations");

    /** Name in settings and in the names of feature sets. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Group of a column, from 0.
     *
     * @throws IllegalArgumentException when no such column is recorded
     */
    public static FeatureGroup of(int column) {
        int count = column - ENCODER_COLUMNS;
        if (column < 0 || count >= LexicalFeatures.NAMES.size()) {
            throw new IllegalArgumentException("no column " + column + " is recorded of an answer");
        }
        if (count < 0) {
            return ENCODER;
        }
        return SHAPE.contains(LexicalFeatures.NAMES.get(count)) ? STRUCTURAL : LEXICAL;
    }
}
