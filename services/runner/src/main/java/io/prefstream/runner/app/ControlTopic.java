package io.prefstream.runner.app;

import io.prefstream.core.stats.Hashes;
import io.prefstream.kit.config.UserError;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.topic.Topics;
import io.prefstream.models.reward.ModelFolder;
import io.prefstream.rewardscorer.client.Checkpoints;
import io.prefstream.runner.domain.CheckpointHistory;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointProvenance;
import io.prefstream.wire.CheckpointRole;
import io.prefstream.wire.TrainingRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The control topic of a folder: what was announced, and an operator's own announcements, each one record in a transaction. */
public final class ControlTopic {

    private static final int FEWEST_DIGITS = 8;

    private final OpenFolder folder;
    private final List<TrainingRun> trainings = new ArrayList<>();
    private CheckpointHistory history;

    /** The topic as it is now. */
    public ControlTopic(OpenFolder folder) {
        this.folder = folder;
        this.history = read();
    }

    private CheckpointHistory read() {
        List<Checkpoint> announced = new ArrayList<>();
        trainings.clear();
        try (TopicReader reader = new TopicReader(
                folder.installation(), folder.wire(), List.of(Topics.CHECKPOINTS, Topics.TRAINING_RUNS))) {
            reader.readToEnd((topic, key, value) -> {
                if (value instanceof Checkpoint checkpoint) {
                    announced.add(checkpoint);
                } else if (value instanceof TrainingRun training) {
                    trainings.add(training);
                }
            });
        }
        return new CheckpointHistory(announced);
    }

    /** What was announced. */
    public CheckpointHistory history() {
        return history;
    }

    /** Trainings of all runs, the oldest first. */
    public List<TrainingRun> trainings() {
        return List.copyOf(trainings);
    }

    /**
     * The checkpoint that a text names.
     *
     * @param name an id or at least its first 8 digits
     * @throws UserError when it names none or several
     */
    public Checkpoint named(String name) {
        String digits = name.toLowerCase(Locale.ROOT);
        if (!digits.matches("[0-9a-f]{" + FEWEST_DIGITS + ",64}")) {
            throw new UserError("\"" + name + "\" is no checkpoint id: give at least its first " + FEWEST_DIGITS
                    + " hex digits, as prefstream checkpoint list shows them");
        }
        List<Checkpoint> found = history.beginning(digits);
        if (found.size() != 1) {
            throw new UserError(
                    found.isEmpty()
                            ? "no checkpoint " + name
                                    + " was announced on this folder: see prefstream checkpoint list --all"
                            : name + " begins the ids of " + found.size() + " checkpoints: "
                                    + found.stream()
                                            .map(Checkpoint::getCheckpointId)
                                            .collect(Collectors.joining(", ")));
        }
        return found.getFirst();
    }

    /** Makes sure that a checkpoint may get a role: a member of a fold may not, nor may one that serves in another. */
    public void mayBe(CheckpointRole role, String id) {
        history.find(id).ifPresent(checkpoint -> {
            if (checkpoint.getRole() == CheckpointRole.FOLD) {
                throw new UserError(
                        "checkpoint " + id + " was trained without a fold to score that fold, and never serves:"
                                + " take the candidate of its family and round");
            }
            for (CheckpointRole held : history.roles(id)) {
                if (held != role) {
                    throw new UserError("checkpoint " + id + " serves as " + word(held)
                            + ", and a checkpoint has one role: promote another to " + word(held) + " first");
                }
            }
        });
    }

    /** A role in lower case. */
    public static String word(CheckpointRole role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    /** Announces a reward model of text in a role. */
    public void announce(String uri, ModelFolder model, CheckpointRole role, Map<String, Double> figures) {
        Map<String, Double> metrics = new HashMap<>(figures);
        metrics.put("parameters", (double) model.card().parameters());
        announce(
                Checkpoint.newBuilder()
                        .setCheckpointId(model.id())
                        .setRole(role)
                        .setFamily("external")
                        .setFold(-1)
                        .setOtherFold(-1)
                        .setRound(0)
                        .setKind(Checkpoints.TEXT)
                        .setUri(uri)
                        .setInline(null)
                        .setFeatureSet("")
                        .setMetrics(metrics)
                        .setGoldenPairs(List.of())
                        .setTolerance(model.card().tolerance())
                        .setTrainedOn(0)
                        .setLabelsHash(""),
                role,
                Hashes.ofSettings(Map.of()),
                model.card().name());
    }

    /** Announces a checkpoint again, in a role, with these figures over those it has. */
    public void announceAgain(Checkpoint checkpoint, CheckpointRole role, Map<String, Double> figures) {
        Map<String, Double> metrics = new HashMap<>(checkpoint.getMetrics());
        metrics.putAll(figures);
        announce(
                Checkpoint.newBuilder(checkpoint).setRole(role).setMetrics(metrics),
                role,
                checkpoint.getProvenance().getConfigHash(),
                checkpoint.getProvenance().getRevision());
    }

    private void announce(
            Checkpoint.Builder checkpoint, CheckpointRole role, String configHash, @Nullable String revision) {
        List<String> before = CheckpointHistory.SERVING.contains(role)
                ? history.serving(role)
                        .map(Checkpoint::getCheckpointId)
                        .filter(id -> !id.equals(checkpoint.getCheckpointId()))
                        .map(List::of)
                        .orElse(List.of())
                : List.of();
        Checkpoint announced = checkpoint
                .setProvenance(CheckpointProvenance.newBuilder()
                        .setStage(CheckpointHistory.OPERATOR)
                        .setStageVersion("1")
                        .setConfigHash(configHash)
                        .setInputs(before)
                        .setRevision(revision)
                        .setCostUsd(null)
                        .build())
                .build();
        try (Feeder feeder = new Feeder(folder.installation(), folder.wire(), "checkpoints")) {
            feeder.send(Topics.CHECKPOINTS, announced.getCheckpointId(), announced);
            feeder.commit();
        }
        history = read();
    }
}
