package io.prefstream.trainer.domain;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Whether every record written so far has been read by each of its readers.
 *
 * <p>Reports of different tasks are of different moments, yet balance on every edge means that nothing is on its way:
 * the topics form no circle between two orders of the controller, a task's counts of what it read and wrote are of one
 * transaction, and counts only grow.
 */
public final class Barrier {

    /** Stages that read each topic and report it; other readers hold nothing up. */
    public static final Map<String, List<String>> READERS = Map.ofEntries(
            Map.entry("conversations-in", List.of("ingest")),
            Map.entry("pairs-in", List.of("ingest")),
            Map.entry("votes-by-prompt", List.of("ingest")),
            Map.entry("pairs-by-match", List.of("ingest")),
            Map.entry(
                    "pairs",
                    List.of("attribute-tagger", "retrieval", "label-verifier", "reward-scorer", "consistency-filter")),
            Map.entry("benchmarks-in", List.of("ingest")),
            Map.entry("benchmark-items", List.of("ingest")),
            Map.entry("near-duplicate-bands", List.of("ingest")),
            Map.entry("near-duplicates", List.of("consistency-filter")),
            Map.entry("contaminations", List.of("consistency-filter")),
            Map.entry("rejected-input", List.of("label-verifier", "consistency-filter")),
            Map.entry("pair-attributes", List.of("retrieval", "label-verifier")),
            Map.entry("tag-requests", List.of("attribute-tagger")),
            Map.entry("pair-features", List.of("reward-scorer", "consistency-filter")),
            Map.entry("retrieval-queries", List.of("retrieval")),
            Map.entry("retrieval-answers", List.of("retrieval")),
            Map.entry("label-requests", List.of("label-verifier")),
            Map.entry("annotations-in", List.of("label-verifier")),
            Map.entry("row-ids", List.of("label-verifier")),
            Map.entry("human-annotations", List.of("attribute-tagger", "label-verifier")),
            Map.entry("pair-embeddings", List.of("label-verifier")),
            Map.entry("judge-examples", List.of("label-verifier")),
            Map.entry("votes", List.of("trainer")),
            Map.entry("fusion-models", List.of("label-verifier")),
            Map.entry("judge-votes", List.of("consistency-filter")),
            Map.entry("labels", List.of("retrieval", "reward-scorer", "consistency-filter")),
            Map.entry("scoring-requests", List.of("reward-scorer")),
            Map.entry("pair-scores", List.of("label-verifier", "consistency-filter")),
            Map.entry("selections", List.of("consistency-filter")),
            Map.entry("evaluations", List.of("retrieval")),
            Map.entry("rounds", List.of("label-verifier", "consistency-filter")),
            Map.entry("ingest-dead-letters", List.of("consistency-filter")),
            Map.entry("attribute-tagger-dead-letters", List.of("consistency-filter")),
            Map.entry("retrieval-dead-letters", List.of("consistency-filter")),
            Map.entry("label-verifier-dead-letters", List.of("consistency-filter")),
            Map.entry("reward-scorer-dead-letters", List.of("consistency-filter")));

    /**
     * What one task has reported.
     *
     * @param stage stage of the task
     * @param consumed records read since the beginning, by topic
     * @param produced records written since the beginning, by topic
     */
    public record Report(String stage, Map<String, Long> consumed, Map<String, Long> produced) {}

    private Barrier() {}

    /**
     * What is still on its way, one line an edge; empty when the barrier is open.
     *
     * @param outside records that the ways in have written, by topic
     * @param taking stages that take part; in a replay the facts of others were recorded, and nobody waits for them
     */
    public static List<String> missing(
            Collection<Report> reports, Map<String, Long> outside, Predicate<String> taking) {
        Map<String, Long> written = new HashMap<>(outside);
        Map<String, Long> read = new HashMap<>();
        for (Report report : reports) {
            report.produced().forEach((topic, n) -> written.merge(topic, n, Long::sum));
            report.consumed().forEach((topic, n) -> read.merge(topic + " by " + report.stage(), n, Long::sum));
        }
        List<String> missing = new ArrayList<>();
        new TreeMap<>(READERS).forEach((topic, stages) -> {
            for (String stage : stages.stream().filter(taking).toList()) {
                long due = written.getOrDefault(topic, 0L);
                long done = read.getOrDefault(topic + " by " + stage, 0L);
                // Dead letters of unreadable bytes are read, but no task counts them as written.
                boolean behind = topic.endsWith("-dead-letters") ? done < due : done != due;
                if (behind) {
                    missing.add(stage + " has read " + done + " of " + due + " records of " + topic);
                }
            }
        });
        return missing;
    }
}
