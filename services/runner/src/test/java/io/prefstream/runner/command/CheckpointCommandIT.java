package io.prefstream.runner.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prefstream.core.pair.Message;
import io.prefstream.ingest.client.KafkaDoor;
import io.prefstream.kit.config.UserError;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.topic.Topics;
import io.prefstream.models.reward.DjlRewardModel;
import io.prefstream.models.reward.Hardware;
import io.prefstream.models.reward.ModelFolder;
import io.prefstream.runner.app.LiveProcess;
import io.prefstream.runner.app.LocalSystem;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointProvenance;
import io.prefstream.wire.CheckpointRole;
import io.prefstream.wire.Label;
import io.prefstream.wire.LabelKind;
import io.prefstream.wire.LabelOutcome;
import io.prefstream.wire.LabelProvenance;
import io.prefstream.wire.Pair;
import io.prefstream.wire.PairProvenance;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Real models of text, published to a folder, promoted and rolled back, on a live process and at rest. */
class CheckpointCommandIT {

    private static final Path MODELS = Path.of("../models/src/test/resources/reward");
    private static final String HEAD = "b".repeat(64);
    private static final int PAIRS = 12;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void publishesComparesOnGoldPromotesAndRollsBack() throws Exception {
        String uri = MODELS.resolve("qwen3/onnx").toString();
        String first = ModelFolder.read(MODELS.resolve("qwen3/onnx")).id();
        String second = ModelFolder.read(MODELS.resolve("llama/onnx")).id();
        try (LocalSystem system = LocalSystem.start(folder, 1, new LocalSystem.Ports(0, 0), LiveProcess.Role.SERVE)) {
            fill(system);

            assertThat(run("publish", "--uri", uri)).as(err.toString()).isZero();
            assertThat(said()).contains(first, "8 golden conversations", "on gold: 12 of 12 right", "as candidate");
            assertThat(announced(system)).hasSize(2).last().satisfies(checkpoint -> {
                assertThat(checkpoint.getUri())
                        .isEqualTo(MODELS.resolve("qwen3/onnx").toRealPath().toUri() + "");
                assertThat(checkpoint.getKind()).isEqualTo("text/1");
                assertThat(checkpoint.getMetrics())
                        .containsEntry("gold_decided", 12.0)
                        .containsKey("parameters");
            });

            assertThat(run("promote", first.substring(0, 12), "--role", "best")).isZero();
            assertThat(said())
                    .contains("out of fold, on record: 12 of 12 right")
                    .contains("Serves as best now: " + first.substring(0, 12));
            assertThat(announced(system))
                    .hasSize(3)
                    .last()
                    .satisfies(checkpoint ->
                            assertThat(checkpoint.getProvenance().getInputs()).containsExactly(HEAD));

            String other = MODELS.resolve("llama/onnx").toString();
            assertThat(run("publish", "--uri", other, "--role", "best")).isEqualTo(1);
            assertThat(said())
                    .contains("Label by label: both right", "does not take over from")
                    .contains("--force");
            assertThat(announced(system)).hasSize(3);
            assertThat(run("publish", "--uri", other, "--role", "best", "--force", "--id", second))
                    .isZero();
            assertThat(said()).contains("by force").contains("Serves as best now: " + second.substring(0, 12));

            assertThat(run("rollback", "--role", "best")).isZero();
            assertThat(said()).contains("Serves as best now: " + first.substring(0, 12));
            assertThat(run("rollback", "--role", "best", "--to", HEAD)).isZero();
            assertThat(said()).contains("Serves as best now: " + HEAD.substring(0, 12));
            assertThat(run("rollback", "--role", "best", "--to", HEAD)).isZero();
            assertThat(said()).contains("serves as best already");
            assertThat(announced(system)).hasSize(6);

            assertThat(run("show", second.substring(0, 8), "--json")).isZero();
            JsonNode told = new ObjectMapper().readTree(said());
            assertThat(told.path("serves").asText()).isEqualTo("was best");
            assertThat(told.path("provenance").path("stage").asText()).isEqualTo("operator");
            refusesWhatCannotBe(uri, first);
            assertThat(announced(system)).hasSize(6);
        }

        assertThat(run("list")).as(err.toString()).isZero();
        List<String> rows = said().lines().toList();
        assertThat(rows).hasSize(4);
        assertThat(rows.get(1)).contains(second.substring(0, 12), "was best", "llama");
        assertThat(rows.get(2)).contains(first.substring(0, 12), "was best", "12 of 12, 100.0 %");
        assertThat(rows.get(3)).contains(HEAD.substring(0, 12), "best", "now", "bt-head/1", "12 of 12");
    }

    private void refusesWhatCannotBe(String uri, String id) {
        assertThat(run("promote", "fffffffff", "--role", "best")).isEqualTo(1);
        assertThat(said()).contains("no checkpoint fffffffff was announced");
        assertThat(run("promote", "xyz", "--role", "best")).isEqualTo(1);
        assertThat(said()).contains("\"xyz\" is no checkpoint id");
        assertThat(run("promote", id, "--role", "fold")).isEqualTo(1);
        assertThat(said()).contains("--role must be best or gold, got fold");
        assertThat(run("promote", HEAD, "--role", "gold")).isEqualTo(1);
        assertThat(said()).contains("serves as best").contains("promote another to best first");
        assertThat(run("rollback", "--role", "gold")).isEqualTo(1);
        assertThat(said()).contains("no checkpoint that served as gold before");
        assertThat(run("publish", "--uri", uri, "--id", "a".repeat(64))).isEqualTo(1);
        assertThat(said()).contains("and " + "a".repeat(64) + " was announced");
        assertThat(run("publish", "--uri", uri, "--role", "best", "--no-check")).isEqualTo(1);
        assertThat(said()).contains("--no-check scores no human label");
        assertThat(run("publish", "--uri", folder.resolve("nowhere").toString()))
                .isEqualTo(1);
        assertThat(said()).contains("nowhere").contains("is not there");
    }

