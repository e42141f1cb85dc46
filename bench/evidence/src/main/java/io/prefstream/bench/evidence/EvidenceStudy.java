package io.prefstream.bench.evidence;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.prefstream.ablation.domain.Panel;
import io.prefstream.ablation.report.Block;
import io.prefstream.ablation.report.Html;
import io.prefstream.ablation.report.Markdown;
import io.prefstream.ablation.report.Study;
import io.prefstream.ablation.report.StudyReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The evidence run. Usage: {@code EvidenceStudy POOLS RESULTS.jsonl REPORT_DIR COMMAND [DUMPS]}; runs that are in the results already are
 * left out. Seeds come outermost, so that a run that is stopped has compared everything alike often.
 */
public final class EvidenceStudy {

    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    private static final SimulatedJudge.Habit JUDGE = new SimulatedJudge.Habit(0.85, false);
    private static final List<String> SETS = List.of(Evidence.TOURNAMENT, "hh_harmless", "evouna_nq", "pandalm");
    private static final List<String> LABELS = List.of("natural", "swapped", "longer", "family");
    private static final Map<String, String> NAMES = Map.of(
            "natural", "natural",
            "swapped", "random 30 %",
            "longer", "length-biased 40 %",
            "family", "family-biased 30 %");

    private EvidenceStudy() {}

