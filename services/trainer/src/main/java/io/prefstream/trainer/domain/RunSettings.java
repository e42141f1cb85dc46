package io.prefstream.trainer.domain;

import io.prefstream.core.pair.AttributeLimits;
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
 * @param judges whether LLMs judge
 * @param tagger whether a language model sets the attributes of gold and judged pairs
 * @param attributesUsd the most that showing a pair's new attributes adds to what judging it costs, in US
 *     dollars; 0 without
 * @param callsPerPair calls that a pair takes: every model, both orders, every sample
 * @param maxCalls most calls of a run
 * @param budget most US dollars that the folder's runs may spend on calls
 * @param toLabel number of pairs offered to people
 * @param dropsNearDuplicates whether pairs that are much like an earlier one are left out
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
        boolean tagger,
        double attributesUsd,
        int callsPerPair,
        int maxCalls,
        double budget,
        int toLabel,
        boolean dropsNearDuplicates) {

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
                map.containsKey("judge.model"),
                describes(map),
                describes(map) ? callsPerPair(map) * AttributeLimits.BYTES * inputPrice(map) : 0,
                callsPerPair(map),
                Integer.parseInt(map.getOrDefault("judges.max-calls", "20000")),
                map.containsKey("budget.usd") ? Double.parseDouble(map.get("budget.usd")) : Double.POSITIVE_INFINITY,
                Integer.parseInt(map.getOrDefault("to-label", "200")),
                map.getOrDefault("near-duplicates", "flag").equals("drop"));
    }

    private static boolean describes(Map<String, String> map) {
        return map.containsKey("judge.model") && map.containsKey("tagger.model");
    }

    private static double inputPrice(Map<String, String> map) {
        return Double.parseDouble(map.getOrDefault("judge.price", "0,0").split(",", 2)[0]) / 1e6;
    }

    private static int callsPerPair(Map<String, String> map) {
        return 2
                * Integer.parseInt(map.getOrDefault("judge.samples", "1"))
                * map.getOrDefault("judge.model", "").split(",").length;
    }
}
