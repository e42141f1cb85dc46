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
 * pairs, pair-features, labels -> reward-scorer [texts, features, gold]
 * scoring-requests             -> reward-scorer [requests, cursor, last-pool-request] -> pair-scores, evaluations
 *                                               [waiting, waiting-counts] -> reward-calls -> worker
 * worker -> reward-answers     -> reward-scorer [text-scores]
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
                List.of(
                        Topics.PAIRS,
                        Topics.PAIR_FEATURES,
                        Topics.LABELS,
                        Topics.SCORING_REQUESTS,
                        Topics.REWARD_ANSWERS),
                ScorerProcessor.STORES,
                List.of(Topics.REWARD_CALLS, Topics.PAIR_SCORES, Topics.EVALUATIONS),
                () -> new ScorerProcessor(environment, shelf, atOnce));
    }
}
