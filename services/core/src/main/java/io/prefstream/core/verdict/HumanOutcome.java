package io.prefstream.core.verdict;

/** What the people who saw a pair said of its original label, together. */
public enum HumanOutcome {
    /** Nobody was asked. */
    NONE,
    /** The original label is right. */
    CHOSEN,
    /** The other answer is better. */
    REJECTED,
    /** Asked, and no majority among decided votes. */
    UNDECIDED
}
