package io.prefstream.trainer.topology;

import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.stage.StageTopology;
import io.prefstream.kit.topic.Topics;
import io.prefstream.trainer.processor.RunProcessor;
import io.prefstream.trainer.processor.StepWork;
import java.util.List;
import org.apache.kafka.streams.Topology;

/**
 * Opens the steps of a run, and trains between them.
 *
 * <pre>
 * runs, progress -> trainer [reports, requests, step]
 *     -> rounds, checkpoints, scoring-requests, tag-requests, label-requests, training-runs, human-tasks, flip-audits,
 *        fusion-models, votes (of reward models), costs, round-accounts, selections, centroids
 * checkpoints (of an operator) -> trainer [roles] -> scoring-requests
 * votes -> trainer [cast, unpublished] -> agreement, annotators
 * </pre>
 */
public final class TrainerTopology {

    private TrainerTopology() {}

    /** The trainer's topology, whose steps are worked out by {@code work}. */
    public static Topology of(StageEnvironment environment, StepWork work) {
        return StageTopology.of(
                environment,
                List.of(Topics.RUNS, Topics.PROGRESS, Topics.VOTES, Topics.CHECKPOINTS),
                RunProcessor.STORES,
                List.of(
                        Topics.ROUNDS,
                        Topics.CHECKPOINTS,
                        Topics.SCORING_REQUESTS,
                        Topics.TAG_REQUESTS,
                        Topics.LABEL_REQUESTS,
                        Topics.TRAINING_RUNS,
                        Topics.HUMAN_TASKS,
                        Topics.FLIP_AUDITS,
                        Topics.FUSION_MODELS,
                        Topics.VOTES,
                        Topics.AGREEMENT,
                        Topics.ANNOTATORS,
                        Topics.COSTS,
                        Topics.ROUND_ACCOUNTS,
                        Topics.SELECTIONS,
                        Topics.CENTROIDS),
                () -> new RunProcessor(environment, work));
    }
}
