package io.prefstream.export.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.prefstream.core.protocol.Protocol;
import io.prefstream.export.domain.Outcome;
import io.prefstream.wire.CuratedPair;
import io.prefstream.wire.Message;
import io.prefstream.wire.RejectedInput;
import io.prefstream.wire.Verdict;
import io.prefstream.wire.VerdictKind;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes all files of an export. No file holds a time, a path or a host name, so the same outcome gives the same bytes. */
public final class ExportFiles {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
    private static final List<String> OURS = List.of(
            "curated",
            "recycled",
            "verdicts.jsonl",
            "to-label.jsonl",
            "protocol.md",
            "manifest.json",
            "report.md",
            "README.md");

    private ExportFiles() {}

    /** Writes into a folder beside {@code out}, then puts each file in its place. Returns the counts. */
    public static Map<String, Long> write(Outcome outcome, int run, Path out) throws IOException {
        Files.createDirectories(out);
        Path aside = out.resolve(".writing");
        delete(aside);
        Files.createDirectories(aside);

        Map<String, Long> counts = verdicts(outcome, aside.resolve("verdicts.jsonl"));
        pairs(outcome.curated(), outcome, aside.resolve("curated"));
        pairs(outcome.recycled(), outcome, aside.resolve("recycled"));
        toLabel(outcome, aside.resolve("to-label.jsonl"));
        Files.writeString(aside.resolve("protocol.md"), Protocol.forPeople());
        Files.writeString(aside.resolve("report.md"), Report.markdown(outcome, run, counts));
        Files.writeString(aside.resolve("README.md"), Card.markdown(outcome, run, counts, aside));
        manifest(outcome, run, counts, aside);

        for (String name : OURS) {
            delete(out.resolve(name));
            if (Files.exists(aside.resolve(name))) {
                Files.move(aside.resolve(name), out.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        delete(aside);
        return counts;
    }

    private record Line(String batch, long ordinal, String json) {}

    private static Map<String, Long> verdicts(Outcome outcome, Path to) throws IOException {
        Map<String, Long> counts = new TreeMap<>();
        for (VerdictKind kind : VerdictKind.values()) {
            if (kind != VerdictKind.UNKNOWN) {
                counts.put(name(kind), 0L);
            }
        }
        List<Line> lines = new ArrayList<>();
        for (Outcome.Row row : outcome.rows()) {
            Verdict verdict = outcome.verdict(row.pairId());
            if (verdict == null) {
                throw new IOException("pair " + row.pairId() + " of " + row.file() + " line " + row.line()
                        + " has no verdict: the run has not ended");
            }
            counts.merge(name(verdict.getVerdict()), 1L, Long::sum);
            ObjectNode line = line(row.file(), row.line(), row.sourceId(), row.pairId());
            line.put("verdict", name(verdict.getVerdict()));
            line.put("rule", verdict.getRule());
            line.put("reason", verdict.getReason());
            number(line, "p_right", verdict.getPRight());
            number(line, "p_best", verdict.getPBest());
            number(line, "p_gold", verdict.getPGold());
            line.put("judges", verdict.getJudges());
            line.put("label_source", verdict.getLabelSource());
            lines.add(new Line(row.batch(), row.ordinal(), JSON.writeValueAsString(line)));
        }
        for (RejectedInput row : outcome.refused()) {
            counts.merge("rejected_input", 1L, Long::sum);
            ObjectNode line = line(row.getFile(), row.getLine(), row.getSourceId(), row.getPairId());
            line.put("verdict", "rejected_input");
            line.put("rule", row.getRule());
            line.put("reason", row.getReason());
            for (String empty : List.of("p_right", "p_best", "p_gold", "judges", "label_source")) {
                line.putNull(empty);
            }
            lines.add(new Line(row.getBatch(), row.getOrdinal(), JSON.writeValueAsString(line)));
        }
        lines.sort(Comparator.comparing(Line::batch).thenComparingLong(Line::ordinal));
        try (BufferedWriter writer = Files.newBufferedWriter(to)) {
            for (Line line : lines) {
                writer.write(line.json());
                writer.write('\n');
            }
        }
        counts.put("read", (long) lines.size());
        return counts;
    }

    private static ObjectNode line(String file, long line, @Nullable String sourceId, @Nullable String pairId) {
        return JSON.createObjectNode()
                .put("file", file)
                .put("line", line)
                .put("source_id", sourceId)
                .put("pair_id", pairId);
    }

    private static void number(ObjectNode line, String field, @Nullable Double value) {
        if (value == null) {
            line.putNull(field);
        } else {
            line.put(field, Math.round(value * 1e6) / 1e6);
        }
    }

    private static void pairs(List<CuratedPair> pairs, Outcome outcome, Path folder) throws IOException {
        Set<String> validation = outcome.validation();
        PairFilesWriter.write(
                folder,
                "train",
                pairs.stream()
                        .filter(p -> !validation.contains(p.getPromptGroup()))
                        .toList());
        PairFilesWriter.write(
                folder,
                "validation",
                pairs.stream()
                        .filter(p -> validation.contains(p.getPromptGroup()))
                        .toList());
    }

    private static void toLabel(Outcome outcome, Path to) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(to)) {
            for (Outcome.Task task : outcome.tasks()) {
                boolean chosenFirst = task.task().getShownFirst().equals("chosen");
                ObjectNode line = JSON.createObjectNode();
                line.put("id", task.pair().getPairId());
                line.put("verdict", "");
                line.put("annotator", "");
                line.put("shown_first", task.task().getShownFirst());
                line.put("audit", task.task().getAudit());
                var history = line.putArray("history");
                for (Message message : task.pair().getHistory()) {
                    history.addObject().put("role", message.getRole()).put("content", message.getContent());
                }
                line.put(
                        "first",
                        chosenFirst ? task.pair().getChosen() : task.pair().getRejected());
                line.put(
                        "second",
                        chosenFirst ? task.pair().getRejected() : task.pair().getChosen());
                writer.write(JSON.writeValueAsString(line));
                writer.write('\n');
            }
        }
    }

    private static void manifest(Outcome outcome, int run, Map<String, Long> counts, Path aside) throws IOException {
        Map<String, Object> manifest = new TreeMap<>();
        manifest.put("version", Version.NUMBER);
        manifest.put("counts", counts);
        manifest.put("cleaning", outcome.cleaning());
        manifest.put("benchmarks", outcome.benchmarks());
        Map<String, String> configuration = outcome.configuration(run);
        manifest.put("release", outcome.release(run));
        manifest.put("configuration", configuration);
        manifest.put("configuration_sha256", configurationSha256(configuration));
        manifest.put("costs", outcome.costs(run));
        manifest.put("inputs", outcome.inputs(run));
        manifest.put(
                "checkpoints",
                outcome.served(run).stream()
                        .map(c -> Map.of(
                                "id", c.getCheckpointId(),
                                "role", c.getRole().name().toLowerCase(Locale.ROOT),
                                "trained_on", c.getFamily(),
                                "pairs", c.getTrainedOn(),
                                "features", c.getFeatureSet()))
                        .toList());
        Map<String, String> hashes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(aside)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                hashes.put(aside.relativize(file).toString(), Files256.of(file));
            }
        }
        manifest.put("sha256", hashes);
        Files.writeString(
                aside.resolve("manifest.json"),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(manifest) + "\n");
    }

    /** Names the settings of a run as they were given. */
    public static String configurationSha256(Map<String, String> configuration) throws IOException {
        return Files256.of(JSON.writeValueAsBytes(configuration));
    }

    private static String name(VerdictKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** Deletes a file, or a folder with all that is in it; what is not there is no fault. */
    public static void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException error) throws IOException {
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
