package io.prefstream.runner.models;

import io.prefstream.kit.config.UserError;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.topic.Topics;
import io.prefstream.models.reward.AnswerScorer;
import io.prefstream.rewardscorer.client.Checkpoints;
import io.prefstream.rewardscorer.domain.RewardModel;
import io.prefstream.runner.app.FetchedModels;
import io.prefstream.runner.app.OpenFolder;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointRole;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/** Finds the model that a user names, or that was announced. */
public final class Models {

    private final FetchedModels fetched;

    /** Models of text come through {@code fetched}. */
    public Models(FetchedModels fetched) {
        this.fetched = fetched;
    }

    /**
     * A model that is ready to score.
     *
     * @param temperature what its margins are divided by to be calibrated; empty when no one measured it
     */
    public record Opened(AnswerScorer scorer, OptionalDouble temperature) implements AutoCloseable {
        @Override
        public void close() {
            scorer.close();
        }
    }

    /** Whether a name is a folder's path or URI, for which no run is needed. */
    public static boolean isFolder(String model) {
        return model.contains("/") || model.contains("\\") || model.equals(".") || model.equals("..");
    }

    /**
     * Opens a model.
     *
     * @param model best, gold, a checkpoint id, or the path or URI of a model's folder
     * @param data opens the data folder of a run, which is asked only when the model is one of a run
     * @throws UserError when there is no such model, or it cannot score answers
     */
    public Opened open(String model, Supplier<OpenFolder> data) {
        if (isFolder(model)) {
            return new Opened(openFolder(model), OptionalDouble.empty());
        }
        Checkpoint checkpoint;
        try (OpenFolder system = data.get()) {
            checkpoint = find(model, system);
        }
        try {
            return of(checkpoint);
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()));
        }
    }

    /**
     * The model of an announcement, checked.
     *
     * @throws IllegalArgumentException when it is damaged, misses its golden scores, or cannot score answers
     */
    Opened of(Checkpoint checkpoint) {
        Double temperature = checkpoint.getMetrics().get("temperature");
        return new Opened(
                scorer(checkpoint), temperature == null ? OptionalDouble.empty() : OptionalDouble.of(temperature));
    }

    private AnswerScorer scorer(Checkpoint checkpoint) {
        String id = checkpoint.getCheckpointId();
        if (checkpoint.getInline() == null && checkpoint.getUri() != null) {
            return fetched.open(fetched.announced(checkpoint));
        }
        return switch (Checkpoints.load(checkpoint)) {
            case RewardModel.Head head
            when checkpoint.getRole() == CheckpointRole.FOLD ->
                throw new IllegalArgumentException("checkpoint " + id
                        + " is of one fold of a run and is never served: take" + " best, gold or another checkpoint");
            case RewardModel.Head head -> new HeadScorer(id, checkpoint.getFeatureSet(), head.head());
            case RewardModel.Neighbours neighbours ->
                throw new IllegalArgumentException(
                        "checkpoint " + id + " votes by neighbours, which compares the two answers"
                                + " of a pair and has no score of one: take best, gold or another checkpoint");
        };
    }

    private AnswerScorer openFolder(String folder) {
        boolean here = !folder.contains(":/") && !folder.contains(":\\");
        return fetched.open(here ? fetched.folder(Path.of(folder)) : fetched.given(folder, null));
    }

    private static Checkpoint find(String model, OpenFolder system) {
        Checkpoint[] found = new Checkpoint[1];
        try (TopicReader reader = new TopicReader(system.installation(), system.wire(), List.of(Topics.CHECKPOINTS))) {
            reader.readToEnd((topic, key, value) -> {
                Checkpoint c = (Checkpoint) value;
                boolean meant = switch (model.toLowerCase(Locale.ROOT)) {
                    case "best" -> c.getRole() == CheckpointRole.BEST;
                    case "gold" -> c.getRole() == CheckpointRole.GOLD;
                    default -> c.getCheckpointId().equals(model);
                };
                if (meant) {
                    found[0] = c;
                }
            });
        }
        if (found[0] == null) {
            throw new UserError(
                    "this run has no model " + model + ": take best, gold, a checkpoint id or a model's folder,"
                            + " and curate with enough human labels first");
        }
        return found[0];
    }
}
