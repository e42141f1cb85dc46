package io.prefstream.runner.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prefstream.kit.config.UserError;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EvalCommandTest {

    private static final String PAIR =
            "{\"pair_id\": \"%s\", \"source\": \"%s\", \"label\": \"A>B\", \"judgments\": [{\"scores\": [%s, 1]}]}\n";

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return new CommandLine(new EvalCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler((error, at, parsed) -> {
                    at.getErr().println(error.getMessage());
                    return error instanceof UserError user ? user.exitCode() : 3;
                })
                .execute(arguments);
    }

    private Path scores(String more) throws Exception {
        return Files.writeString(
                folder.resolve("scores.jsonl"),
                PAIR.formatted("1", "mmlu-pro-law", "2")
                        + PAIR.formatted("2", "livebench-reasoning", "0")
                        + PAIR.formatted("3", "livebench-math", "2")
                        + PAIR.formatted("4", "livecodebench", "1")
                        + more);
    }

    @Test
    void writesTablesAndFilesOfRecordedScores() throws Exception {
        Path to = folder.resolve("out");

        int code = run("--scores", scores("").toString(), "--model", "ours", "--out", to.toString());

        JsonNode results =
                new ObjectMapper().readTree(to.resolve("results.json").toFile());
        JsonNode judgeBench = results.path("benchmarks").path(0);
        assertThat(code).isZero();
        assertThat(results.path("model").asText()).isEqualTo("ours");
        assertThat(judgeBench.path("score").asDouble()).isEqualTo(0.5);
        assertThat(judgeBench.path("partial").asBoolean()).isTrue();
        assertThat(judgeBench.path("missing").path(0).asText()).isEqualTo("346 of the owner's 350 items");
        assertThat(results.path("means").path(0).path("value").isNull()).isTrue();
        assertThat(out.toString()).contains("50.0*", "* JudgeBench: partial (346 of the owner's 350 items missing)");
        assertThat(Files.readAllLines(to.resolve("items.jsonl"))).hasSize(4);
        assertThat(to.resolve("results.md")).exists();
        assertThat(to.resolve("bon.svg")).doesNotExist();
    }

    @Test
    void refusedRowsAreNamedAndEndInExitCodeOne() throws Exception {
        int code = run("--scores", scores("{\"pair_id\": 5}\n{oops\n").toString());

        assertThat(code).isEqualTo(1);
        assertThat(err.toString())
                .contains(
                        "refused: scores.jsonl, line 5, field benchmark: is missing",
                        "refused: scores.jsonl, line 6: ");
        assertThat(out.toString()).contains("2 rows of scores that could not be read missing");
    }

    @Test
    void saysWhatItLookedForWhenThereIsNoBenchmark() {
        int code = run("--data", folder.toString(), "--data-dir", "run", "--benchmark", "rm-bench,rmb");

        assertThat(code).isEqualTo(1);
        assertThat(err.toString())
                .contains("there is no benchmark under --data", "rm-bench: chat_filtered.json", "rmb: Pairwise_set/")
                .doesNotContain("judgebench");
    }

    @Test
    void wrongUsageEndsInExitCodeTwo() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("--data", folder.toString())).isEqualTo(2);
        assertThat(run("--scores", "s.jsonl", "--resume")).isEqualTo(2);
        assertThat(run("--scores", "s.jsonl", "--benchmark", "rmbench")).isEqualTo(2);
        assertThat(err.toString()).contains("there is no benchmark rmbench; the names are all, rewardbench,");
    }
}
