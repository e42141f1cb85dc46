package io.prefstream.core.verdict;

/** What the judges said of a pair, together. */
public enum Judges {
    /** No judge was asked. */
    NOT_ASKED,
    /** The original label is right. */
    CHOSEN,
    /** The other answer is better. */
    REJECTED,
    /** Asked, no decision. */
    NONE
}
