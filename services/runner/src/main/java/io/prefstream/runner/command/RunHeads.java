package io.prefstream.runner.command;

import io.prefstream.core.pair.Message;
import io.prefstream.kit.config.UserError;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.topic.Topics;
import io.prefstream.models.reward.AnswerScorer;
import io.prefstream.models.reward.UnscorableText;
import io.prefstream.retrieval.app.MiniLmTextFeatures;
import io.prefstream.rewardscorer.client.Checkpoints;
import io.prefstream.rewardscorer.domain.RewardModel;
import io.prefstream.runner.app.OpenFolder;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointRole;
import java.util.List;
import java.util.Locale;

/** The built-in heads of a run's data folder. */
final class RunHeads implements ScorerSource {

    private final OpenFolder system;

    RunHeads(OpenFolder system) {
        this.system = system;
    }

    @Override
    public AnswerScorer open(String model) {
        Checkpoint checkpoint = find(model);
        if (!(Checkpoints.load(checkpoint) instanceof RewardModel.Head head)) {
            throw new UserError(
                    "model " + model + " ranks two answers and scores none by itself; name another --model");
        }
        return new Head(checkpoint.getCheckpointId(), head);
    }

    private Checkpoint find(String model) {
        Checkpoint[] found = new Checkpoint[1];
        try (TopicReader reader = new TopicReader(system.installation(), system.wire(), List.of(Topics.CHECKPOINTS))) {
            reader.readToEnd((topic, key, value) -> {
                Checkpoint c = (Checkpoint) value;
                boolean named = switch (model.toLowerCase(Locale.ROOT)) {
                    case "best" -> c.getRole() == CheckpointRole.BEST;
                    case "gold" -> c.getRole() == CheckpointRole.GOLD;
                    default -> c.getCheckpointId().equals(model);
                };
                found[0] = named ? c : found[0];
            });
        }
        if (found[0] == null) {
            throw new UserError("this run has no model " + model + ": curate with enough human labels first");
        }
        return found[0];
    }

    /** A head over the features of the encoder that ships with the product. */
    private record Head(String id, RewardModel.Head head, MiniLmTextFeatures texts) implements AnswerScorer {

        Head(String id, RewardModel.Head head) {
            this(id, head, new MiniLmTextFeatures());
        }

        @Override
        public double[] score(List<List<Message>> conversations) {
            double[] scores = new double[conversations.size()];
            for (int i = 0; i < scores.length; i++) {
                List<Message> turns = conversations.get(i);
                scores[i] = head.head()
                        .score(texts.answer(
                                        turns.subList(0, turns.size() - 1),
                                        turns.getLast().content())
                                .features());
            }
            return scores;
        }

        @Override
        public double[] scoreTexts(List<String> rendered) {
            throw new UnscorableText(0, "a built-in head scores conversations alone, not texts laid out by a template");
        }

        @Override
        public void close() {
            // The encoder is the process's.
        }
    }
}
