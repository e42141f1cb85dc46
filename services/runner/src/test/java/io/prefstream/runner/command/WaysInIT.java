package io.prefstream.runner.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.ingest.app.WaysIn;
import io.prefstream.kit.config.SettingSources;
import io.prefstream.kit.config.Settings;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.topic.Topics;
import io.prefstream.runner.app.LiveProcess;
import io.prefstream.runner.app.LocalSystem;
import io.prefstream.runner.domain.RoundPolicy;
import io.prefstream.wire.Pair;
import io.prefstream.wire.Round;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Every way into a process that serves, through a run that counts them all. */
class WaysInIT {

    private static final Duration LONGEST = Duration.ofMinutes(3);

    private final Map<String, Pair> pairs = new TreeMap<>();
    private int done;

    @TempDir
    private Path folder;

    @Test
    void whatComesByAnyWayBecomesPairsOnceAndARunCountsIt() throws Exception {
        Path data = folder.resolve("data");
        Path logs = Files.createDirectory(folder.resolve("logs"));
        Settings settings = SettingSources.gather(
                null,
                Map.of(),
                Map.of("ingest.port", "0", "follow", logs.toString(), "json-topic", "outside-json", "rounds", "1"));
        try (LocalSystem server = LocalSystem.start(data, 2, new LocalSystem.Ports(0, 0), LiveProcess.Role.SERVE)) {
            Map<String, String> stages = new TreeMap<>(settings.stages());
            stages.put("decide", "at-once");
            server.startStages(stages);
            server.tellOthers(settings.run());
            server.askForRuns(new RoundPolicy(1, Duration.ofHours(1)), settings.run());
            try (WaysIn ways = WaysIn.open(server.installation(), server.wire(), settings)) {
                String conversation = """
                        {"id":"c-1","messages":[{"role":"user","content":"Is 91 prime?"},{"role":"assistant",\
                        "content":"No: 91 = 7 x 13.","regenerations":["Yes."]}]}
                        """;
                assertThat(post(ways, "/v1/conversations", conversation)).isEqualTo(200);
                assertThat(post(ways, "/v1/pairs", pair("h-1"))).isEqualTo(200);
                Files.writeString(logs.resolve("app.log"), pair("f-1") + conversation);
                Path given = folder.resolve("given.jsonl");
                Files.writeString(given, pair("s-1") + pair("h-1"));
                assertThat(ingest(data, given)).contains("2 rows given, 0 refused");
                try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", server.installation().bootstrap()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
                    producer.send(new ProducerRecord<>(
                                    "outside-json", pair("j-1").getBytes(StandardCharsets.UTF_8)))
                            .get();
                }
                try (TopicReader reader =
                        new TopicReader(server.installation(), server.wire(), List.of(Topics.PAIRS, Topics.ROUNDS))) {
                    await(reader, () -> pairs.size() == 5);
                    String named = pairs.keySet().iterator().next();
                    assertThat(named).startsWith("c-1/1/regeneration#");
                    Files.writeString(given, "{\"id\":\"" + named + "\",\"verdict\":\"chosen\"}\n");
                    ingest(data, given);
                    await(reader, () -> done == 1);
                }

                assertThat(pairs.keySet()).contains("f-1", "h-1", "j-1", "s-1").hasSize(5);
                assertThat(ways.fault()).isEmpty();
            }
        }
    }

    private void await(TopicReader reader, BooleanSupplier there) {
        long until = System.nanoTime() + LONGEST.toNanos();
        while (!there.getAsBoolean() && System.nanoTime() < until) {
            reader.poll(Duration.ofMillis(100), (topic, key, value) -> {
                switch (value) {
                    case Pair pair -> pairs.put(pair.getSourceId(), pair);
                    case Round round -> done = round.getPhase().equals("done") ? round.getRun() : done;
                    default -> throw new AssertionError(topic);
                }
            });
        }
        assertThat(there.getAsBoolean())
                .as("pairs %s, runs done %s", pairs.keySet(), done)
                .isTrue();
    }

    private static String ingest(Path data, Path file) {
        StringWriter out = new StringWriter();
        int code = new CommandLine(new IngestCommand())
                .setOut(new PrintWriter(out, true))
                .execute(file.toString(), "--data-dir", data.toString());
        assertThat(code).isZero();
        return out.toString();
    }

    private static int post(WaysIn ways, String path, String body) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(ways.url() + path))
                                .header("Content-Type", "application/x-ndjson")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static String pair(String id) {
        return "{\"id\":\"" + id + "\",\"prompt\":\"What is " + id
                + "?\",\"chosen\":\"An id.\",\"rejected\":\"No.\"}\n";
    }
}
