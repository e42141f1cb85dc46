package io.prefstream.runner.command;

import io.prefstream.core.benchmark.Benchmark;
import io.prefstream.core.benchmark.ScoredItem;
import io.prefstream.evaluation.app.Evaluation;
import io.prefstream.evaluation.app.Scoring;
import io.prefstream.evaluation.app.ScoringProgress;
import io.prefstream.evaluation.client.BenchmarkFolder;
import io.prefstream.evaluation.client.ResultFiles;
import io.prefstream.evaluation.client.ScoreFiles;
import io.prefstream.evaluation.domain.Format;
import io.prefstream.evaluation.domain.Formats;
import io.prefstream.evaluation.domain.Item;
import io.prefstream.evaluation.domain.Loaded;
import io.prefstream.evaluation.domain.RecordedRows.Recorded;
import io.prefstream.evaluation.domain.Refusal;
import io.prefstream.evaluation.domain.Report;
import io.prefstream.evaluation.domain.Standing;
import io.prefstream.kit.config.SettingFlags;
import io.prefstream.kit.config.UserError;
import io.prefstream.models.reward.AnswerScorer;
import io.prefstream.runner.app.BenchmarkResults;
import io.prefstream.runner.app.FetchedModels;
import io.prefstream.runner.app.OpenFolder;
import io.prefstream.runner.models.Models;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Evaluates a reward model on public benchmarks. */
@Command(
        name = "eval",
        mixinStandardHelpOptions = true,
        description = {
            "Evaluates a reward model on the seven public benchmarks, by their owners' formulas and from their owners' files:"
                    + " tables with intervals, beside published models.",
            "Scores come from a model of --data-dir, or are recorded ones (--scores)."
        })
final class EvalCommand implements Callable<Integer> {

