package io.prefstream.runner.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.prefstream.core.pair.Message;
import io.prefstream.ingest.client.KafkaDoor;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.topic.Topics;
import io.prefstream.models.reward.DjlRewardModel;
import io.prefstream.models.reward.Hardware;
import io.prefstream.models.reward.ModelFolder;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointProvenance;
import io.prefstream.wire.CheckpointRole;
import io.prefstream.wire.DeadLetter;
import io.prefstream.wire.Pair;
import io.prefstream.wire.PairScore;
import io.prefstream.wire.RewardAnswer;
import io.prefstream.wire.RunRequest;
import io.prefstream.wire.TrainingRun;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that read text take part in a run of the sample: one that is sound, and one that is not what was announced. */
class TextModelIT {

    private static final Path MODEL = Path.of("../models/src/test/resources/reward/qwen3/onnx")
            .toAbsolutePath()
            .normalize();
    private static final String DAMAGED = "0".repeat(64);
    private static final Map<String, String> SETTINGS = Map.of("rounds", "1", "seed", "7", "shadow.share", "0.2");

    @TempDir
    private Path folder;

    @Test
    void competesOnGoldScoresAShareOfThePoolBesideTheBestAndIsSentNoPairTwice() throws Exception {
        String id = ModelFolder.read(MODEL).id();
        Curation.Result result = curate(id, DAMAGED);

        Map<String, Pair> pairs = new HashMap<>();
        Map<String, TrainingRun> trainings = new HashMap<>();
        List<PairScore> shadowed = new ArrayList<>();
        List<String> letters = new ArrayList<>();
        Set<String> answered = new HashSet<>();
        Set<Integer> runs = new HashSet<>();
        read((topic, value) -> {
            switch (value) {
                case Pair pair -> pairs.put(pair.getPairId(), pair);
                case TrainingRun training -> trainings.put(training.getFamily(), training);
                case PairScore score -> {
                    if (score.getRequestId().contains("/final-")
                            && score.getScores().stream()
                                    .anyMatch(s -> s.getCheckpoint().equals(id))) {
                        shadowed.add(score);
                    }
                }
                case DeadLetter letter -> letters.add(letter.getPairId() + " " + letter.getError());
                case RewardAnswer answer ->
                    answer.getScores().stream()
                            .filter(score -> score.getCheckpoint().equals(id))
                            .forEach(score ->
                                    assertThat(answered.add(answer.getPairId())).isTrue());
                case RunRequest run -> runs.add(run.getRun());
                default -> throw new IllegalStateException(topic);
            }
        });
        assertThat(trainings.get("outside/" + id).getGoldDecided()).isPositive();
        assertThat(trainings.get("outside/" + id).getGoldCorrect()).isPositive();
        assertThat(trainings.get("outside/" + DAMAGED).getGoldCorrect()).isZero();
        assertThat(letters)
                .hasSizeBetween(1, 2) // one a partition
                .allSatisfy(letter -> assertThat(letter).startsWith("null ").contains("announced"));
        assertThat(result.decision()).containsKey("answer/better/4 model " + id.substring(0, 12));
        assertThat((double) shadowed.size() / pairs.size()).isBetween(0.12, 0.28);
        try (DjlRewardModel model = DjlRewardModel.load(ModelFolder.read(MODEL), Hardware.cpu(1))) {
            for (PairScore score : shadowed.subList(0, 20)) {
                Pair pair = Objects.requireNonNull(pairs.get(score.getPairId()));
                double[] own = model.score(List.of(with(pair, pair.getChosen()), with(pair, pair.getRejected())));
                var said = score.getScores().stream()
                        .filter(s -> s.getCheckpoint().equals(id))
                        .findFirst()
                        .orElseThrow();
                assertThat(said.getChosenScore()).isCloseTo(own[0], within(1e-4));
                assertThat(said.getRejectedScore()).isCloseTo(own[1], within(1e-4));
            }
        }
        assertThat(runs).containsExactly(1);
        curate(); // nothing is new, so nothing is done
        read((topic, value) -> {
            if (value instanceof RunRequest run) {
                runs.add(run.getRun());
            }
        });
        assertThat(runs).containsExactly(1);
    }

    private interface Sink {
        void take(String topic, Object value);
    }

    private void read(Sink sink) {
        try (LocalSystem system = LocalSystem.read(folder.resolve("data"));
                TopicReader reader = new TopicReader(
                        system.installation(),
                        system.wire(),
                        List.of(
                                Topics.PAIRS,
                                Topics.TRAINING_RUNS,
                                Topics.PAIR_SCORES,
                                Topics.REWARD_ANSWERS,
                                Topics.RUNS,
                                Topics.deadLetters("reward-scorer")))) {
            reader.readToEnd((topic, key, value) -> sink.take(topic, value));
        }
    }

    private Curation.Result curate(String... announced) throws Exception {
        PrintStream quiet = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        try (LocalSystem system = LocalSystem.start(folder.resolve("data"), 2, new LocalSystem.Ports(0, 0))) {
            try (KafkaDoor door = KafkaDoor.open(system.installation(), system.wire())) {
                for (String id : announced) {
                    door.send(
                            Topics.CHECKPOINTS,
                            id,
                            announcement(id),
                            e -> assertThat(e).isNull());
                }
            }
            Map<String, String> stages = new HashMap<>(SETTINGS);
            stages.put("models.allowed", MODEL.toUri().toString());
            system.startStages(stages);
            return new Curation(system, message -> {})
                    .run(
                            List.of(sample("pairs.jsonl")),
                            sample("labels.jsonl"),
                            SETTINGS,
                            folder.resolve("out"),
                            new Progress(quiet, true));
        }
    }

    private static Checkpoint announcement(String id) {
        return Checkpoint.newBuilder()
                .setCheckpointId(id)
                .setRole(CheckpointRole.CANDIDATE)
                .setFamily("external")
                .setFold(-1)
                .setRound(0)
                .setKind("text/1")
                .setUri(MODEL.toUri().toString())
                .setInline(null)
                .setFeatureSet("")
                .setMetrics(Map.of())
                .setGoldenPairs(List.of())
                .setTolerance(1e-4)
                .setTrainedOn(0)
                .setLabelsHash("")
                .setProvenance(new CheckpointProvenance("operator", "1", "", List.of(), null, null))
                .build();
    }

    private static List<Message> with(Pair pair, String answer) {
        return Stream.concat(
                        pair.getHistory().stream().map(turn -> new Message(turn.getRole(), turn.getContent())),
                        Stream.of(new Message("assistant", answer)))
                .toList();
    }

    private Path sample(String name) throws Exception {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            try (InputStream in = TextModelIT.class.getResourceAsStream("/sample/" + name)) {
                Files.copy(Objects.requireNonNull(in), file);
            }
        }
        return file;
    }
}
