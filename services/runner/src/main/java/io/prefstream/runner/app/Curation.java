package io.prefstream.runner.app;

import io.prefstream.export.app.Exporter;
import io.prefstream.ingest.client.FileRefused;
import io.prefstream.ingest.client.GoldFile;
import io.prefstream.ingest.client.PairFiles;
import io.prefstream.ingest.domain.Candidate;
import io.prefstream.ingest.domain.LabelRow;
import io.prefstream.ingest.domain.LiveRows;
import io.prefstream.ingest.domain.ParsedRow;
import io.prefstream.ingest.domain.Refused;
import io.prefstream.kit.config.Setting;
import io.prefstream.kit.config.UserError;
import io.prefstream.kit.run.Installation;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.stage.Wire;
import io.prefstream.kit.topic.Topics;
import io.prefstream.runner.domain.RaisedBudget;
import io.prefstream.trainer.domain.Barrier;
import io.prefstream.wire.HumanAnnotation;
import io.prefstream.wire.Round;
import io.prefstream.wire.RowId;
import io.prefstream.wire.RunRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Curates one batch on a running system: feeds it, waits for every verdict, exports. */
public final class Curation {

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final Duration STALL_AFTER = Duration.ofSeconds(60);
    private static final int MOST_UNMATCHED = 10;
    private static final String FILE = "file/";

    private final Installation installation;
    private final Wire wire;
    private final Supplier<Optional<String>> fault;
    private final Consumer<String> messages;
    private final Map<String, String> columns;
    private final List<Path> benchmarks;

    /** Works on a system whose stages run; messages for the user go to {@code messages}. */
    public Curation(LocalSystem system, Consumer<String> messages) {
        this(system.installation(), system.wire(), system::fault, messages);
    }

    /**
     * Works on an installation whose stages run elsewhere.
     *
     * @param fault says what a stage has died of; empty while all are well
     */
    public Curation(Installation installation, Wire wire, Supplier<Optional<String>> fault, Consumer<String> messages) {
        this(installation, wire, fault, messages, Map.of(), List.of());
    }

    private Curation(
            Installation installation,
            Wire wire,
            Supplier<Optional<String>> fault,
            Consumer<String> messages,
            Map<String, String> columns,
            List<Path> benchmarks) {
        this.installation = installation;
        this.wire = wire;
        this.fault = fault;
        this.messages = messages;
        this.columns = columns;
        this.benchmarks = benchmarks;
    }

    /** The same for files whose columns have other names: by a shape's name the column that holds it. */
    public Curation withColumns(Map<String, String> columns) {
        return new Curation(installation, wire, fault, messages, new TreeMap<>(columns), benchmarks);
    }

    /** The same with benchmarks that are loaded before any pair, so that what shares their text is refused. */
    public Curation withBenchmarks(List<Path> benchmarks) {
        return new Curation(installation, wire, fault, messages, columns, List.copyOf(benchmarks));
    }

    /**
     * How a curation ended.
     *
     * @param counts counts of the export
     * @param damaged messages of files that could not be read whole
     * @param decision what the run decided with, answers to the user's questions included
     * @param cleaning how many pairs or rows each cleaning rule has met
     */
    public record Result(
            Map<String, Long> counts, List<String> damaged, Map<String, String> decision, Map<String, Long> cleaning) {}

    /**
     * Curates what the files hold together with what the folder already knows.
     *
     * @param settings settings of the run; those of the folder's first run stay in force
     * @param gold file of human labels; null when there is none
     */
    public Result run(List<Path> inputs, @Nullable Path gold, Map<String, String> settings, Path out, Progress progress)
            throws IOException {
        List<RunRequest> known = requests();
        if (!known.isEmpty()) {
            refuseOtherSettings(known.getLast().getSettings(), settings);
        }
        boolean richer = !known.isEmpty() && RaisedBudget.is(known.getLast().getSettings(), settings);
        Set<String> fed = new HashSet<>();
        known.forEach(k -> fed.addAll(k.getSettings().keySet()));
        List<String> damaged = new ArrayList<>();
        Map<String, String> files = new TreeMap<>();
        List<Path> fresh = new ArrayList<>();
        for (Path input : inputs) {
            String key = file(columns.isEmpty() ? "pairs" : "pairs " + columns, input);
            if (fed.contains(key) || files.putIfAbsent(key, String.valueOf(input.getFileName())) != null) {
                inspect(input, damaged); // its rows are here already; what is wrong with it is said again
            } else {
                fresh.add(input);
            }
        }
        Path freshGold = gold != null && !fed.contains(file("gold", gold)) ? gold : null;
        if (freshGold != null) {
            files.put(file("gold", freshGold), String.valueOf(freshGold.getFileName()));
        }
        long items = load(files, progress);
        progress.say("reading the input");
        boolean moreItems = !known.isEmpty()
                && items != known.getLast().getProduced().getOrDefault(Topics.BENCHMARKS_IN.name(), 0L);
        boolean newModels = !known.isEmpty() && hasNewModels();
        RunRequest request =
                known.isEmpty() || freshGold != null || !fresh.isEmpty() || richer || moreItems || newModels
                        ? feed(known, fresh, freshGold, settings, files, items, damaged)
                        : known.getLast();
        Round decision = awaitVerdicts(request, progress);
        if (freshGold != null) {
            tellUnmatched();
        }
        progress.say("writing the result");
        Exporter.Written written = Exporter.write(installation, wire, request.getRun(), out);
        progress.end();
        return new Result(written.counts(), damaged, decision.getSettings(), written.cleaning());
    }

