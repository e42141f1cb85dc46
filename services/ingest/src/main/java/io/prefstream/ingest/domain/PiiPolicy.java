package io.prefstream.ingest.domain;

import java.util.Map;

/**
 * What happens to rows with personal data.
 *
 * @param how keep, redact or drop
 * @param dropFrom least score that drop refuses, 1..3
 */
public record PiiPolicy(String how, int dropFrom) {

    /** Reads the settings of a stage; what is missing takes its default. */
    public static PiiPolicy of(Map<String, String> settings) {
        return new PiiPolicy(
                settings.getOrDefault("pii", "keep"), Integer.parseInt(settings.getOrDefault("pii.drop-from", "2")));
    }

    /** Whether a row of this score is refused. */
    public boolean drops(int score) {
        return how.equals("drop") && score >= dropFrom;
    }

    /** Whether personal data is replaced. */
    public boolean redacts() {
        return how.equals("redact");
    }

    /** The settings that facts depend on. */
    public Map<String, String> settings() {
        return Map.of("pii", how, "pii.drop-from", Integer.toString(dropFrom));
    }
}
