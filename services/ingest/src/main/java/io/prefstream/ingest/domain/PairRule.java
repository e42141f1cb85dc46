package io.prefstream.ingest.domain;

import java.util.Locale;

/** How a conversation tells which of two answers to one turn is better, from the most to the least explicit. */
public enum PairRule {
    /** The answer that a person chose, against every other one that was shown beside it. */
    CHOICE,
    /** The better ranked of two candidates. */
    RANKING,
    /** The better rated of two answers. */
    RATING,
    /** Thumbs up against thumbs down. */
    THUMBS,
    /** What a person made of an answer, against what the model had written. */
    EDIT,
    /** The answer that a person stayed with, against one left by asking again. */
    REGENERATION;

    /** Stable name, such as {@code choice}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
