package io.prefstream.labelverifier.domain;

/** What one answer of a judge says of the two candidates, in the order in which it was shown them. */
public enum Said {
    /** Candidate 1 is better. */
    FIRST,
    /** Candidate 2 is better. */
    SECOND,
    /** Equally good. */
    TIE,
    /** The judge could not tell. */
    CANNOT_TELL,
    /** No verdict can be read out of the answer. */
    UNREADABLE
}
