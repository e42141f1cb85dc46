package io.prefstream.core.verdict;

/**
 * What becomes of a pair.
 *
 * @param kind the verdict
 * @param rule short stable name of the rule that decided
 * @param reason the rule in words
 */
public record Verdict(Kind kind, String rule, String reason) {
    /** The verdicts that the rules give. */
    public enum Kind {
        KEEP,
        FLIP,
        QUARANTINE,
        DISCARD
    }
}
