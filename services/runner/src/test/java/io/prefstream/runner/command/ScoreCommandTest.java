package io.prefstream.runner.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prefstream.kit.config.UserError;
import io.prefstream.runner.models.Models;
import io.prefstream.runner.serving.FakeScorer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of every kind through a model that scores an answer by its length. */
class ScoreCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private OptionalDouble temperature = OptionalDouble.empty();

    @Test
    void scoresPairsWithMarginAndProbability() throws IOException {
        temperature = OptionalDouble.of(2);

        int code = score("{\"id\":\"r-1\",\"prompt\":\"Q\",\"chosen\":\"abcd\",\"rejected\":\"ab\"}\n");

        assertThat(code).isZero();
        JsonNode line = lines().getFirst();
        assertThat(line.get("source_id").asText()).isEqualTo("r-1");
        assertThat(line.get("chosen_score").asDouble()).isEqualTo(1004.5);
        assertThat(line.get("rejected_score").asDouble()).isEqualTo(1002.5);
        assertThat(line.get("margin").asDouble()).isEqualTo(2);
        assertThat(line.get("p").asDouble()).isEqualTo(0.880797);
        assertThat(line.get("p_calibrated").asDouble()).isEqualTo(0.731059);
        assertThat(line.get("model").asText()).isEqualTo(FakeScorer.idOf(1));
        assertThat(line.has("trusted")).isFalse();
    }

    @Test
    void scoresConversationsHoweverTheyAreWritten() throws IOException {
        int code = score("""
                {"id":"a","messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"abc"}]}
                {"id":"b","prompt":"Q","response":"abcd"}
                {"id":"c","prompt":[{"role":"user","content":"Q"}],"response":{"role":"assistant","content":"abcde"}}
                {"conversation":[{"from":"human","value":"Q"},{"from":"gpt","value":"abcdef"}]}
                """);

        assertThat(code).isZero();
        assertThat(lines().stream().map(line -> line.get("source_id").asText() + " " + line.get("score")))
                .containsExactly("a 1003.5", "b 1004.5", "c 1005.5", "rows.jsonl:4 1006.5");
        assertThat(lines().getFirst().has("p")).isFalse();
    }

    @Test
    void ofSeveralAnswersTheBestThatIsLanguageIsNamed() throws IOException {
        int code = score("{\"id\":\"n\",\"prompt\":\"Q\",\"responses\":[\"abc\",\"abcdef\",\"" + "great ".repeat(30)
                + "\",\"\"]}\n{\"id\":\"m\",\"prompt\":\"Q\",\"responses\":[\"one\"]}\n");

        assertThat(code).isZero();
        JsonNode line = lines().getFirst();
        assertThat(line.get("scores").toString()).isEqualTo("[1003.5,1006.5,1180.5,1000.5]");
        assertThat(line.get("best").asInt()).isEqualTo(1);
        assertThat(line.get("trusted").asBoolean(true)).isFalse();
        assertThat(line.get("why").asText())
                .contains("responses[2]: repetition")
                .contains("responses[3]: empty");
        assertThat(lines().getLast().get("scores")).hasSize(1);
    }

    @Test
    void aBadRowIsNamedAndTheRestGoesOn() throws IOException {
        int code = score("""
                {"id":"a","prompt":"Q","response":"abc"}
                no
                {"id":"b","prompt":"Q","response":5}
                {"id":"c","response":"abc"}
                {"id":"d","prompt":"Q","response":"this is too long"}
                {"id":"e","prompt":"Q","responses":["fine","also too long","fine"]}
                {"id":"f","messages":[{"role":"user","content":"Q"}]}
                {"id":"g","prompt":"Q","response":"abcd"}
                """);

        assertThat(code).isEqualTo(1);
        assertThat(lines().stream().map(line -> line.get("source_id").asText())).containsExactly("a", "g");
        assertThat(err.toString().lines())
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).contains("rows.jsonl:2: not-json"),
                        line -> assertThat(line).contains("rows.jsonl:3: wrong-type (field response): must be text"),
                        line -> assertThat(line).contains("rows.jsonl:4: no-such-field (field prompt)"),
                        line -> assertThat(line).contains("rows.jsonl:5: ").contains("at most 8 are taken; shorten it"),
                        line -> assertThat(line).contains("rows.jsonl:6: ").contains("shorten it"),
                        line -> assertThat(line).contains("rows.jsonl:7: no-final-answer (field messages)"));
    }

    @Test
    void orderIsKeptOverBatches() throws IOException {
        String rows = IntStream.range(0, 1500)
                .mapToObj(
                        i -> "{\"id\":\"" + i + "\",\"prompt\":\"Q\",\"response\":\"" + "a".repeat(1 + i % 50) + "\"}")
                .collect(Collectors.joining("\n"));

        assertThat(score(rows)).isZero();
        List<JsonNode> lines = lines();
        assertThat(lines).hasSize(1500);
        for (int i = 0; i < 1500; i++) {
            assertThat(lines.get(i).get("source_id").asInt()).isEqualTo(i);
            assertThat(lines.get(i).get("score").asDouble()).isEqualTo(1001.5 + i % 50);
        }
    }

    @Test
    void aFolderNeedsNoRunAndEveryOtherModelDoes() {
        assertThat(Models.isFolder("./model")).isTrue();
        assertThat(Models.isFolder("s3://bucket/model")).isTrue();
        assertThat(Models.isFolder("best")).isFalse();
        assertThatThrownBy(() -> score(Path.of("absent.jsonl"))).isInstanceOf(UserError.class);
    }

    private int score(String rows) throws IOException {
        Path file = folder.resolve("rows.jsonl");
        Files.writeString(file, rows);
        return score(file);
    }

    private int score(Path file) throws IOException {
        var opened = new Models.Opened(new FakeScorer(1), temperature);
        return ScoreCommand.score(file, Map.of(), opened, out, new PrintWriter(err, true));
    }

    private List<JsonNode> lines() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : out.toString().lines().toList()) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }
}