    private static final String ALL = "all";
    private static final String NO_MODEL =
            "give --data-dir DIR with the model to score by, --model with a model's folder, or --scores FILE";
    private static final int MOST_SHOWN = 20;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--benchmark",
            split = ",",
            defaultValue = ALL,
            paramLabel = "NAME",
            description = "all, or some of rewardbench, rewardbench-2, ppe-preference, ppe-correctness, rmb, rm-bench,"
                    + " judgebench and, with --scores, rewardmath (${DEFAULT-VALUE}).")
    private List<String> benchmarks = new ArrayList<>();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder with the benchmarks' files, found under it by their owners' names.")
    private @Nullable Path data;

    @Option(
            names = "--scores",
            split = ",",
            paramLabel = "FILE",
            description = "Recorded scores instead of a model: items.jsonl of an earlier run, or owners' result files.")
    private List<Path> scores = new ArrayList<>();

    @Option(
            names = "--model",
            paramLabel = "ID",
            description =
                    "best, gold, a checkpoint id, or the path or URI of a model's folder (best); with --scores, the name to"
                            + " print.")
    private @Nullable String model;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Folder of a run: where the model is, and where results go to the topic benchmark-results.")
    private @Nullable Path runFolder;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder for results.json, results.md, items.jsonl and bon.svg.")
    private @Nullable Path out;

    @Option(
            names = "--resume",
            description =
                    "Go on with what --out holds: items of the same model and the same texts are not scored again.")
    private boolean resume;

    @Option(
            names = "--seed",
            defaultValue = "0",
            description = "Draws the orders of the sampled best-of-N curve (${DEFAULT-VALUE}).")
    private long seed;

    /** Rows that could not be used, of what has no standing. */
    private final List<Refusal> refused = new ArrayList<>();

    private boolean damaged;

    @Override
    public Integer call() {
        check();
        List<Format> formats = formats();
        BenchmarkFolder files = data == null ? null : new BenchmarkFolder(data);
        return finish(scores.isEmpty() ? scored(formats, files) : recorded(formats, files));
    }

    private void check() {
        if (scores.isEmpty() && data == null) {
            throw new UserError("give --data DIR with the benchmarks' files, or --scores FILE with recorded scores", 2);
        }
        if (scores.isEmpty() && runFolder == null && (model == null || !Models.isFolder(model))) {
            throw new UserError(NO_MODEL, 2);
        }
        if (resume && (out == null || !scores.isEmpty())) {
            throw new UserError("--resume goes on with what a model left in --out; give --out, and no --scores", 2);
        }
    }

    private List<Format> formats() {
        if (benchmarks.contains(ALL)) {
            return scores.isEmpty() ? Formats.seven(seed) : Formats.all(seed);
        }
        List<Format> formats = new ArrayList<>();
        for (String id : benchmarks) {
            formats.add(Formats.of(id, seed).orElseThrow(() -> {
                List<String> ids = Formats.all(seed).stream()
                        .map(format -> format.benchmark().id())
                        .toList();
                return new UserError(
                        "there is no benchmark " + id + "; the names are all, " + String.join(", ", ids), 2);
            }));
        }
        return formats;
    }

    /** The folder is held for a moment only: scoring may take hours. */
    private static OpenFolder open(Path folder) {
        DataFolderOption option = new DataFolderOption();
        option.folder = folder;
        return option.open();
    }

    private AnswerScorer scorer(String name) {
        FetchedModels fetched = new FetchedModels(SettingFlags.gather(spec), runFolder);
        return new Models(fetched).open(name, this::openRun).scorer();
    }

    private OpenFolder openRun() {
        if (runFolder == null) {
            throw new UserError(NO_MODEL, 2);
        }
        return open(runFolder);
    }

    private Report scored(List<Format> formats, @Nullable BenchmarkFolder files) {
        if (files == null) {
            throw new IllegalStateException("checked before");
        }
        List<Loaded> loaded = new ArrayList<>();
        for (Format format : formats) {
            Loaded one = load(files, format);
            if (!one.items().isEmpty()) {
                loaded.add(one);
            }
        }
        if (loaded.isEmpty()) {
            refused.stream().limit(MOST_SHOWN).forEach(refusal -> say("refused: " + refusal.message()));
            throw new UserError(nothing(formats));
        }
        try (AnswerScorer scorer = scorer(model == null ? "best" : model)) {
            return new Report(scorer.id(), score(loaded, scorer));
        }
    }

    private Loaded load(BenchmarkFolder files, Format format) {
        Loaded loaded = files.load(format);
        loaded.notes().forEach(this::say);
        damaged |= loaded.damaged();
        if (loaded.items().isEmpty()) {
            refused.addAll(loaded.refused()); // else they stand with the items
        }
        return loaded;
    }

    private String nothing(List<Format> formats) {
        StringBuilder text = new StringBuilder("there is no benchmark under --data " + data + "; looked for");
        for (Format format : formats) {
            text.append("\n  ").append(format.benchmark().id()).append(": ").append(format.lookedFor());
        }
        return text.toString();
    }

    private List<Standing> score(List<Loaded> loaded, AnswerScorer scorer) {
        ResultFiles folder = out == null ? null : new ResultFiles(out);
        Map<String, Map<String, Recorded>> kept = folder == null || !resume ? Map.of() : folder.kept(scorer.id());
        long answers = loaded.stream()
                .flatMap(one ->
                        Evaluation.open(
                                one, kept.getOrDefault(one.format().benchmark().id(), Map.of()))
                                .stream())
                .mapToLong(item -> item.answers().size())
                .sum();
        ScoringProgress progress = new ScoringProgress(spec.commandLine().getErr(), answers);
        List<Standing> standings = new ArrayList<>();
        try (ResultFiles.Journal journal = folder == null ? null : folder.journal(resume)) {
            for (Loaded one : loaded) {
                Benchmark benchmark = one.format().benchmark();
                Scoring scoring = new Scoring(scorer, this::say);
                standings.add(Evaluation.byModel(
                        one, kept.getOrDefault(benchmark.id(), Map.of()), scoring, (items, fresh) -> {
                            progress.scored(
                                    benchmark.id(),
                                    items.stream()
                                            .mapToLong(item -> item.answers().size())
                                            .sum());
                            if (journal != null) {
                                keep(journal, benchmark, items, fresh, scorer.id());
                            }
                        }));
            }
        } finally {
            progress.end();
        }
        return standings;
    }

    private static void keep(
            ResultFiles.Journal journal, Benchmark benchmark, List<Item> items, List<double[]> fresh, String model) {
        List<ScoredItem> scored = new ArrayList<>();
        Map<String, String> texts = new HashMap<>();
        for (int i = 0; i < items.size(); i++) {
            scored.add(items.get(i).scored(fresh.get(i)));
            texts.put(items.get(i).name(), items.get(i).textSha256());
        }
        journal.add(benchmark, scored, texts, model);
    }

    private Report recorded(List<Format> formats, @Nullable BenchmarkFolder files) {
        ScoreFiles.Scores read = ScoreFiles.read(scores);
        refused.addAll(read.refused());
        List<Standing> standings = new ArrayList<>();
        for (Format format : formats) {
            Map<String, Recorded> rows =
                    read.scores().getOrDefault(format.benchmark().id(), Map.of());
            if (rows.isEmpty()) {
                continue;
            }
            Loaded loaded = files == null ? null : load(files, format);
            standings.add(
                    loaded == null || loaded.items().isEmpty()
                            ? Evaluation.byRecordAlone(
                                    format, rows, read.refused().size())
                            : Evaluation.byRecord(loaded, rows, read.refused().size()));
        }
        if (standings.isEmpty()) {
            String of = !read.scores().isEmpty()
                    ? "they are of " + String.join(", ", read.scores().keySet())
                    : read.refused().isEmpty()
                            ? "there are none"
                            : read.refused().getFirst().message();
            throw new UserError("--scores holds no scores of the benchmarks asked for: " + of);
        }
        String name = model != null
                ? model
                : read.models().size() == 1
                        ? read.models().getFirst()
                        : String.join(", ", read.files().keySet());
        return new Report(name, standings);
    }

    private int finish(Report report) {
        report.standings().forEach(standing -> refused.addAll(standing.refused()));
        refused.stream().limit(MOST_SHOWN).forEach(refusal -> say("refused: " + refusal.message()));
        if (refused.size() > MOST_SHOWN) {
            say("and " + (refused.size() - MOST_SHOWN) + " refused rows more");
        }
        PrintWriter to = spec.commandLine().getOut();
        to.print(report.text());
        if (out != null) {
            new ResultFiles(out).write(report, seed);
            to.println("Written to " + out);
        }
        if (runFolder != null) {
            try (OpenFolder system = open(runFolder)) {
                to.println(BenchmarkResults.write(system, report) + " records on the topic benchmark-results");
            }
        }
        to.flush();
        boolean failed = report.standings().stream().anyMatch(standing -> standing.failed() > 0);
        return refused.isEmpty() && !failed && !damaged ? 0 : 1;
    }

    private void say(String message) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(message);
        err.flush();
    }
}