    /** Whether models that read text have been announced since the last run began: they are to compete in another. */
    private boolean hasNewModels() {
        WaitingModels waiting = new WaitingModels();
        try (TopicReader reader = new TopicReader(installation, wire, List.of(Topics.CHECKPOINTS, Topics.ROUNDS))) {
            reader.readToEnd((topic, key, value) -> waiting.take(value));
        }
        return waiting.count() > 0;
    }

    /** Loads the benchmarks, and returns the number of items that are there now. */
    private long load(Map<String, String> files, Progress progress) throws IOException {
        Benchmarks all = new Benchmarks(installation, wire);
        if (!benchmarks.isEmpty()) {
            progress.say("loading benchmarks");
            for (Path file : benchmarks) {
                files.put(file("benchmark", file), String.valueOf(file.getFileName()));
            }
            all.load(benchmarks, messages);
            all.await(fault);
        }
        return all.loaded();
    }

    /** Refuses settings other than those that the folder's runs were made with. */
    public void check(Map<String, String> settings) {
        List<RunRequest> known = requests();
        if (!known.isEmpty()) {
            refuseOtherSettings(known.getLast().getSettings(), settings);
        }
    }

    /** Labels whose pair hasn't come: they wait for it, and their owner should know. */
    private void tellUnmatched() {
        Set<String> known = new HashSet<>();
        Set<String> labelled = new LinkedHashSet<>();
        try (TopicReader reader = new TopicReader(installation, wire, List.of(Topics.ROW_IDS, Topics.ANNOTATIONS_IN))) {
            reader.readToEnd((topic, key, value) -> {
                if (value instanceof RowId row) {
                    known.add(row.getSourceId());
                    known.add(row.getPairId());
                } else if (value instanceof HumanAnnotation label) {
                    labelled.add(label.getId());
                }
            });
        }
        labelled.removeAll(known);
        if (!labelled.isEmpty()) {
            messages.accept(labelled.size() + " labels name no row or pair that is here, and wait for it: "
                    + labelled.stream().sorted().limit(MOST_UNMATCHED).collect(Collectors.joining(", "))
                    + (labelled.size() > MOST_UNMATCHED ? ", ..." : ""));
        }
    }

    /** The orders so far, one a run; of a run that was ordered again, while records still came, the last. */
    private List<RunRequest> requests() {
        TreeMap<Integer, RunRequest> all = new TreeMap<>();
        try (TopicReader reader = new TopicReader(installation, wire, List.of(Topics.RUNS))) {
            reader.readToEnd((topic, key, value) -> all.put(((RunRequest) value).getRun(), (RunRequest) value));
        }
        return List.copyOf(all.values());
    }

    private static void refuseOtherSettings(Map<String, String> before, Map<String, String> now) {
        for (Map.Entry<String, String> setting : now.entrySet()) {
            String old = before.getOrDefault(setting.getKey(), standard(setting.getKey()));
            boolean raised = setting.getKey().equals(RaisedBudget.NAME) && RaisedBudget.is(before, now);
            if (!setting.getValue().equals(old) && !raised) {
                throw new UserError("this folder was made with " + setting.getKey() + " = " + old + ", and now it is "
                        + setting.getValue() + ": keep it, or use another --data-dir");
            }
        }
        before.forEach((key, value) -> {
            if (!now.containsKey(key) && !key.startsWith(FILE)) {
                throw new UserError("this folder was made with " + key + " = " + value
                        + ", and now it is not set: keep it, or use another --data-dir");
            }
        });
    }

    /** What a setting was before it could be set: its default. */
    private static String standard(String name) {
        return Setting.named(name).map(Setting::standard).orElse("not set");
    }

