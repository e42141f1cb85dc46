package io.prefstream.runner.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.topic.Topics;
import io.prefstream.wire.Verdict;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole line on the shipped sample: embedded broker, registry and every stage. */
class CurationIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> SETTINGS = Map.of(
            "rounds", "2", "seed", "7", "decision", "calibrated", "gold.min", "30", "keep", "0.85", "flip", "0.1");

    @TempDir
    private Path folder;

    @Test
    void givesTheSameBytesAtOneAndAtThreePartitionsAndOneVerdictARevision() throws Exception {
        Path pairs = sample("pairs.jsonl");
        Path labels = sample("labels.jsonl");
        Path alike = alike();

        Curation.Result one = curate("one", 1, List.of(pairs, alike), labels, SETTINGS);
        Curation.Result three = curate("three", 3, List.of(pairs, alike), labels, SETTINGS);

        assertThat(Files.readString(out("three").resolve("manifest.json")))
                .isEqualTo(Files.readString(out("one").resolve("manifest.json")));
        assertThat(three.counts()).isEqualTo(one.counts());
        assertThat(sum(one.counts())).isEqualTo(641).isEqualTo(one.counts().get("read"));
        foundMostOfTheWrongLabelsItDecidedOn(out("one").resolve("verdicts.jsonl"));
        everyMalformedRowIsRefused(out("one").resolve("verdicts.jsonl"));
        assertThat(Files.readString(out("one").resolve("verdicts.jsonl")))
                .containsOnlyOnce("\"verdict\":\"quarantine\",\"rule\":\"same-features\"");
        assertThat(Files.readString(out("three").resolve("report.md")))
                .contains("## By stratum", "| Math/objective/low | 60 |", "| control |", "| similarity |");
        try (LocalSystem system = LocalSystem.read(folder.resolve("three"))) {
            noRevisionHasTwoVerdicts(system);
            confluentsDeserializerReadsEveryRecord(system);
        }
    }

    @Test
    void asksForLabelsWithoutGoldAndGoesOnInTheSameFolderOnceTheyCome() throws Exception {
        Path pairs = sample("pairs.jsonl");

        Curation.Result first = curate("loop", 2, List.of(pairs), null, SETTINGS);
        assertThat(first.counts().get("keep")).isZero();
        assertThat(Files.readAllLines(out("loop").resolve("to-label.jsonl"))).hasSize(200);

        Curation.Result second = curate("loop", 2, List.of(pairs), sample("labels.jsonl"), SETTINGS);
        assertThat(second.counts().get("read")).isEqualTo(640);
        assertThat(second.counts().get("keep")).isPositive();
        String manifest = Files.readString(out("loop").resolve("manifest.json"));

        curate("loop", 2, List.of(pairs), sample("labels.jsonl"), SETTINGS);
        assertThat(Files.readString(out("loop").resolve("manifest.json"))).isEqualTo(manifest);

        Map<String, String> other = new TreeMap<>(SETTINGS);
        other.put("seed", "8");
        assertThatThrownBy(() -> curate("loop", 2, List.of(pairs), null, other))
                .hasMessageContaining("seed = 7")
                .hasMessageContaining("--data-dir");
    }

    private Curation.Result curate(
            String name, int partitions, List<Path> pairs, @Nullable Path gold, Map<String, String> settings)
            throws Exception {
        PrintStream quiet = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        try (LocalSystem system = LocalSystem.start(folder.resolve(name), partitions, new LocalSystem.Ports(0, 0))) {
            system.startStages(settings);
            return new Curation(system, message -> {}).run(pairs, gold, settings, out(name), new Progress(quiet, true));
        }
    }

    private Path out(String name) {
        return folder.resolve(name + "-out");
    }

    private static long sum(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .filter(e -> !e.getKey().equals("read"))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private void foundMostOfTheWrongLabelsItDecidedOn(Path verdicts) throws Exception {
        Set<String> wrong = new HashSet<>();
        truth().path("wrong_labels").forEach(id -> wrong.add(id.asText()));
        int kept = 0;
        int keptWrong = 0;
        for (String line : Files.readAllLines(verdicts)) {
            JsonNode row = JSON.readTree(line);
            if (row.path("verdict").asText().equals("keep")) {
                kept++;
                keptWrong += wrong.contains(row.path("source_id").asText()) ? 1 : 0;
            }
        }
        assertThat(kept).isGreaterThan(250);
        assertThat((double) keptWrong / kept).isLessThan(0.05);
    }

    private void everyMalformedRowIsRefused(Path verdicts) throws Exception {
        Map<Long, String> byLine = new HashMap<>();
        for (String line : Files.readAllLines(verdicts)) {
            JsonNode row = JSON.readTree(line);
            if (row.path("file").asText().equals("pairs.jsonl")) {
                byLine.put(row.path("line").asLong(), row.path("verdict").asText());
            }
        }
        truth().path("malformed")
                .forEach(
                        row -> assertThat(byLine.get(row.path("line").asLong())).isEqualTo("rejected_input"));
    }

    private static void noRevisionHasTwoVerdicts(LocalSystem system) {
        try (TopicReader reader = new TopicReader(system.installation(), system.wire(), List.of(Topics.VERDICTS))) {
            Set<String> seen = new HashSet<>();
            reader.readToEnd((topic, key, value) -> {
                Verdict verdict = (Verdict) value;
                assertThat(seen.add(verdict.getPairId() + "/" + verdict.getRevision()))
                        .isTrue();
            });
            assertThat(seen).isNotEmpty();
        }
    }

    private static void confluentsDeserializerReadsEveryRecord(LocalSystem system) throws Exception {
        Map<String, Integer> records = ConfluentReader.readEveryTopic(system.installation());

        assertThat(records.get("pairs-in")).isEqualTo(641);
        assertThat(records)
                .containsKeys(
                        "pair-attributes",
                        "pair-embeddings",
                        "pair-features",
                        "labels",
                        "checkpoints",
                        "pair-scores",
                        "evaluations",
                        "rounds",
                        "progress",
                        "verdicts",
                        "curated-pairs");
    }

    private static JsonNode truth() throws Exception {
        try (InputStream in = CurationIT.class.getResourceAsStream("/sample/answers.json")) {
            return JSON.readTree(in);
        }
    }

    /** A pair whose answers differ only where the encoder doesn't look. */
    private Path alike() throws Exception {
        String head = "It depends on many things. ".repeat(60);
        String row = JSON.writeValueAsString(Map.of(
                "id",
                "alike",
                "prompt",
                "Does it matter?",
                "chosen",
                head + "Yes. " + head,
                "rejected",
                head + "Nope. " + head));
        return Files.writeString(folder.resolve("alike.jsonl"), row + "\n");
    }

    private Path sample(String name) throws Exception {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            try (InputStream in = CurationIT.class.getResourceAsStream("/sample/" + name)) {
                Files.copy(Objects.requireNonNull(in), file);
            }
        }
        return file;
    }
}
