package io.prefstream.trainer.domain;

import io.prefstream.core.verdict.FlipAudit;
import java.util.Map;

/**
 * Settings of a run that say how people audit the flips of models.
 *
 * @param audit share of the flips that a run has people judge, 0..1; 0 none
 * @param minPrecision precision that people have to confirm, 0..1
 */
public record FlipSettings(double audit, double minPrecision) {

    /** Parses the settings of a run request; what is missing takes its default. */
    public static FlipSettings of(Map<String, String> map) {
        return new FlipSettings(
                number(map, "flip.audit", FlipAudit.SHARE), number(map, "flip.min-precision", FlipAudit.MIN_PRECISION));
    }

    private static double number(Map<String, String> map, String name, double standard) {
        return Double.parseDouble(map.getOrDefault(name, Double.toString(standard)));
    }
}
