package io.prefstream.runner.ablate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prefstream.runner.app.Curation;
import io.prefstream.runner.app.LocalSystem;
import io.prefstream.runner.app.Progress;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run of the shipped sample, and replays of it with something changed. */
class AblationIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> SETTINGS =
            Map.of("rounds", "1", "seed", "7", "gold.min", "30", "keep", "0.85", "flip", "0.1");
    private static final Progress QUIET =
            new Progress(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), true);

    @TempDir
    private Path folder;

    @Test
    void aReplayGivesTheSameBytesAndAKnobChangesOnlyWhatFollowsIt() throws Exception {
        Path data = folder.resolve("data");
        try (LocalSystem system = LocalSystem.start(data, 2, new LocalSystem.Ports(0, 0))) {
            system.startStages(SETTINGS);
            new Curation(system, message -> {})
                    .run(
                            List.of(sample("pairs.jsonl")),
                            sample("labels.jsonl"),
                            SETTINGS,
                            folder.resolve("run"),
                            QUIET);
        }

        try (LocalSystem system = LocalSystem.read(data)) {
            Set<String> before = topics(system);

            JsonNode wide = ablate(system, "wide", 4, "variants: {stricter: {keep: 0.92}, two: {pairs.share: 0.5}}");
            JsonNode narrow = ablate(system, "narrow", 1, "variants: {again: {replay.from: input}}");

            assertThat(manifest("wide", "base")).isEqualTo(Files.readString(folder.resolve("run/manifest.json")));
            assertThat(manifest("narrow", "base")).isEqualTo(manifest("wide", "base"));
            assertThat(manifest("narrow", "again")).isEqualTo(manifest("wide", "base"));
            assertThat(differing("narrow", "base")).isSubsetOf("round-accounts");
            assertThat(differing("wide", "stricter"))
                    .contains("verdicts", "curated-pairs")
                    .isSubsetOf(
                            "runs",
                            "rounds",
                            "round-accounts",
                            "verdicts",
                            "curated-pairs",
                            "recycled-pairs",
                            "discarded-pairs",
                            "human-tasks",
                            "votes",
                            "agreement",
                            "annotators");
            assertThat(wide.path("variants")
                            .path("two")
                            .path("counts")
                            .path("read")
                            .asInt())
                    .isBetween(250, 450);
            assertThat(narrow.path("variants").path("again").path("entry").asText())
                    .isEqualTo("input");
            assertThat(topics(system)).isEqualTo(before);
            assertThat(data.resolve("ablations/wide/stricter")).doesNotExist();

            List<String> said = new ArrayList<>();
            ablation(system, "wide", 4, "variants: {stricter: {keep: 0.92}, two: {pairs.share: 0.5}}", said);
            assertThat(said).contains("base has ended before", "stricter has ended before", "two has ended before");
            assertThatThrownBy(() -> ablate(system, "wide", 4, "variants: {stricter: {keep: 0.93}}"))
                    .hasMessageContaining("use another --out");
        }
    }

    private JsonNode ablate(LocalSystem system, String name, int partitions, String plan) throws Exception {
        ablation(system, name, partitions, plan, new ArrayList<>());
        return JSON.readTree(folder.resolve(name).resolve("ablation.json").toFile());
    }

    private void ablation(LocalSystem system, String name, int partitions, String plan, List<String> said)
            throws Exception {
        Path file = Files.writeString(folder.resolve(name + ".yaml"), plan);
        new Ablation(
                        system,
                        folder.resolve("data"),
                        file,
                        new Ablation.Options(0, null, null, partitions, 0, false, false),
                        folder.resolve(name),
                        "prefstream ablate " + name + ".yaml",
                        said::add)
                .run(QUIET);
    }

    private List<String> differing(String name, String variant) throws Exception {
        return JSON.readValue(folder.resolve(name).resolve("ablation.json").toFile(), AblationState.class)
                .differing(variant);
    }

    private String manifest(String name, String variant) throws Exception {
        return Files.readString(folder.resolve(name).resolve(variant).resolve("manifest.json"));
    }

    private static Set<String> topics(LocalSystem system) throws Exception {
        try (Admin admin = Admin.create(
                Map.of("bootstrap.servers", (Object) system.installation().bootstrap()))) {
            return new TreeSet<>(admin.listTopics().names().get());
        }
    }

    private Path sample(String name) throws Exception {
        Path file = folder.resolve(name);
        try (InputStream in = Objects.requireNonNull(LocalSystem.class.getResourceAsStream("/sample/" + name))) {
            Files.write(file, in.readAllBytes());
        }
        return file;
    }
}
