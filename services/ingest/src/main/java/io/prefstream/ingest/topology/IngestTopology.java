package io.prefstream.ingest.topology;

import io.prefstream.ingest.domain.ExtractionRules;
import io.prefstream.ingest.domain.PiiPolicy;
import io.prefstream.ingest.processor.IngestProcessor;
import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.stage.StageTopology;
import io.prefstream.kit.topic.Topics;
import java.util.List;
import org.apache.kafka.streams.Topology;

/**
 * Names pairs, and keeps out rows that are none.
 *
 * <pre>
 * conversations-in     -> ingest -> conversations, votes-by-prompt, pairs-by-match, rejected-input
 * votes-by-prompt      -> ingest [prompt-votes] -> pairs-by-match
 * pairs-in             -> ingest -> pairs-by-match, rejected-input
 * pairs-by-match       -> ingest [first-rows, texts] -> pairs, rejected-input, near-duplicate-bands
 * near-duplicate-bands -> ingest [bands, sketches] -> near-duplicates
 * benchmarks-in        -> ingest -> benchmark-items
 * benchmark-items      -> ingest [benchmark-items, texts] -> contaminations
 * </pre>
 *
 * <p>The second way is keyed by match id, since outside producers key as they like, and a pair must meet its duplicates
 * and its mirror in one task.
 */
public final class IngestTopology {

    private IngestTopology() {}

    /** Ingest's topology, with the rules by which conversations become pairs and what happens to personal data. */
    public static Topology of(StageEnvironment environment, ExtractionRules rules, PiiPolicy pii) {
        return StageTopology.of(
                environment,
                List.of(
                        Topics.CONVERSATIONS_IN,
                        Topics.VOTES_BY_PROMPT,
                        Topics.PAIRS_IN,
                        Topics.PAIRS_BY_MATCH,
                        Topics.BENCHMARKS_IN,
                        Topics.BENCHMARK_ITEMS,
                        Topics.NEAR_DUPLICATE_BANDS),
                IngestProcessor.STORES,
                List.of(
                        Topics.CONVERSATIONS,
                        Topics.VOTES_BY_PROMPT,
                        Topics.PAIRS_BY_MATCH,
                        Topics.PAIRS,
                        Topics.REJECTED_INPUT,
                        Topics.BENCHMARK_ITEMS,
                        Topics.CONTAMINATIONS,
                        Topics.NEAR_DUPLICATE_BANDS,
                        Topics.NEAR_DUPLICATES),
                () -> new IngestProcessor(environment, rules, pii));
    }
}