    /** Runs what is missing, then writes the report. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length < 4) {
            System.err.println("usage: EvidenceStudy POOLS RESULTS.jsonl REPORT_DIR COMMAND [DUMPS]");
            System.exit(2);
        }
        Thread.setDefaultUncaughtExceptionHandler((thread, fault) -> {
            System.err.println(thread.getName() + ": " + fault);
            System.exit(1); // a system that was left open would hold the JVM
        });
        Path results = Path.of(arguments[1]).toAbsolutePath();
        run(Path.of(arguments[0]), results, arguments.length > 4 ? Path.of(arguments[4]) : null);
        write(read(results), Path.of(arguments[2]), arguments[3]);
        System.exit(0); // the encoder's native threads would
    }

    private static void run(Path pools, Path results, @Nullable Path dumps) throws Exception {
        Set<String> done = new HashSet<>();
        for (JsonNode result : read(results)) {
            done.add(result.path("run").asText());
        }
        List<Pool> all = new ArrayList<>(Pool.under(pools));
        all.sort(Comparator.comparingLong(Pool::seed)
                .thenComparingInt(pool -> SETS.indexOf(pool.set()))
                .thenComparingInt(pool -> LABELS.indexOf(pool.labels())));
        for (Pool pool : all) {
            StudyRun run = new StudyRun(pool, pool.set().equals(Evidence.TOURNAMENT) ? null : JUDGE);
            if (done.contains(run.name())) {
                continue;
            }
            Path folder = Files.createTempDirectory("prefstream-study");
            long started = System.nanoTime();
            ObjectNode result = run.measure(folder, dumps);
            Files.writeString(results, result + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            System.err.printf("%s: %d s%n", run.name(), (System.nanoTime() - started) / 1_000_000_000L);
            Evidence.delete(folder);
        }
    }

    private static List<JsonNode> read(Path results) throws IOException {
        List<JsonNode> all = new ArrayList<>();
        if (Files.exists(results)) {
            for (String line : Files.readAllLines(results)) {
                all.add(JSON.readTree(line));
            }
        }
        return all;
    }

    private static void write(List<JsonNode> results, Path folder, String command) throws IOException {
        Map<String, List<Panel>> repeats = new LinkedHashMap<>();
        List<List<String>> made = new ArrayList<>();
        for (String set : SETS) {
            for (String labels : LABELS) {
                for (JsonNode result : results) {
                    if (result.path("set").asText().equals(set)
                            && result.path("labels").asText().equals(labels)) {
                        String name = set + ", " + NAMES.get(labels)
                                + (result.path("judge").isTextual() ? ", judge" : "");
                        repeats.computeIfAbsent(name, n -> new ArrayList<>())
                                .add(JSON.treeToValue(result.path("figures"), Panel.class));
                        made.add(List.of(
                                name + ", seed " + result.path("seed").asText(),
                                result.path("keep_gate").asText(),
                                result.path("flip_gate").asText(),
                                brief(result, "pairs_sha256"),
                                brief(result, "gold_sha256"),
                                brief(result, "unseen_sha256"),
                                brief(result, "configuration_sha256"),
                                brief(result, "manifest_sha256")));
                    }
                }
            }
        }
        List<Panel> panels = new ArrayList<>();
        repeats.forEach((name, each) -> panels.add(Panel.together(name, each)));
        Study study = new Study(
                "Does curation pay?",
                "Public preference data whose right answers are known, with labels spoiled in four ways; prefstream is given a small"
                        + " share of the right answers as people's labels and curates the rest. Reward models are then trained on"
                        + " what came, on what was kept, on what was kept and corrected, and on controls, and measured on prompts"
                        + " that neither prefstream nor any model has seen.",
                command,
                "A repeat is a whole run of the product: its seed draws the noise, the pairs that people label, the prompts that"
                        + " are held back, the order in which the pool is curated, the controls and the product's own hashes. All"
                        + " heads have the same features, scales and penalty (0.3); only pairs and labels differ.",
                panels,
                Map.of(),
                List.of(new Block.Table(
                        "Runs: gates, and the first twelve digits of the SHA-256 of pairs, labels, unseen pairs, configuration and"
                                + " the export's manifest.",
                        List.of("run", "KEEP", "FLIP", "pairs", "labels", "unseen", "configuration", "manifest"),
                        made)),
                NOTES);
        List<Block> blocks = StudyReport.of(study);
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("report.md"), Markdown.of(study.title(), blocks));
        Files.writeString(folder.resolve("report.html"), Html.of(study.title(), blocks));
        for (Block block : blocks) {
            if (block instanceof Block.Figure figure) {
                Files.writeString(folder.resolve(figure.name() + ".svg"), figure.svg());
            }
        }
    }

    private static final List<String> NOTES = List.of(
            "Noise. natural: the label is one person's vote, the truth that of many. random: 30 % of the labels turned round."
                    + " length-biased: 40 % of the labels are given to the longer answer, family-biased: 30 % by a judge that likes"
                    + " one family of answers, by the system that gave it in evouna_nq, elsewhere by a style, the length of its"
                    + " words; such labels are right or wrong as it happens. What share of a pool's labels is wrong follows from"
                    + " the tables of what became of the pairs.",
            "ukp_convarg is a tournament of few texts: half of its debates are held back. Of the others a third of the prompts is;"
                    + " evouna_nq has one pair a question. The labels of hh_harmless and evouna_nq are taken as right, so they have"
                    + " no natural noise. On evouna_nq the features tell next to nothing: even with all labels right a model is"
                    + " hardly better than chance, so nothing can show there.",
            "\"judge\": besides people a simulated language model judges. It looks the truth up and is right in 85 % of its answers,"
                    + " whatever the text, each order of the two candidates for itself. Real judges err where the texts are hard,"
                    + " so figures of pools with a judge are what a good judge could give, and no evidence for a real one.",
            "Over the course of curation a share of the pool, in the order of a hash, has the verdicts of the finished run. Models and"
                    + " calibrator of a run over that share alone would know less.",
            "Where pairs like the published ones are rare, the matched controls hold mostly those same pairs, and have little left"
                    + " to differ in; the table of controls has the share.",
            "Best of N: quality of an answer is the share of its held-back pairs that it wins.");

    private static String brief(JsonNode result, String field) {
        String hash = result.path(field).asText();
        return hash.substring(0, Math.min(12, hash.length()));
    }
}
