package io.prefstream.export.doctor;

import io.prefstream.export.view.Target;
import java.util.List;
import java.util.Map;

/**
 * What was found.
 *
 * @param rows read
 * @param files read, in order
 * @param layouts rows by what their columns tell, most first
 * @param findings the worst first
 * @param verdicts one a target, in the order of targets
 */
public record Diagnosis(
        long rows, List<String> files, Map<String, Long> layouts, List<Finding> findings, List<Verdict> verdicts) {

    /**
     * Whether a trainer may have the rows.
     *
     * @param errors kinds of findings, not rows
     * @param with what to give the trainer so that it reads them; empty when its defaults do, or nothing does
     */
    public record Verdict(Target target, long errors, long warnings, String with) {
        /** Whether nothing is worse than a note. */
        public boolean ready() {
            return errors + warnings == 0;
        }
    }

    /** Whether nothing is worse than a note. */
    public boolean healthy() {
        return findings.stream().allMatch(f -> f.severity() == Severity.NOTE);
    }
}
