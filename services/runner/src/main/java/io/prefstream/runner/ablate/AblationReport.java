package io.prefstream.runner.ablate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.prefstream.ablation.domain.Comparison;
import io.prefstream.ablation.domain.Panel;
import io.prefstream.ablation.domain.Subject;
import io.prefstream.ablation.domain.TestPair;
import io.prefstream.ablation.report.Block;
import io.prefstream.ablation.report.Html;
import io.prefstream.ablation.report.Markdown;
import io.prefstream.ablation.report.Study;
import io.prefstream.ablation.report.StudyReport;
import io.prefstream.trainer.client.Facts;
import io.prefstream.wire.RunRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes the report of an ablation: what became of the pairs in each variant and, with a hold-out, how good the models are. */
final class AblationReport {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FILE = "file/"; // what a run's input is known by in its settings
    private static final double BOOTSTRAP = 1; // see PairedTest: repeats are bootstrap samples of one pool

    private final Plan plan;
    private final String command;
    private final Range range;
    private final RunRequest order;
    private final HoldOut holdOut;
    private final int partitions;

    AblationReport(Plan plan, String command, Range range, RunRequest order, HoldOut holdOut, int partitions) {
        this.plan = plan;
        this.command = command;
        this.range = range;
        this.order = order;
        this.holdOut = holdOut;
        this.partitions = partitions;
    }

    /** Writes report.md, report.html, their drawings and curve.json. */
    void write(AblationState state, Subjects subjects, Path out) throws IOException {
        List<TestPair> test = test(subjects);
        List<Panel> panels = new ArrayList<>();
        Map<String, String> between = new LinkedHashMap<>();
        for (Variant variant : plan.variants()) {
            AblationState.Ended ended = state.variants().get(variant.name());
            if (ended == null) {
                continue;
            }
            List<Subject> pool = subjects.in(out.resolve(variant.name()).resolve("verdicts.jsonl"), row -> null);
            Comparison comparison = new Comparison(pool, test, List.of(), true, BOOTSTRAP);
            if (test.isEmpty()) {
                panels.add(comparison.untested(variant.name()));
                continue;
            }
            List<Panel> repeats = new ArrayList<>();
            for (long seed = 0; seed < plan.seeds(); seed++) {
                repeats.add(
                        comparison.repeat(variant.name(), plan.sizes(), seed).gated(List.of(ended.gates())));
            }
            panels.add(Panel.together(variant.name(), repeats));
            if (!variant.name().equals(Variant.BASE)) {
                between.put(variant.name(), Variant.BASE);
            }
        }
        Study study = new Study(
                "Ablation " + plan.name(),
                plan.about(),
                command,
                "Models are tested on " + test.size() + " pairs of "
                        + holdOut.groups().size()
                        + " prompts that people have judged and no variant has seen. A repeat weighs every pair of the pool by a"
                        + " Poisson number of mean 1, the same in all arms, and draws the order in which the pool is curated and the"
                        + " controls. Repeats are samples of one pool, so their spread is taken as the standard error and is not"
                        + " divided by the root of their number; the test pairs are the same in all.",
                panels,
                between,
                facts(state),
                notes());
        List<Block> blocks = StudyReport.of(study);
        Files.writeString(out.resolve("report.md"), Markdown.of(study.title(), blocks));
        Files.writeString(out.resolve("report.html"), Html.of(study.title(), blocks));
        for (Block block : blocks) {
            if (block instanceof Block.Figure figure) {
                Files.writeString(out.resolve(figure.name() + ".svg"), figure.svg());
            }
        }
        curve(panels, out.resolve("curve.json"));
    }

