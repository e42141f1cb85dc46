package io.prefstream.runner.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.kit.config.SettingFlags;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import io.prefstream.runner.app.LiveProcess;
import io.prefstream.runner.app.LocalSystem;
import io.prefstream.runner.domain.RoundPolicy;
import io.prefstream.wire.HumanAnnotation;
import io.prefstream.wire.HumanVerdict;
import io.prefstream.wire.Pair;
import io.prefstream.wire.PairIn;
import io.prefstream.wire.PairInMessage;
import io.prefstream.wire.Round;
import io.prefstream.wire.Verdict;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A process that serves a folder, and what others do with it meanwhile. */
class LiveProcessIT {

    private static final Duration LONGEST = Duration.ofMinutes(3);
    private static final Map<String, String> RUN = Map.of(
            "rounds",
            "1",
            "seed",
            "0",
            "decision",
            "calibrated",
            "gold.min",
            "30",
            "keep",
            "0.85",
            "flip",
            "0.1",
            "to-label",
            "200",
            "near-duplicates",
            "flag",
            "pii",
            "keep",
            "pii.drop-from",
            "2");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void takesBatchesFromCurateDecidesWhatProducersWriteAtOnceAndRunsWhenLabelsCome() throws Exception {
        Path data = folder.resolve("data");
        try (LocalSystem server = LocalSystem.start(data, 2, new LocalSystem.Ports(0, 0), LiveProcess.Role.SERVE)) {
            Map<String, String> stages = new TreeMap<>(RUN);
            stages.put("decide", "at-once");
            server.startStages(stages);
            server.tellOthers(RUN);
            server.askForRuns(new RoundPolicy(3, Duration.ofHours(1)), RUN);

            assertThat(run(new CurateCommand(), curate(data, "0")))
                    .as(err.toString())
                    .isZero();
            assertThat(Files.readAllLines(folder.resolve("out/verdicts.jsonl"))).hasSize(640);
            assertThat(run(new TopicsCommand(), "--data-dir", data.toString())).isZero();
            assertThat(out.toString()).contains("verdicts");
            assertThat(run(new CurateCommand(), curate(data, "9"))).isNotZero();
            assertThat(err.toString())
                    .contains("seed = 0")
                    .contains("pid " + ProcessHandle.current().pid());

            send(server, Topics.PAIRS_IN, "any", row());
            Pair pair = (Pair) await(
                    server,
                    Topics.PAIRS,
                    value -> value instanceof Pair p && p.getSourceId().equals("outside"));
            Verdict first = (Verdict) await(server, Topics.VERDICTS, of(pair));
            assertThat(first.getRun()).isEqualTo(1);
            assertThat(first.getPRight()).isNotNull();
            for (int i = 0; i < 3; i++) {
                send(server, Topics.ANNOTATIONS_IN, "outside", label("ann-" + i, i));
            }
            await(
                    server,
                    Topics.ROUNDS,
                    value -> value instanceof Round round
                            && round.getRun() == 2
                            && round.getPhase().equals("done"));
            await(
                    server,
                    Topics.VERDICTS,
                    of(pair).and(value -> ((Verdict) value).getRule().equals("human")));
            assertThat(run(new ExplainCommand(), "outside", "--data-dir", data.toString()))
                    .isZero();
            assertThat(out.toString()).contains("rule human");
        }
        assertThat(LiveProcess.of(data)).isEmpty();
    }

    private String[] curate(Path data, String seed) throws Exception {
        return new String[] {
            sample("pairs.jsonl").toString(),
            "--gold",
            sample("labels.jsonl").toString(),
            "--out",
            folder.resolve("out").toString(),
            "--data-dir",
            data.toString(),
            "--rounds",
            "1",
            "--seed",
            seed,
            "--progress",
            "none"
        };
    }

    private int run(Object command, String... args) {
        CommandLine line = new CommandLine(command);
        if (command instanceof CurateCommand) {
            SettingFlags.addTo(line.getCommandSpec(), CurateCommand.SETTINGS);
        }
        return line.setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler((error, at, parsed) -> {
                    err.write(String.valueOf(error.getMessage()));
                    return 1;
                })
                .execute(args);
    }

    private static Predicate<SpecificRecord> of(Pair pair) {
        return value -> value instanceof Verdict verdict && verdict.getPairId().equals(pair.getPairId());
    }

    private static SpecificRecord await(LocalSystem server, Topic<?> topic, Predicate<SpecificRecord> wanted) {
        SpecificRecord[] found = new SpecificRecord[1];
        long until = System.nanoTime() + LONGEST.toNanos();
        try (TopicReader reader = new TopicReader(server.installation(), server.wire(), List.of(topic))) {
            while (found[0] == null && System.nanoTime() < until) {
                reader.poll(Duration.ofMillis(100), (name, key, value) -> {
                    if (found[0] == null && wanted.test(value)) {
                        found[0] = value;
                    }
                });
            }
        }
        return Objects.requireNonNull(found[0], () -> "no such record came on " + topic.name());
    }

    private static <T extends SpecificRecord> void send(LocalSystem server, Topic<T> topic, String key, T value)
            throws Exception {
        byte[] bytes = server.wire()
                .topicSerde(topic.name(), topic.type())
                .serializer()
                .serialize(topic.name(), value);
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", server.installation().bootstrap()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic.name(), key, bytes)).get();
        }
    }

    private static PairIn row() {
        return PairIn.newBuilder()
                .setBatch("outside")
                .setOrdinal(0)
                .setFile("stream")
                .setLine(1)
                .setSourceId("outside")
                .setHistory(List.of(new PairInMessage("user", "Which is heavier, a kilo of iron or a kilo of wool?")))
                .setChosen("Neither: both weigh a kilo.")
                .setRejected("The iron, of course.")
                .setExtra(Map.of())
                .setRule(null)
                .setReason(null)
                .build();
    }

    private static HumanAnnotation label(String annotator, int ordinal) {
        return HumanAnnotation.newBuilder()
                .setId("outside")
                .setPairId(null)
                .setVerdict(HumanVerdict.CHOSEN)
                .setShownFirst(null)
                .setAnnotator(annotator)
                .setSeconds(null)
                .setAt(null)
                .setBatch("outside")
                .setOrdinal(ordinal)
                .setFile("stream")
                .setLine(ordinal + 1)
                .setAudit(false)
                .build();
    }

    private Path sample(String name) throws Exception {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            try (InputStream in = LiveProcessIT.class.getResourceAsStream("/sample/" + name)) {
                Files.copy(Objects.requireNonNull(in), file);
            }
        }
        return file;
    }
}
