package io.prefstream.core.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The plain mean of several benchmarks' totals, which is given only when each of them is there and whole.
 *
 * @param name what it is called
 * @param benchmarks ids of the benchmarks that it is the mean of
 */
public record Average(String name, List<String> benchmarks) {

    /** The headline figure of Liu et al., Skywork-Reward-V2, 2025 (arXiv 2507.01352). */
    public static final Average OF_SEVEN = new Average(
            "mean of seven",
            List.of(
                    "rewardbench",
                    "rewardbench-2",
                    "ppe-preference",
                    "ppe-correctness",
                    "rmb",
                    "rm-bench",
                    "judgebench"));

    /** The mean without RewardBench 2, by which the paper's ablations go. */
    public static final Average OF_SIX = new Average(
            "mean of six, without RewardBench 2",
            OF_SEVEN.benchmarks().stream()
                    .filter(id -> !id.equals("rewardbench-2"))
                    .toList());

    /** What keeps the mean from being given: benchmarks that are missing, or of which parts are; empty when nothing does. */
    public List<String> missing(Map<String, Outcome> outcomes) {
        List<String> missing = new ArrayList<>();
        for (String id : benchmarks) {
            Outcome outcome = outcomes.get(id);
            if (outcome == null || Double.isNaN(outcome.score())) {
                missing.add(id);
            } else if (!outcome.complete()) {
                missing.add(id + " (" + abridged(outcome.missing()) + ")");
            }
        }
        return missing;
    }

    /**
     * The mean.
     *
     * @return 0 to 1; NaN when something is missing
     */
    public double of(Map<String, Outcome> outcomes) {
        if (!missing(outcomes).isEmpty()) {
            return Double.NaN;
        }
        double sum = 0;
        for (String id : benchmarks) {
            Outcome outcome = outcomes.get(id);
            sum += outcome == null ? Double.NaN : outcome.score();
        }
        return sum / benchmarks.size();
    }

    /** Names up to three parts that are missing, else says how many. */
    public static String abridged(List<String> parts) {
        return parts.size() <= 3
                ? String.join(", ", parts) + " missing"
                : parts.size() + " parts missing, among them " + parts.getFirst();
    }
}
