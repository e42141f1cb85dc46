package io.prefstream.runner.domain;

import java.time.Duration;

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

    /**
     * Whether a run is due.
     *
     * @param newPairs rows that came since the last run was asked for
     * @param newLabels human labels that came since
     * @param since time since
     */
    public boolean due(long newPairs, long newLabels, Duration since) {
        return newLabels >= labels || (newPairs + newLabels > 0 && since.compareTo(every) >= 0);
    }
}
