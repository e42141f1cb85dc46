package io.prefstream.runner.app;

import io.prefstream.core.stats.Hashes;
import io.prefstream.ingest.client.BenchmarkFile;
import io.prefstream.ingest.client.FileRefused;
import io.prefstream.ingest.domain.BenchmarkRow;
import io.prefstream.kit.config.UserError;
import io.prefstream.kit.run.Installation;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.stage.Wire;
import io.prefstream.kit.topic.Topics;
import io.prefstream.trainer.domain.Barrier;
import io.prefstream.wire.BenchmarkItem;
import io.prefstream.wire.Contamination;
import io.prefstream.wire.Progress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The benchmarks of an installation, against which its pairs are held. What is loaded stays. */
public final class Benchmarks {

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final Installation installation;
    private final Wire wire;

    /** The benchmarks of an installation whose broker and registry run. */
    public Benchmarks(Installation installation, Wire wire) {
        this.installation = installation;
        this.wire = wire;
    }

    /** Items loaded so far, over all benchmarks. */
    public long loaded() {
        return known().size();
    }

    private Set<String> known() {
        Set<String> known = new HashSet<>();
        try (TopicReader reader = new TopicReader(installation, wire, List.of(Topics.BENCHMARKS_IN))) {
            reader.readToEnd((topic, key, value) -> known.add(key));
        }
        return known;
    }

    /**
     * Loads the items of the files that aren't there yet, all or none.
     *
     * @param messages told of rows without a prompt
     * @return number of new items
     * @throws UserError when a file can't be used
     */
    public int load(List<Path> files, Consumer<String> messages) {
        Set<String> known = known();
        Map<String, BenchmarkItem> fresh = new TreeMap<>();
        for (Path file : files) {
            try {
                BenchmarkFile.Items items = BenchmarkFile.read(file);
                if (items.without() > 0) {
                    messages.accept(items.name() + ": " + items.without() + " rows have no prompt and are left out");
                }
                for (BenchmarkRow row : items.rows()) {
                    String key = key(items.name(), row);
                    if (!known.contains(key)) {
                        fresh.put(key, new BenchmarkItem(items.name(), row.item(), row.prompt()));
                    }
                }
            } catch (FileRefused e) {
                throw new UserError("benchmark " + e.getMessage());
            }
        }
        if (!fresh.isEmpty()) {
            try (Feeder feeder = new Feeder(installation, wire, "benchmarks")) {
                fresh.forEach((key, item) -> feeder.send(Topics.BENCHMARKS_IN, key, item));
                feeder.commit();
            }
        }
        return fresh.size();
    }

    /** Names an item: a benchmark of a later version adds what is new in it. */
    private static String key(String benchmark, BenchmarkRow row) {
        byte[] hash = Hashes.sha256(row.prompt().getBytes(StandardCharsets.UTF_8));
        return benchmark + "/" + row.item() + "/" + HexFormat.of().formatHex(hash, 0, Long.BYTES);
    }

    /**
     * Waits until every task of ingest holds all that was loaded, and has held its old pairs against it.
     *
     * @param fault says what a stage has died of; empty while all are well
     */
    public void await(Supplier<Optional<String>> fault) {
        long due = loaded();
        Map<String, Barrier.Report> reports = new HashMap<>();
        try (TopicReader reader = new TopicReader(installation, wire, List.of(Topics.PROGRESS))) {
            while (!taken(reports, due)) {
                reader.poll(LOOK_EVERY, (topic, key, value) -> {
                    if (value instanceof Progress report && report.getStage().equals("ingest")) {
                        reports.put(
                                key, new Barrier.Report(report.getStage(), report.getConsumed(), report.getProduced()));
                    }
                });
                String died = fault.get().orElse(null);
                if (died != null) {
                    throw new UserError(died);
                }
            }
        }
    }

    private static boolean taken(Map<String, Barrier.Report> reports, long due) {
        long in = 0;
        long written = 0;
        long read = 0;
        for (Barrier.Report report : reports.values()) {
            in += report.consumed().getOrDefault(Topics.BENCHMARKS_IN.name(), 0L);
            written += report.produced().getOrDefault(Topics.BENCHMARK_ITEMS.name(), 0L);
            read += report.consumed().getOrDefault(Topics.BENCHMARK_ITEMS.name(), 0L);
        }
        return in >= due && read == written;
    }

    /** Pairs that were there before the benchmark of a file and share text with it, each with what it shares. */
    public List<Contamination> hits(List<Path> files) {
        Set<String> names = new HashSet<>();
        files.forEach(file -> names.add(String.valueOf(file.getFileName())));
        List<Contamination> hits = new ArrayList<>();
        try (TopicReader reader = new TopicReader(installation, wire, List.of(Topics.CONTAMINATIONS))) {
            reader.readToEnd((topic, key, value) -> {
                if (value instanceof Contamination hit && names.contains(hit.getBenchmark())) {
                    hits.add(hit);
                }
            });
        }
        return hits;
    }
}
