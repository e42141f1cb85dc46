package io.prefstream.core.agreement;

/** What kind of annotator votes. */
public enum RaterKind {
    /** A person. */
    HUMAN,
    /** A language model that is asked which answer is better. */
    JUDGE,
    /** A reward model, by the sign of its margin. */
    REWARD_MODEL
}
