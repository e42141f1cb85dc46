package io.prefstream.labelverifier.topology;

import io.prefstream.core.judge.Judge;
import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.stage.StageTopology;
import io.prefstream.kit.topic.Topics;
import io.prefstream.labelverifier.processor.VerifierProcessor;
import java.util.List;
import org.apache.kafka.streams.Topology;

/**
 * Makes gold labels of what people say and silver labels of what judges say.
 *
 * <pre>
 * pairs, rejected-input     -> label-verifier [rows, category] -> row-ids
 * annotations-in, row-ids   -> label-verifier [given, rows] -> human-annotations
 * human-annotations         -> label-verifier [of-pair, labels] -> labels
 * rounds, pair-scores, pair-attributes -> label-verifier [round, scores, category]
 * label-requests            -> label-verifier -> judge-votes, labels (built-in judges)
 * pairs, pair-attributes, pair-embeddings, human-annotations -> label-verifier [texts ...] -> judge-examples
 * label-requests, judge-examples -> label-verifier [examples, asked] -> costs, judge-calls
 * judge-answers             -> label-verifier [answers, voted] -> judge-votes, labels, costs
 * human-annotations, judge-answers, pair-attributes -> label-verifier [of-pair, ballots] -> votes
 * fusion-models             -> label-verifier [fusion-model, of-pair, ballots] -> labels
 * </pre>
 */
public final class VerifierTopology {

    private VerifierTopology() {}

    /**
     * The label verifier's topology.
     *
     * @param judges LLM judges; none when the built-in judges vote
     * @param preVerifies whether the first of them checks single answers for people
     */
    public static Topology of(StageEnvironment environment, List<Judge> judges, boolean preVerifies) {
        return StageTopology.of(
                environment,
                List.of(
                        Topics.PAIRS,
                        Topics.REJECTED_INPUT,
                        Topics.PAIR_ATTRIBUTES,
                        Topics.PAIR_EMBEDDINGS,
                        Topics.ANNOTATIONS_IN,
                        Topics.ROW_IDS,
                        Topics.HUMAN_ANNOTATIONS,
                        Topics.PAIR_SCORES,
                        Topics.ROUNDS,
                        Topics.FUSION_MODELS,
                        Topics.LABEL_REQUESTS,
                        Topics.JUDGE_EXAMPLES,
                        Topics.JUDGE_ANSWERS),
                VerifierProcessor.STORES,
                List.of(
                        Topics.ROW_IDS,
                        Topics.HUMAN_ANNOTATIONS,
                        Topics.JUDGE_EXAMPLES,
                        Topics.JUDGE_CALLS,
                        Topics.JUDGE_VOTES,
                        Topics.JUDGE_STATS,
                        Topics.PRE_VERIFICATIONS,
                        Topics.JUDGE_CANARIES,
                        Topics.VOTES,
                        Topics.LABELS,
                        Topics.COSTS),
                () -> new VerifierProcessor(environment, judges, preVerifies));
    }
}
