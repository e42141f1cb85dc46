package io.prefstream.runner.domain;

import java.time.Duration;
import java.util.Optional;

/**
 * When a process that serves without an end asks for a run.
 *
 * @param labels new human labels that are enough, 1 or more
 * @param every time after which anything new is enough
 */
public record RoundPolicy(int labels, Duration every) {

    public RoundPolicy {
        if (labels < 1) {
            throw new IllegalArgumentException("labels must be 1 or more, got " + labels);
        }
        if (every.isNegative()) {
            throw new IllegalArgumentException("every must not be negative, got " + every);
        }
    }

    /** Why a run is due. */
    public enum Reason {
        /** Enough new human labels. */
        LABELS,
        /** Anything new, and enough time. */
        TIME,
        /** More money than the last run had. */
        BUDGET,
        /** A person had a model serve that has not competed yet. */
        PROMOTION
    }

    /**
     * Whether a run is due, and why.
     *
     * @param newPairs rows, benchmark items and models that came since the last run was asked for
     * @param newLabels human labels that came since
     * @param since time since
     * @param richer whether the budget has been raised since
     * @param promoted whether a person has had a model serve that no run has taken
     * @return empty when none is due
     */
    public Optional<Reason> due(long newPairs, long newLabels, Duration since, boolean richer, boolean promoted) {
        if (newLabels >= labels) {
            return Optional.of(Reason.LABELS);
        }
        if (richer) {
            return Optional.of(Reason.BUDGET);
        }
        if (promoted) {
            return Optional.of(Reason.PROMOTION);
        }
        return newPairs + newLabels > 0 && since.compareTo(every) >= 0 ? Optional.of(Reason.TIME) : Optional.empty();
    }
}