    private RunRequest feed(
            List<RunRequest> known,
            List<Path> inputs,
            @Nullable Path gold,
            Map<String, String> settings,
            Map<String, String> files,
            long benchmarkItems,
            List<String> damaged) {
        int run = known.isEmpty() ? 1 : known.getLast().getRun() + 1;
        String batch = String.format(Locale.ROOT, "%06d", run);
        try (Feeder feeder = new Feeder(installation, wire, "source")) {
            long[] ordinal = new long[1];
            for (Path input : inputs) {
                try {
                    var report = PairFiles.read(input, columns, row -> send(feeder, batch, ordinal[0]++, row));
                    if (report.damage() != null) {
                        damaged.add(input.getFileName() + ": " + report.damage());
                    }
                } catch (FileRefused e) {
                    damaged.add(String.valueOf(e.getMessage()));
                }
            }
            if (gold != null) {
                long[] number = new long[1];
                try {
                    var report = GoldFile.read(gold, label -> {
                        switch (label) {
                            case LabelRow row -> send(feeder, batch, number[0]++, row);
                            case Refused refused -> messages.accept("label left out: " + refused.message());
                        }
                    });
                    if (report.damage() != null) {
                        damaged.add(gold.getFileName() + ": " + report.damage());
                    }
                } catch (FileRefused e) {
                    damaged.add(String.valueOf(e.getMessage()));
                }
            }
            if (feeder.sent(Topics.PAIRS_IN) == 0 && feeder.sent(Topics.ANNOTATIONS_IN) == 0 && known.isEmpty()) {
                damaged.forEach(messages);
                throw new UserError("no row could be read from the input, so there is nothing to curate");
            }
            Map<String, Long> produced = new HashMap<>();
            RunRequest last = known.isEmpty() ? null : known.getLast();
            for (var topic : Topics.WAYS_IN) {
                long before = last == null ? 0 : last.getProduced().getOrDefault(topic.name(), 0L);
                produced.put(topic.name(), before + feeder.sent(topic));
            }
            boolean moreItems = produced.getOrDefault(Topics.BENCHMARKS_IN.name(), 0L) != benchmarkItems;
            produced.put(Topics.BENCHMARKS_IN.name(), benchmarkItems);
            Map<String, String> all = new TreeMap<>(settings);
            all.putAll(files);
            boolean nothingNew = inputs.isEmpty() && gold == null;
            boolean richer = last != null && RaisedBudget.is(last.getSettings(), settings);
            String why = !nothingNew ? "curate" : moreItems ? "benchmarks" : richer ? "budget" : "models";
            RunRequest request = new RunRequest(run, all, produced, why, List.of(), "");
            feeder.commit(request);
            return request;
        }
    }

    private void inspect(Path input, List<String> damaged) {
        try {
            var report = PairFiles.read(input, columns, row -> {});
            if (report.damage() != null) {
                damaged.add(input.getFileName() + ": " + report.damage());
            }
        } catch (FileRefused e) {
            damaged.add(String.valueOf(e.getMessage()));
        }
    }

    private static void send(Feeder feeder, String batch, long ordinal, ParsedRow row) {
        String key = row instanceof Candidate pair ? pair.matchId() : batch + "/" + ordinal;
        feeder.send(Topics.PAIRS_IN, key, LiveRows.of(batch, ordinal, row));
    }

    private static void send(Feeder feeder, String batch, long ordinal, LabelRow row) {
        feeder.send(Topics.ANNOTATIONS_IN, row.id(), LiveRows.of(batch, ordinal, row));
    }

    /** Waits until every pair of a run has its verdict, and returns what it decided with. */
    public Round awaitVerdicts(RunRequest request, Progress progress) {
        progress.step("collect", 0);
        Round[] decision = new Round[1];
        boolean[] done = new boolean[1];
        Map<String, Barrier.Report> reports = new HashMap<>();
        long[] moved = {System.nanoTime()};
        try (TopicReader reader = new TopicReader(installation, wire, List.of(Topics.ROUNDS, Topics.PROGRESS))) {
            while (!done[0]) {
                reader.poll(LOOK_EVERY, (topic, key, value) -> {
                    if (value instanceof Round round && round.getRun() == request.getRun()) {
                        progress.step(round.getPhase(), round.getRound());
                        progress.forecast(round.getSettings());
                        if (round.getPhase().equals("decide")) {
                            decision[0] = round;
                        }
                        done[0] |= round.getPhase().equals("done");
                    } else if (value instanceof io.prefstream.wire.Progress report) {
                        progress.report(report);
                        Barrier.Report now =
                                new Barrier.Report(report.getStage(), report.getConsumed(), report.getProduced());
                        if (!now.equals(reports.put(key, now))) {
                            moved[0] = System.nanoTime();
                        }
                    }
                });
                progress.show(request.getProduced().getOrDefault(Topics.PAIRS_IN.name(), 0L));
                if (System.nanoTime() - moved[0] > STALL_AFTER.toNanos()) {
                    moved[0] = System.nanoTime();
                    List<String> missing = Barrier.missing(
                            reports.values(),
                            request.getProduced(),
                            stage -> request.getStages().isEmpty()
                                    || request.getStages().contains(stage));
                    if (!missing.isEmpty()) { // else it trains, which may take its time
                        messages.accept("nothing has moved for " + STALL_AFTER.toSeconds() + " s: "
                                + String.join("; ", missing));
                    }
                }
                String died = fault.get().orElse(null);
                if (died != null) {
                    throw new UserError(died);
                }
            }
        }
        return decision[0];
    }

    /** What a file is known by once it was fed: what it is, the SHA-256 of its bytes, and its name. */
    private static String file(String kind, Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            if (Files.isRegularFile(file) && Files.isReadable(file)) {
                try (var in = Files.newInputStream(file)) {
                    byte[] buffer = new byte[1 << 16];
                    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                        digest.update(buffer, 0, n);
                    }
                }
            }
            return FILE + kind + "/" + HexFormat.of().formatHex(digest.digest()) + "/" + file.getFileName();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
