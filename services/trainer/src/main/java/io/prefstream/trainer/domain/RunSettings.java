package io.prefstream.trainer.domain;

import java.util.Map;

/**
 * Settings of a run that training and deciding depend on.
 *
 * @param seed salts every hash
 * @param rounds most rounds, 1 or more
 * @param folds folds of cross-fitting, 3 or more
 * @param goldMin decided gold labels below which nothing is decided
 * @param keep p_right from which a pair is kept, 0..1
 * @param flip p_right up to which a pair is flipped, 0..1
 * @param paper whether the paper's table decides alone
 * @param judges whether an LLM endpoint is configured
 * @param maxCalls most pairs that judges are asked about in the last step
 * @param toLabel number of pairs offered to people
 */
public record RunSettings(
        long seed,
        int rounds,
        int folds,
        int goldMin,
        double keep,
        double flip,
        boolean paper,
        boolean judges,
        int maxCalls,
        int toLabel) {

    /** Parses the settings of a run request; what is missing takes its default. */
    public static RunSettings of(Map<String, String> map) {
        return new RunSettings(
                Long.parseLong(map.getOrDefault("seed", "0")),
                Integer.parseInt(map.getOrDefault("rounds", "8")),
                Integer.parseInt(map.getOrDefault("folds", "5")),
                Integer.parseInt(map.getOrDefault("gold.min", "30")),
                Double.parseDouble(map.getOrDefault("keep", "0.85")),
                Double.parseDouble(map.getOrDefault("flip", "0.10")),
                map.getOrDefault("decision", "calibrated").equals("paper"),
                map.containsKey("judge.url"),
                Integer.parseInt(map.getOrDefault("judges.max-calls", "20000")),
                Integer.parseInt(map.getOrDefault("to-label", "200")));
    }
}
