package io.prefstream.evaluation.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.evaluation.domain.Format;
import io.prefstream.evaluation.domain.Formats;
import io.prefstream.evaluation.domain.Item;
import io.prefstream.evaluation.domain.Loaded;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkFolderTest {

    private static final String ROW =
            "{\"id\": %d, \"prompt\": \"p\", \"chosen\": [\"a\", \"b\", \"c\"], \"rejected\": [\"d\", \"e\", \"f\"]}";

    @TempDir
    private Path folder;

    private static Format format(String id) {
        return Formats.of(id, 0).orElseThrow();
    }

    private void write(String name, String... rows) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "[" + String.join(",\n", rows) + "]");
    }

    @Test
    void findsFilesInAnyFolderAndGivesItemsNamesOfTheirOwn() throws IOException {
        write("deep/down/chat_filtered.json", ROW.formatted(8), ROW.formatted(8));
        write("code_filtered.json", ROW.formatted(8));
        write("other.json", ROW.formatted(9));

        Loaded loaded = new BenchmarkFolder(folder).load(format("rm-bench"));

        assertThat(loaded.items()).extracting(Item::name).containsExactly("code/8", "chat/8", "chat/8#2");
        assertThat(loaded.files()).containsOnlyKeys("code_filtered.json", "deep/down/chat_filtered.json");
        assertThat(loaded.refused()).isEmpty();
    }

    @Test
    void theSameFilePackedAndUnpackedCountsOnce() throws IOException {
        write("chat_filtered.json", ROW.formatted(1));
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("chat_filtered.json.gz")))) {
            out.write(("[" + ROW.formatted(1) + "]").getBytes(StandardCharsets.UTF_8));
        }
        write("total_dataset.json", ROW.formatted(1).replace("\"id\"", "\"domain\": \"chat\", \"id\""));

        Loaded loaded = new BenchmarkFolder(folder).load(format("rm-bench"));

        assertThat(loaded.items()).hasSize(1);
        assertThat(loaded.notes()).hasSize(2).allMatch(note -> note.contains("is passed over"));
    }

    @Test
    void aBadRowIsRefusedWithFileLineFieldAndCureAndTheRestGoesOn() throws IOException {
        write("chat_filtered.json", ROW.formatted(1), ROW.formatted(2).replace("\"a\", ", ""), ROW.formatted(3));

        Loaded loaded = new BenchmarkFolder(folder).load(format("rm-bench"));

        assertThat(loaded.items()).extracting(Item::name).containsExactly("chat/1", "chat/3");
        assertThat(loaded.refused())
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.message())
                        .isEqualTo(
                                "chat_filtered.json, line 2, field chosen: must be a list of three answers, got a list of 2;"
                                        + " get the file again from its owner"));
    }

    @Test
    void aFileOfTheNameWithOtherColumnsIsPassedOver() throws IOException {
        write("judgebench_scores.json", "{\"pair_id\": \"x\", \"judgments\": []}");
        write("source.json", "1, 2");

        Loaded loaded = new BenchmarkFolder(folder).load(format("judgebench"));

        assertThat(loaded.items()).isEmpty();
        assertThat(loaded.damaged()).isFalse();
        assertThat(loaded.notes())
                .containsExactly("judgebench_scores.json is passed over: without a column source, question, response_A,"
                        + " response_B, label it holds no items of JudgeBench");
    }

    @Test
    void aFileThatEndsEarlyIsDamagedAndItsRowsCount() throws IOException {
        Files.writeString(folder.resolve("chat_filtered.json"), "[" + ROW.formatted(1) + ",");

        Loaded loaded = new BenchmarkFolder(folder).load(format("rm-bench"));

        assertThat(loaded.items()).hasSize(1);
        assertThat(loaded.damaged()).isTrue();
    }

    @Test
    void readsTheParquetOfHostedSets() throws Exception {
        Path file = Files.createDirectories(folder.resolve("PPE-GPQA-Best-of-K/data"))
                .resolve("train-00000-of-00001.parquet");
        try (var connection = DriverManager.getConnection("jdbc:duckdb:");
                var statement = connection.createStatement()) {
            statement.execute("COPY (SELECT 'q1' AS question_id, 'm' AS model_name, 'p' AS prompt, 'a' AS response_1,"
                    + " 'b' AS response_2, [false, true] AS scores, [[0, 1]] AS sampled_conflict_pairs) TO '" + file
                    + "' (FORMAT parquet)");
        }

        Loaded loaded = new BenchmarkFolder(folder).load(format("ppe-correctness"));

        assertThat(loaded.refused()).isEmpty();
        assertThat(loaded.items()).singleElement().satisfies(item -> {
            assertThat(item.name()).isEqualTo("gpqa/q1/m");
            assertThat(item.duels()).hasSize(1);
            assertThat(item.right()).containsExactly(false, true);
        });
    }
}
