package io.prefstream.retrieval.topology;

import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.stage.StageTopology;
import io.prefstream.kit.topic.Topics;
import io.prefstream.retrieval.domain.TextFeatures;
import io.prefstream.retrieval.processor.RetrievalProcessor;
import java.util.List;
import org.apache.kafka.streams.Topology;

/**
 * Encodes every pair once, and asks for labels of pairs like those that the best model gets wrong.
 *
 * <pre>
 * pairs, pair-attributes -> retrieval [waiting-pairs, attributes, index] -> pair-embeddings, pair-features
 * labels                 -> retrieval [hidden-from]
 * evaluations            -> retrieval [index] -> retrieval-queries (to every partition)
 * retrieval-queries      -> retrieval [index, hidden-from] -> retrieval-answers
 * retrieval-answers      -> retrieval [answers] -> label-requests
 * </pre>
 */
public final class RetrievalTopology {

    private RetrievalTopology() {}

    /**
     * Retrieval's topology.
     *
     * @param seed of the choice among pairs of the same conversation
     */
    public static Topology of(StageEnvironment environment, TextFeatures texts, long seed) {
        return StageTopology.of(
                environment,
                List.of(
                        Topics.PAIRS,
                        Topics.PAIR_ATTRIBUTES,
                        Topics.LABELS,
                        Topics.EVALUATIONS,
                        Topics.RETRIEVAL_QUERIES,
                        Topics.RETRIEVAL_ANSWERS),
                List.of(
                        RetrievalProcessor.WAITING,
                        RetrievalProcessor.ATTRIBUTES,
                        RetrievalProcessor.INDEX,
                        RetrievalProcessor.HIDDEN_FROM,
                        RetrievalProcessor.ANSWERS),
                List.of(
                        Topics.PAIR_EMBEDDINGS,
                        Topics.PAIR_FEATURES,
                        Topics.RETRIEVAL_QUERIES,
                        Topics.RETRIEVAL_ANSWERS,
                        Topics.LABEL_REQUESTS),
                () -> new RetrievalProcessor(environment, texts, seed));
    }
}