    /** Pairs, each with a label that agrees with the first model, and a built-in head that serves. */
    private static void fill(LocalSystem system) throws Exception {
        List<Pair> pairs = new ArrayList<>();
        List<List<Message>> conversations = new ArrayList<>();
        for (int i = 0; i < PAIRS; i++) {
            Pair pair = pair(i);
            pairs.add(pair);
            for (String answer : List.of(pair.getChosen(), pair.getRejected())) {
                conversations.add(List.of(
                        new Message("user", pair.getHistory().getFirst().getContent()),
                        new Message("assistant", answer)));
            }
        }
        double[] scores;
        try (DjlRewardModel model =
                DjlRewardModel.load(ModelFolder.read(MODELS.resolve("qwen3/onnx")), Hardware.cpu(1))) {
            scores = model.score(conversations);
        }
        try (KafkaDoor door = KafkaDoor.transactional(system.installation(), system.wire(), "test")) {
            door.begin();
            for (int i = 0; i < PAIRS; i++) {
                Pair pair = pairs.get(i);
                boolean right = scores[2 * i] > scores[2 * i + 1];
                door.send(Topics.PAIRS, pair.getPairId(), pair, failure -> {});
                door.send(Topics.LABELS, pair.getPairId(), label(pair, !right, 1), failure -> {});
                door.send(Topics.LABELS, pair.getPairId(), label(pair, right, 2), failure -> {});
            }
            door.send(Topics.CHECKPOINTS, HEAD, head(), failure -> {});
            door.commit();
        }
    }

    private static Pair pair(int i) {
        return Pair.newBuilder()
                .setPairId("%064x".formatted(i))
                .setMatchId("m" + i)
                .setPromptGroup("g" + i)
                .setHistory(List.of(new io.prefstream.wire.Message("user", "What is " + i + " times seven?")))
                .setChosen(words(2 * i))
                .setRejected(words(2 * i + 1))
                .setBatch("b")
                .setOrdinal(i)
                .setFile("f")
                .setLine(i + 1)
                .setSourceId("s" + i)
                .setMirrorPairId(null)
                .setExtra(Map.of())
                .setProvenance(new PairProvenance("ingest", "1", "0", List.of(), null, null))
                .build();
    }

    /** Some words, so that untrained models are of different minds. */
    private static String words(int seed) {
        Random random = new Random(seed);
        return IntStream.range(0, 3 + random.nextInt(20))
                .mapToObj(i -> "word" + random.nextInt(50))
                .collect(Collectors.joining(" "));
    }

    private static Label label(Pair pair, boolean right, long revision) {
        return Label.newBuilder()
                .setPairId(pair.getPairId())
                .setKind(LabelKind.GOLD)
                .setOutcome(right ? LabelOutcome.CHOSEN : LabelOutcome.REJECTED)
                .setPRight(right ? 1 : 0)
                .setRound(0)
                .setRevision(revision)
                .setVotes(1)
                .setPosterior(null)
                .setProvenance(new LabelProvenance("label-verifier", "1", "0", List.of(), null, null))
                .build();
    }

    private static Checkpoint head() {
        return Checkpoint.newBuilder()
                .setCheckpointId(HEAD)
                .setRole(CheckpointRole.BEST)
                .setFamily("silver")
                .setFold(-1)
                .setRound(2)
                .setKind("bt-head/1")
                .setUri(null)
                .setInline(ByteBuffer.wrap(new byte[] {1, 2, 3}))
                .setFeatureSet("f")
                .setMetrics(Map.of("gold_correct", (double) PAIRS, "gold_decided", (double) PAIRS))
                .setGoldenPairs(List.of())
                .setTolerance(1e-9)
                .setTrainedOn(30)
                .setLabelsHash("")
                .setProvenance(new CheckpointProvenance("trainer", "1", "0", List.of(), null, null))
                .build();
    }

    private static List<Checkpoint> announced(LocalSystem system) {
        List<Checkpoint> announced = new ArrayList<>();
        try (TopicReader reader = new TopicReader(system.installation(), system.wire(), List.of(Topics.CHECKPOINTS))) {
            reader.readToEnd((topic, key, value) -> announced.add((Checkpoint) value));
        }
        return announced;
    }

    private int run(String... args) {
        CommandLine line = new CommandLine(new CheckpointCommand());
        CheckpointCommand.addSettingFlags(line);
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--data-dir", folder.toString()));
        return line.setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler((error, at, parsed) -> {
                    out.write(error.getMessage() + "\n");
                    return error instanceof UserError user ? user.exitCode() : 3;
                })
                .execute(all.toArray(String[]::new));
    }

    /** What was said since the last look. */
    private String said() {
        String said = out.toString();
        out.getBuffer().setLength(0);
        return said;
    }
}
