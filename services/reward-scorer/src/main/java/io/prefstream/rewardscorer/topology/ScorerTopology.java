package io.prefstream.rewardscorer.topology;

import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.stage.StageTopology;
import io.prefstream.kit.topic.Topics;
import io.prefstream.rewardscorer.domain.Shelf;
import io.prefstream.rewardscorer.processor.ScorerProcessor;
import java.util.List;
import org.apache.kafka.streams.Topology;

/**
 * Scores pairs with the checkpoints that a request names.
 *
 * <pre>
 * pair-features, labels -> reward-scorer [features, gold]
 * scoring-requests      -> reward-scorer [requests, cursor, last-pool-request] -> pair-scores, evaluations
 * </pre>
 */
public final class ScorerTopology {

    private ScorerTopology() {}

    /** The scorer's topology, with models from {@code shelf}, scoring by request. */
    public static Topology of(StageEnvironment environment, Shelf shelf) {
        return of(environment, shelf, false);
    }

    /** The same; {@code atOnce} says whether pairs that come between runs are scored too. */
    public static Topology of(StageEnvironment environment, Shelf shelf, boolean atOnce) {
        return StageTopology.of(
                environment,
                List.of(Topics.PAIR_FEATURES, Topics.LABELS, Topics.SCORING_REQUESTS),
                List.of(
                        ScorerProcessor.FEATURES,
                        ScorerProcessor.GOLD,
                        ScorerProcessor.REQUESTS,
                        ScorerProcessor.CURSOR,
                        ScorerProcessor.LAST),
                List.of(Topics.PAIR_SCORES, Topics.EVALUATIONS),
                () -> new ScorerProcessor(environment, shelf, atOnce));
    }
}
