package io.prefstream.evaluation.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.prefstream.core.benchmark.Average;
import io.prefstream.core.benchmark.Benchmark;
import io.prefstream.core.benchmark.Curve;
import io.prefstream.core.benchmark.Figure;
import io.prefstream.core.benchmark.Outcome;
import io.prefstream.core.benchmark.ScoredItem;
import io.prefstream.core.benchmark.Tally;
import io.prefstream.evaluation.domain.BestOfNPlot;
import io.prefstream.evaluation.domain.Published;
import io.prefstream.evaluation.domain.RecordedRows;
import io.prefstream.evaluation.domain.RecordedRows.Recorded;
import io.prefstream.evaluation.domain.Report;
import io.prefstream.evaluation.domain.Row;
import io.prefstream.evaluation.domain.Standing;
import io.prefstream.ingest.client.FileRefused;
import io.prefstream.ingest.client.RowFiles;
import io.prefstream.ingest.client.RowSink;
import io.prefstream.ingest.domain.RowFault;
import io.prefstream.kit.config.UserError;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The folder that an evaluation leaves: {@code items.jsonl}, {@code results.json}, {@code results.md} and {@code bon.svg}. Each is
 * written aside and renamed; what is scored before the end lies in {@code items.jsonl.partial}.
 */
public final class ResultFiles {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ITEMS = "items.jsonl";
    private static final String PARTIAL = "items.jsonl.partial";
    private static final String PLOT = "bon.svg";

    private final Path folder;

