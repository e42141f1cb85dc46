package io.prefstream.labelverifier.topology;

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
 * pairs                     -> label-verifier [rows, category] -> row-ids
 * annotations-in, row-ids   -> label-verifier [given, rows] -> human-annotations
 * human-annotations         -> label-verifier [of-pair, labels] -> labels
 * rounds, pair-scores, pair-attributes -> label-verifier [round, scores, category]
 * label-requests            -> label-verifier -> judge-votes, labels
 * </pre>
 */
public final class VerifierTopology {

    private VerifierTopology() {}

    /** The label verifier's topology. */
    public static Topology of(StageEnvironment environment) {
        return StageTopology.of(
                environment,
                List.of(
                        Topics.PAIRS,
                        Topics.PAIR_ATTRIBUTES,
                        Topics.ANNOTATIONS_IN,
                        Topics.ROW_IDS,
                        Topics.HUMAN_ANNOTATIONS,
                        Topics.PAIR_SCORES,
                        Topics.ROUNDS,
                        Topics.LABEL_REQUESTS),
                List.of(
                        VerifierProcessor.ROWS,
                        VerifierProcessor.GIVEN,
                        VerifierProcessor.OF_PAIR,
                        VerifierProcessor.LABELS,
                        VerifierProcessor.CATEGORY,
                        VerifierProcessor.SCORES,
                        VerifierProcessor.ROUND),
                List.of(Topics.ROW_IDS, Topics.HUMAN_ANNOTATIONS, Topics.JUDGE_VOTES, Topics.LABELS, Topics.COSTS),
                () -> new VerifierProcessor(environment));
    }
}
