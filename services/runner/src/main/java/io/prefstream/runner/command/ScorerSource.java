package io.prefstream.runner.command;

import io.prefstream.models.reward.AnswerScorer;

/** Opens the reward models that commands score with. */
@FunctionalInterface
interface ScorerSource {

    /**
     * Opens a model.
     *
     * @param model best, gold, or a checkpoint's id
     * @throws io.prefstream.kit.config.UserError when there is no such model, with the cure
     */
    AnswerScorer open(String model);
}