    /** The folder, which is made when it isn't there. */
    public ResultFiles(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw failed(folder, e);
        }
    }

    /** Scores that the folder holds of a model, by benchmark and item; rows that can't be read are passed over. */
    public Map<String, Map<String, Recorded>> kept(String model) {
        Map<String, Map<String, Recorded>> kept = new TreeMap<>();
        for (String name : List.of(ITEMS, PARTIAL)) {
            Path file = folder.resolve(name);
            RowSink sink = new RowSink() {
                @Override
                public void row(long line, Map<String, @Nullable Object> fields) {
                    try {
                        Recorded row = RecordedRows.read(new Row(line, fields));
                        if (model.equals(row.model())) {
                            kept.computeIfAbsent(row.benchmark(), id -> new TreeMap<>())
                                    .put(row.name(), row);
                        }
                    } catch (RowFault fault) {
                        fault(line, fault);
                    }
                }

                @Override
                public void fault(long line, RowFault fault) {
                    // A line that a kill has cut is scored again.
                }
            };
            try {
                if (Files.exists(file) && Files.size(file) > 0) {
                    RowFiles.read(file, sink);
                }
            } catch (IOException e) {
                throw failed(file, e);
            } catch (FileRefused e) {
                throw new UserError(folder + "/" + e.getMessage());
            }
        }
        return kept;
    }

    /** Where scores go while others are being computed. */
    public final class Journal implements AutoCloseable {

        private final Writer to;

        private Journal(boolean goOn) throws IOException {
            to = Files.newBufferedWriter(
                    folder.resolve(PARTIAL),
                    StandardOpenOption.CREATE,
                    goOn ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);
            to.write("\n"); // ends a line that a kill has cut
        }

        /** Adds a slice, which is in the file when this returns. */
        public void add(Benchmark benchmark, List<ScoredItem> items, Map<String, String> texts, String model) {
            try {
                for (ScoredItem item : items) {
                    to.write(line(benchmark, item, texts.get(item.name()), model) + "\n");
                }
                to.flush();
            } catch (IOException e) {
                throw failed(folder.resolve(PARTIAL), e);
            }
        }

        @Override
        public void close() {
            try {
                to.close();
            } catch (IOException e) {
                throw failed(folder.resolve(PARTIAL), e);
            }
        }
    }

    /** Begins a journal, or goes on with the one that is there. */
    public Journal journal(boolean goOn) {
        try {
            return new Journal(goOn);
        } catch (IOException e) {
            throw failed(folder.resolve(PARTIAL), e);
        }
    }

    /** Writes all files. */
    public void write(Report report, long seed) {
        put(ITEMS, to -> {
            for (Standing standing : report.standings()) {
                for (ScoredItem item : standing.items()) {
                    String text = standing.texts().get(item.name());
                    to.write(line(standing.format().benchmark(), item, text, report.model()) + "\n");
                }
            }
        });
        put(
                "results.json",
                to -> to.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(results(report, seed)) + "\n"));
        put("results.md", to -> to.write(report.markdown()));
        List<Curve> curves = report.standings().stream()
                .map(standing -> standing.outcome().curves())
                .filter(some -> !some.isEmpty())
                .findFirst()
                .orElse(List.of());
        try {
            if (curves.isEmpty()) {
                Files.deleteIfExists(folder.resolve(PLOT));
            } else {
                put(PLOT, to -> to.write(BestOfNPlot.svg(report.model(), curves)));
            }
            Files.deleteIfExists(folder.resolve(PARTIAL));
        } catch (IOException e) {
            throw failed(folder, e);
        }
    }

    private interface Content {
        void write(Writer to) throws IOException;
    }

    private void put(String name, Content content) {
        Path aside = folder.resolve(name + ".new");
        try {
            try (BufferedWriter to = Files.newBufferedWriter(aside)) {
                content.write(to);
            }
            Files.move(aside, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw failed(folder.resolve(name), e);
        }
    }

    private static UserError failed(Path file, IOException e) {
        return new UserError(file + " can't be written or read (" + e.getClass().getSimpleName() + ": " + e.getMessage()
                + "); is there space, and the right to write?");
    }

    private static String line(Benchmark benchmark, ScoredItem item, @Nullable String text, String model)
            throws JsonProcessingException {
        ObjectNode line = JSON.createObjectNode();
        line.put("benchmark", benchmark.id()).put("item", item.name()).put("part", item.part());
        ArrayNode right = line.putArray("right");
        for (boolean each : item.right()) {
            right.add(each);
        }
        if (!item.duels().isEmpty()) {
            ArrayNode duels = line.putArray("duels");
            item.duels().forEach(duel -> duels.addArray().add(duel.right()).add(duel.wrong()));
        }
        ArrayNode scores = line.putArray("scores");
        for (double score : item.scores()) {
            number(scores, score);
        }
        number(line, "correct", benchmark.credit(item));
        number(line, "margin", benchmark.margin(item));
        line.put("model", model);
        if (text != null) {
            line.put("text_sha256", text);
        }
        return JSON.writeValueAsString(line);
    }

    private static ObjectNode results(Report report, long seed) {
        ObjectNode root = JSON.createObjectNode();
        root.put("model", report.model()).put("seed", seed).put("interval_level", Tally.LEVEL);
        ArrayNode benchmarks = root.putArray("benchmarks");
        report.standings().forEach(standing -> standing(benchmarks.addObject(), standing));
        ArrayNode means = root.putArray("means");
        Map<String, Outcome> outcomes = report.outcomes();
        for (Average average : List.of(Average.OF_SEVEN, Average.OF_SIX)) {
            ObjectNode mean = means.addObject().put("name", average.name());
            number(mean, "value", average.of(outcomes));
            average.missing(outcomes).forEach(mean.putArray("missing")::add);
        }
        ArrayNode published = root.putArray("published_points");
        for (Published row : Published.rows()) {
            ObjectNode points = published.addObject().put("model", row.model());
            row.points().forEach(points::put);
        }
        return root;
    }

    private static void standing(ObjectNode node, Standing standing) {
        Outcome outcome = standing.outcome();
        node.put("benchmark", standing.id())
                .put("title", standing.format().benchmark().title());
        number(node, "score", outcome.score());
        node.put("partial", !outcome.complete());
        outcome.missing().forEach(node.putArray("missing")::add);
        node.put("items", standing.items().size())
                .put("failed_answers", standing.failed())
                .put("left_out_rows", standing.leftOut())
                .put("refused_rows", standing.refused().size());
        ArrayNode figures = node.putArray("figures");
        for (Figure figure : outcome.figures()) {
            ObjectNode one = figures.addObject().put("group", figure.group()).put("name", figure.name());
            number(one, "value", figure.value());
            Tally tally = figure.tally();
            if (tally != null) {
                one.put("items", tally.items()).put("credit", tally.credit());
                number(one, "low", tally.lower());
                number(one, "high", tally.upper());
            }
        }
        if (!outcome.curves().isEmpty()) {
            ArrayNode curves = node.putArray("best_of_n");
            for (Curve curve : outcome.curves()) {
                ObjectNode one = curves.addObject().put("name", curve.name());
                array(one, "picked", curve.picked());
                array(one, "sampled", curve.sampled());
                array(one, "oracle", curve.oracle());
            }
        }
        standing.files().forEach(node.putObject("files_sha256")::put);
        standing.notes().forEach(node.putArray("notes")::add);
        ArrayNode refusals = node.putArray("refusals");
        standing.refused().forEach(refusal -> refusals.add(refusal.message()));
    }

    private static void array(ObjectNode node, String name, double[] values) {
        ArrayNode array = node.putArray(name);
        for (double value : values) {
            number(array, value);
        }
    }

    /** JSON has no infinity and no NaN: null stands for both. */
    private static void number(ArrayNode array, double value) {
        if (Double.isFinite(value)) {
            array.add(value);
        } else {
            array.addNull();
        }
    }

    private static void number(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }
}
