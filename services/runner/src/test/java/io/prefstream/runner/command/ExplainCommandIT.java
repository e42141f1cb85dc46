package io.prefstream.runner.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prefstream.kit.config.UserError;
import io.prefstream.runner.app.Curation;
import io.prefstream.runner.app.LiveProcess;
import io.prefstream.runner.app.LocalSystem;
import io.prefstream.runner.app.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Two runs of the shipped sample, the second with gold, and what explain and diff say of them. */
class ExplainCommandIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> SETTINGS = Map.of(
            "rounds", "1", "seed", "7", "decision", "calibrated", "gold.min", "30", "keep", "0.85", "flip", "0.1");

    private final StringWriter out = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void whatTheExportSaysOfAPairIsExplained() throws Exception {
        curate(null, "first");
        curate(sample("labels.jsonl"), "second");
        Map<String, JsonNode> rows = rows();

        // The commands go through the process that serves the folder, instead of starting a broker each.
        try (LocalSystem served =
                LocalSystem.start(folder.resolve("data"), 2, new LocalSystem.Ports(0, 0), LiveProcess.Role.SERVE)) {
            assertThat(served.installation().bootstrap()).isNotEmpty();
            tellsOnePair(rows);
            tellsWhyNot(rows);
            tellsManyPairs(rows);
            tellsWhatDiffers();
        }
    }

    private void tellsOnePair(Map<String, JsonNode> rows) {
        JsonNode kept = of(rows, "keep", "both-rms");
        String id = kept.path("pair_id").asText();
        String story = explain(0, kept.path("source_id").asText());
        assertThat(story)
                .startsWith("pair       " + id)
                .contains("line " + kept.path("line").asInt() + ", id ")
                .contains(
                        "verdict    keep, rule both-rms: " + kept.path("reason").asText())
                .contains("run      1, revision 1", "run      2, revision 2")
                .contains("label by rm");
        assertThat(explain(0, id)).isEqualTo(story);
        assertThat(explain(0, id.substring(0, 8))).isEqualTo(story);
        assertThat(explain(0, "pairs.jsonl:" + kept.path("line").asInt())).isEqualTo(story);

        assertThat(explain(0, of(rows, "flip", "human").path("source_id").asText()))
                .contains("person     ", "verdict    flip, rule human: ", "export     curated", "label by human");
        assertThat(explain(
                        0, of(rows, "quarantine", "uncertain").path("source_id").asText()))
                .contains("verdict    quarantine, rule uncertain: ", "export     verdicts.jsonl alone");
        assertThat(explain(0, "crea-06-a")).containsOnlyOnce("\n  from     ").contains("\n  mirror   ");
        assertThat(explain(0, "broken-12"))
                .isEqualToIgnoringNewLines(
                        "pairs.jsonl line 75 was refused by rule wrong-type: field rejected: must be text or messages, got a number");
        assertThat(explain(0, "pairs.jsonl:200")).contains("line 200 was refused by rule not-json");
        assertThat(explain(1, "nobody")).contains("no pair and no row is called nobody", "FILE:LINE");
        assertThat(explain(1, id.substring(0, 7))).contains("no pair and no row is called");
        assertThat(explain(2)).contains("say which pair by its ID");
        assertThat(explain(2, id, "--json")).contains("--json");
    }

    private void tellsWhyNot(Map<String, JsonNode> rows) {
        String uncertain = of(rows, "quarantine", "uncertain").path("pair_id").asText();
        assertThat(explain(0, uncertain, "--why-not", "keep"))
                .contains("stopped    by rule uncertain")
                .contains("keep if    people say that the original label is right\n   by      rule human")
                .contains("keep if    the gold model's margin is ");
        assertThat(explain(0, uncertain, "--why-not", "flip"))
                .contains("flip if    people say that the other answer is better");
        String kept = of(rows, "keep", "human").path("pair_id").asText();
        assertThat(explain(0, kept, "--why-not", "keep")).contains("why not    it is: keep");
        assertThat(explain(0, kept, "--why-not", "flip"))
                .contains(
                        "what people said settles it", "flip if    people say instead that the other answer is better");
        assertThat(explain(2, kept, "--why-not", "discard")).contains("takes keep or flip, not discard");
    }

    private void tellsManyPairs(Map<String, JsonNode> rows) throws IOException {
        long dropped = rows.values().stream()
                .filter(row -> List.of("discard", "rejected_input")
                        .contains(row.path("verdict").asText()))
                .count();
        List<String> told = explain(0, "--dropped", "--limit", "3").lines().toList();
        assertThat(told)
                .contains("and " + (dropped - 3) + " more; --limit 0 shows all")
                .anyMatch(line -> line.matches("duplicate +20  the same texts as an earlier row"));
        assertThat(told.getLast()).matches("all +" + dropped + "  .*0\\.85.*0\\.1.*");

        JsonNode all = JSON.readTree(explain(0, "--dropped", "--json", "--limit", "0"));
        assertThat(all.path("pairs")).hasSize((int) dropped);
        all.path("pairs")
                .forEach(pair -> assertThat(pair.path("rule"))
                        .isEqualTo(Objects.requireNonNull(
                                        rows.get(pair.path("file").asText() + ":"
                                                + pair.path("line").asInt()))
                                .path("rule")));
        all.path("rules")
                .forEach(rule -> assertThat(rule.path("means").asText()).doesNotContain("not known"));

        List<String> lines = explain(0, "--dropped", "--rule", "duplicate", "--jsonl", "--limit", "5")
                .lines()
                .toList();
        assertThat(lines).hasSize(5);
        for (String line : lines) {
            assertThat(JSON.readTree(line).path("rule").asText()).isEqualTo("duplicate");
        }
        assertThat(explain(0, "--dropped", "--rule", "duplicates"))
                .contains("no such pair; rules of these verdicts: contradiction, ", "duplicate");
        assertThat(explain(2, "--kept", "--limit", "-1")).contains("--limit must be 0 or more");
    }

    private void tellsWhatDiffers() throws IOException {
        String text = diff(0, "run-1", "run-2", "--limit", "2");
        assertThat(text)
                .contains("verdict in run-1 -> in run-2", "  quarantine     -> keep ", "a human label", "  cause    ")
                .containsPattern("and [0-9]+ more; --limit 0 shows all");
        assertThat(diff(0, "run-1", "run-1", "--exit-code")).contains("no verdict differs");
        assertThat(diff(1, "run-1", "run-2", "--exit-code")).isEqualTo(diff(1, "1", "2", "--exit-code"));

        JsonNode told = JSON.readTree(diff(0, "run-1", "run-2", "--json", "--limit", "0"));
        long sum = 0;
        for (JsonNode n : told.path("causes")) {
            sum += n.asLong();
        }
        assertThat(told.path("changed").asLong()).isPositive().isEqualTo(sum);
        assertThat(told.path("pairs")).hasSize((int) sum);

        String first = folder.resolve("first").toString();
        String second = folder.resolve("second").toString();
        assertThat(diff(0, first, "run-1")).contains("no verdict differs");
        assertThat(diff(0, first, second)).contains("not recorded; people decided in the second");
        assertThat(diff(0, second, folder.resolve("data").toString())).contains("no verdict differs");
        assertThat(diff(1, "run-1", "run-7")).contains("there is no run 7 in this folder", "run-1, run-2");
        assertThat(diff(1, first, folder.resolve("nowhere").toString())).contains("nowhere is no run: give run-1");
        Files.writeString(folder.resolve("ablation.json"), "{}");
        assertThat(diff(1, folder.toString(), second)).contains("holds a run for each variant", "base");
    }

    private static JsonNode of(Map<String, JsonNode> rows, String verdict, String rule) {
        return rows.values().stream()
                .filter(row -> row.path("verdict").asText().equals(verdict)
                        && row.path("rule").asText().equals(rule))
                .findFirst()
                .orElseThrow();
    }

    /** Rows of the last export by file and line. */
    private Map<String, JsonNode> rows() throws IOException {
        Map<String, JsonNode> rows = new HashMap<>();
        for (String line : Files.readAllLines(folder.resolve("second/verdicts.jsonl"))) {
            JsonNode row = JSON.readTree(line);
            rows.put(row.path("file").asText() + ":" + row.path("line").asInt(), row);
        }
        return rows;
    }

    private String explain(int code, String... args) {
        return run(new CommandLine(new ExplainCommand()), code, args);
    }

    private String diff(int code, String... args) {
        return run(new CommandLine(new DiffCommand()), code, args);
    }

    private String run(CommandLine line, int code, String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--data-dir", folder.resolve("data").toString()));
        out.getBuffer().setLength(0);
        PrintWriter to = new PrintWriter(out, true);
        int ended = line.setOut(to)
                .setErr(to)
                .setExecutionExceptionHandler((error, at, parsed) -> {
                    to.println(error.getMessage());
                    return error instanceof UserError user ? user.exitCode() : 3;
                })
                .execute(all.toArray(String[]::new));
        assertThat(ended).as(out.toString()).isEqualTo(code);
        return out.toString();
    }

    private void curate(@Nullable Path gold, String to) throws Exception {
        PrintStream quiet = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        try (LocalSystem system = LocalSystem.start(folder.resolve("data"), 2, new LocalSystem.Ports(0, 0))) {
            system.startStages(SETTINGS);
            new Curation(system, message -> {})
                    .run(List.of(sample("pairs.jsonl")), gold, SETTINGS, folder.resolve(to), new Progress(quiet, true));
        }
    }

    private Path sample(String name) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            try (InputStream in = ExplainCommandIT.class.getResourceAsStream("/sample/" + name)) {
                Files.copy(Objects.requireNonNull(in), file);
            }
        }
        return file;
    }
}