    private List<TestPair> test(Subjects subjects) {
        List<TestPair> test = new ArrayList<>();
        holdOut.right().forEach((pairId, right) -> {
            Facts.Features features = subjects.features().get(pairId);
            if (features != null && !features.sameFeatures()) {
                float[] diff = features.diff();
                if (!right) {
                    for (int i = 0; i < diff.length; i++) {
                        diff[i] = -diff[i];
                    }
                }
                test.add(new TestPair(subjects.promptGroup(pairId), diff));
            }
        });
        return test;
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (holdOut.right().isEmpty()) {
            notes.add(
                    "No models are compared: the plan holds out no human labels. With hold-out: 0.2 a fifth of the judged"
                            + " prompts is kept from all variants, and models are tested on them.");
        }
        if (!range.isAll()) {
            notes.add(
                    "A part of the pairs took part, as the command says; all variants and the base were trained on it anew.");
        }
        notes.add(
                "Over the course of curation a share of the pool, in the order of a hash, has the verdicts of the whole run.");
        return notes;
    }

    private List<Block.Table> facts(AblationState state) {
        List<List<String>> variants = new ArrayList<>();
        for (Variant variant : plan.variants()) {
            AblationState.Ended ended = state.variants().get(variant.name());
            if (ended != null) {
                variants.add(List.of(
                        variant.name(),
                        ended.changes().isEmpty() ? "nothing" : ended.changes(),
                        ended.entry(),
                        count(ended, "keep"),
                        count(ended, "flip"),
                        count(ended, "quarantine"),
                        count(ended, "discard"),
                        count(ended, "read"),
                        ended.gates(),
                        String.join(", ", state.differing(variant.name())),
                        ended.configurationSha256(),
                        ended.manifestSha256()));
            }
        }
        List<List<String>> topics = new ArrayList<>();
        new TreeMap<>(state.base()).forEach((topic, print) -> {
            if (print.records() > 0) {
                topics.add(List.of(
                        topic,
                        Long.toString(print.records()),
                        String.valueOf(state.offsets().get(topic)),
                        print.sha256()));
            }
        });
        List<List<String>> inputs = new ArrayList<>();
        order.getSettings().keySet().stream()
                .filter(key -> key.startsWith(FILE))
                .sorted()
                .forEach(key -> {
                    String[] parts = key.substring(FILE.length()).split("/", 3);
                    inputs.add(List.of(parts[parts.length - 1], parts[0], parts.length > 1 ? parts[1] : ""));
                });
        return List.of(
                new Block.Table(
                        "Variants of run " + order.getRun() + " of " + partitions
                                + " partitions. \"From\" is where each begins to do things again; what lies before is read as"
                                + " recorded. SHA-256 of its settings and of its export's manifest, which names every file's.",
                        List.of(
                                "variant",
                                "changes",
                                "from",
                                "keep",
                                "flip",
                                "quarantine",
                                "discard",
                                "rows",
                                "gates",
                                "other facts in",
                                "configuration",
                                "manifest"),
                        variants),
                new Block.Table("Input of the run.", List.of("file", "kind", "SHA-256"), inputs),
                new Block.Table(
                        "What was recorded: distinct facts of each topic, the offsets up to which it was read, and the sum of their"
                                + " SHA-256 (order and partitions do not matter to it).",
                        List.of("topic", "facts", "up to", "SHA-256"),
                        topics));
    }

    private static String count(AblationState.Ended ended, String verdict) {
        return Long.toString(ended.counts().getOrDefault(verdict, 0L));
    }

    /** Points of the base's scaling curve, for {@code prefstream plan --curve}. */
    private static void curve(List<Panel> panels, Path to) throws IOException {
        Panel base = panels.isEmpty() ? null : panels.getFirst();
        if (base == null || StudyReport.curve(base).isEmpty()) {
            Files.deleteIfExists(to);
            return;
        }
        ObjectNode curve = JSON.createObjectNode().put("name", base.name());
        ArrayNode points = curve.putArray("points");
        StudyReport.points(base)
                .forEach(point -> points.addObject()
                        .put("pairs", point.pairs())
                        .put("score", point.score())
                        .put("weight", point.weight()));
        Files.writeString(to, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(curve) + "\n");
    }
}
