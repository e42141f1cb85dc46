package io.prefstream.ingest.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prefstream.core.cleaning.BenchmarkPrompts;
import io.prefstream.core.pair.Message;
import io.prefstream.ingest.domain.BenchmarkRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkFileTest {

    private static final String WITH_DATA = "set PREFSTREAM_DATA to the folder of public sets";

    @TempDir
    private Path folder;

    @Test
    void takesTheFirstUserTurnOfEveryShape() throws Exception {
        assertThat(rows("a.jsonl", """
                {"id": 7, "prompt": "one"}
                {"question_id": "q", "turns": ["two", "later"]}
                {"pair_id": "p", "question": "three", "response_A": "x"}
                {"instruction": "four", "input": "of it"}
                {"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "five"}]}
                {"conversations": [{"from": "human", "value": "six"}, {"from": "gpt", "value": "no"}]}
                """))
                .containsExactly(
                        new BenchmarkRow("7", "one"),
                        new BenchmarkRow("q", "two"),
                        new BenchmarkRow("p", "three"),
                        new BenchmarkRow("4", "four\nof it"),
                        new BenchmarkRow("5", "five"),
                        new BenchmarkRow("6", "six"));
        assertThat(rows("b.json", "[{\"id\": 1, \"prompt\": \"one\"}]")).hasSize(1);
        assertThat(rows("c.csv", "id,prompt\nx,one\n")).containsExactly(new BenchmarkRow("x", "one"));
    }

    @Test
    void countsRowsWithoutAPromptAndRefusesHalfAFile() throws Exception {
        Path file = Files.writeString(folder.resolve("d.jsonl"), "{\"prompt\": \"one\"}\n{\"x\": 1}\nnot json\n");
        assertThat(BenchmarkFile.read(file).without()).isEqualTo(2);

        Path half = Files.writeString(folder.resolve("e.json"), "[{\"prompt\": \"one\"}, {\"prompt\": ");
        assertThatThrownBy(() -> BenchmarkFile.read(half))
                .isInstanceOf(FileRefused.class)
                .hasMessageContaining("whole");
        Path none = Files.writeString(folder.resolve("f.jsonl"), "{\"x\": 1}\n");
        assertThatThrownBy(() -> BenchmarkFile.read(none)).hasMessageContaining("no prompt");
    }

    @Test
    @EnabledIfEnvironmentVariable(named = "PREFSTREAM_DATA", matches = ".+", disabledReason = WITH_DATA)
    void findsEveryPromptOfRmBenchThatAlpacaEvalHolds() throws Exception {
        Path data = Path.of(System.getenv("PREFSTREAM_DATA"));
        List<BenchmarkRow> bench = BenchmarkFile.read(data.resolve("bench_rm_bench/chat_filtered.json.gz"))
                .rows();
        List<BenchmarkRow> alpaca =
                BenchmarkFile.read(data.resolve("alpaca_eval/prompts.jsonl.gz")).rows();

        long found = bench.stream()
                .filter(item -> {
                    BenchmarkPrompts one = new BenchmarkPrompts();
                    one.add("rm-bench", item.item(), item.prompt());
                    return alpaca.stream()
                            .anyMatch(row -> one.find(List.of(new Message("user", row.prompt())), "", "") != null);
                })
                .count();

        assertThat(bench).hasSize(129);
        assertThat(found).isEqualTo(105); // 102 word for word, 3 by 13 words in a row
    }

    private List<BenchmarkRow> rows(String name, String content) throws IOException, FileRefused {
        return BenchmarkFile.read(Files.writeString(folder.resolve(name), content))
                .rows();
    }
}
