package io.prefstream.trainer.domain;

import io.prefstream.core.diversity.SelectionPreset;
import java.util.Map;
import java.util.Optional;

/**
 * How a run selects among the pairs that models would publish.
 *
 * @param preset thresholds, share and window
 * @param clusters most topics, 1 or more
 */
public record SelectionSettings(SelectionPreset preset, int clusters) {

    /** Parses the settings of a run request; empty for a run that doesn't select. */
    public static Optional<SelectionSettings> of(Map<String, String> map) {
        return map.getOrDefault("selection", "off").equals("preset")
                ? Optional.of(new SelectionSettings(
                        new SelectionPreset(
                                Double.parseDouble(map.getOrDefault("selection.agreement", "0.8")),
                                Double.parseDouble(map.getOrDefault("selection.margin", "0.3")),
                                Double.parseDouble(map.getOrDefault("selection.share", "0.5")),
                                Integer.parseInt(map.getOrDefault("selection.window", "2000"))),
                        Integer.parseInt(map.getOrDefault("selection.clusters", "50"))))
                : Optional.empty();
    }
}
