package io.prefstream.runner.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prefstream.kit.config.UserError;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.topic.Topics;
import io.prefstream.wire.Verdict;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cleaning over the whole line: embedded broker, registry and every stage. */
class CleaningIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> SETTINGS =
            Map.of("rounds", "1", "seed", "7", "near-duplicates", "drop", "pii", "redact", "pii.drop-from", "2");
    private static final String HELD =
            "Which three of the seven wonders of the ancient world stood nearest to the sea, and why?";

    @TempDir
    private Path folder;

    private Path pairs;
    private Path benchmark;

    @BeforeEach
    void writeFiles() throws Exception {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            rows.add(row("p" + i, "What does this mean: " + words(i, 12) + "?", i));
        }
        rows.add(row("copy", "What does this mean, " + words(3, 12) + "?", 3));
        rows.add(row("held", HELD, 50));
        rows.add(row("mail", "Who is behind jane.roe@gmail.com, do you think?", 51));
        pairs = Files.write(folder.resolve("pairs.jsonl"), rows);
        benchmark = Files.writeString(
                folder.resolve("bench.jsonl"), JSON.writeValueAsString(Map.of("id", "w7", "prompt", HELD)) + "\n");
    }

    @Test
    void givesTheSameBytesAtOneAndAtFourPartitions() throws Exception {
        Curation.Result one = curate("one", 1, List.of(benchmark));
        curate("four", 4, List.of(benchmark));

        assertThat(Files.readString(out("four").resolve("manifest.json")))
                .isEqualTo(Files.readString(out("one").resolve("manifest.json")));
        assertThat(one.cleaning())
                .containsEntry("contaminated", 1L)
                .containsEntry("near-duplicate", 1L)
                .containsEntry("pii-score-2", 1L)
                .containsEntry("duplicate", 0L);
        Map<String, JsonNode> verdicts = verdicts("one");
        assertThat(verdicts.get("held").path("verdict").asText()).isEqualTo("rejected_input");
        assertThat(verdicts.get("held").path("reason").asText()).contains("item w7 of the benchmark bench.jsonl");
        assertThat(verdicts.get("copy").path("rule").asText()).isEqualTo("near-duplicate");
        assertThat(verdicts.get("copy").path("reason").asText())
                .endsWith(verdicts.get("p3").path("pair_id").asText());
        assertThat(Files.readString(out("one").resolve("to-label.jsonl")))
                .contains("Who is behind [EMAIL]")
                .doesNotContain("jane.roe");
    }

    @Test
    void aBenchmarkLoadedLaterTakesOldPairsOutInANewRevision() throws Exception {
        Curation.Result before = curate("late", 4, List.of());
        assertThat(before.cleaning()).containsEntry("contaminated", 0L);
        assertThat(verdicts("late").get("held").path("rule").asText()).isEqualTo("no-gold");

        Curation.Result after = curate("late", 4, List.of(benchmark));
        String manifest = Files.readString(out("late").resolve("manifest.json"));

        assertThat(after.cleaning()).containsEntry("contaminated", 1L);
        JsonNode held = verdicts("late").get("held");
        assertThat(held.path("verdict").asText()).isEqualTo("rejected_input");
        assertThat(held.path("rule").asText()).isEqualTo("contaminated");
        assertThat(Files.readString(out("late").resolve("to-label.jsonl"))).doesNotContain("seven wonders");

        curate("late", 4, List.of(benchmark));
        assertThat(Files.readString(out("late").resolve("manifest.json"))).isEqualTo(manifest);
    }

    @Test
    void aBenchmarkLoadedIntoALiveProcessChangesVerdictsAtOnce() throws Exception {
        PrintStream quiet = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        try (LocalSystem system = LocalSystem.start(folder.resolve("live"), 2, new LocalSystem.Ports(0, 0))) {
            Map<String, String> stages = new HashMap<>(SETTINGS);
            stages.put("decide", "at-once");
            system.startStages(stages);
            new Curation(system, message -> {})
                    .run(List.of(pairs), null, SETTINGS, out("live"), new Progress(quiet, true));
            String held = verdicts("live").get("held").path("pair_id").asText();
            Benchmarks benchmarks = new Benchmarks(system.installation(), system.wire());

            assertThat(benchmarks.load(List.of(benchmark), message -> {})).isEqualTo(1);
            benchmarks.await(system::fault);

            assertThat(benchmarks.hits(List.of(benchmark)))
                    .singleElement()
                    .satisfies(hit -> assertThat(hit.getPairId()).isEqualTo(held));
            assertThat(benchmarks.load(List.of(benchmark), message -> {})).isZero();
            List<Verdict> revised = new ArrayList<>();
            try (TopicReader reader = new TopicReader(system.installation(), system.wire(), List.of(Topics.VERDICTS))) {
                for (int look = 0; look < 300 && revised.isEmpty(); look++) {
                    reader.poll(Duration.ofMillis(100), (topic, key, value) -> {
                        if (value instanceof Verdict verdict && verdict.getRevision() == 2) {
                            revised.add(verdict);
                        }
                    });
                }
            }
            assertThat(revised).singleElement().satisfies(verdict -> {
                assertThat(verdict.getPairId()).isEqualTo(held);
                assertThat(verdict.getRule()).isEqualTo("contaminated");
            });
        }
    }

    @Test
    void aBenchmarkThatCannotBeReadEndsTheRunBeforeAnyPair() {
        assertThatThrownBy(() -> curate("none", 1, List.of(folder.resolve("nowhere.jsonl"))))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("nowhere.jsonl")
                .hasMessageContaining("no such file");
    }

    private Curation.Result curate(String name, int partitions, List<Path> benchmarks) throws Exception {
        PrintStream quiet = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        try (LocalSystem system = LocalSystem.start(folder.resolve(name), partitions, new LocalSystem.Ports(0, 0))) {
            system.startStages(SETTINGS);
            return new Curation(system, message -> {})
                    .withBenchmarks(benchmarks)
                    .run(List.of(pairs), null, SETTINGS, out(name), new Progress(quiet, true));
        }
    }

    private Path out(String name) {
        return folder.resolve(name + "-out");
    }

    private Map<String, JsonNode> verdicts(String name) throws Exception {
        Map<String, JsonNode> rows = new HashMap<>();
        for (String line : Files.readAllLines(out(name).resolve("verdicts.jsonl"))) {
            JsonNode row = JSON.readTree(line);
            rows.put(row.path("source_id").asText(), row);
        }
        return rows;
    }

    private static String row(String id, String prompt, int seed) throws Exception {
        String good = words(seed + 1000, 25);
        String bad = words(seed + 2000, 25);
        return JSON.writeValueAsString(Map.of("id", id, "prompt", prompt, "chosen", good, "rejected", bad));
    }

    private static String words(int seed, int n) {
        return new Random(seed)
                .longs(n, 1 << 20, 1 << 30)
                .mapToObj(word -> Long.toString(word, 36))
                .collect(Collectors.joining(" "));
    }
}
