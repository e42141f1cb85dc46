package io.prefstream.bench.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.prefstream.core.stats.Hashes;
import io.prefstream.ingest.client.FileRefused;
import io.prefstream.ingest.client.PairFiles;
import io.prefstream.ingest.domain.Candidate;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.topic.Topics;
import io.prefstream.kittest.FakeLlmServer;
import io.prefstream.retrieval.app.MiniLmTextFeatures;
import io.prefstream.runner.app.Curation;
import io.prefstream.runner.app.LocalSystem;
import io.prefstream.runner.app.Progress;
import io.prefstream.trainer.client.Facts;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Runs the product on one pool, holds its verdicts against the known answers, and trains reward models on what it published. */
final class PoolRun {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PARTITIONS = 2;
    private static final double KEEP = 0.85;
    private static final MiniLmTextFeatures TEXTS = new MiniLmTextFeatures();
    private static final Map<String, float[]> HELD_BACK = new HashMap<>();

    private final Pool pool;
    private final SimulatedJudge.@Nullable Habit judge;

    /**
     * A run.
     *
     * @param judge the LLM judge; null for the built-in judges
     */
    PoolRun(Pool pool, SimulatedJudge.@Nullable Habit judge) {
        this.pool = pool;
        this.judge = judge;
    }

    /** Name of the run, by which a result is found again. */
    String name() {
        return pool.name() + (judge == null ? "" : "-judge" + judge);
    }

    /** Runs, in a folder that is empty, and says what came out. */
    ObjectNode measure(Path folder) throws Exception {
        if (judge == null) {
            return curate(folder, Map.of());
        }
        try (FakeLlmServer server = FakeLlmServer.start(new SimulatedJudge(pool, judge))) {
            return curate(folder, Map.of("judge.url", server.url()));
        }
    }

    /** Settings of a run: the product's defaults, and the pool's seed. */
    static Map<String, String> settings(Pool pool, boolean judged) {
        Map<String, String> settings = new TreeMap<>(Map.of(
                "rounds", "8",
                "seed", Long.toString(pool.seed()),
                "decision", "calibrated",
                "gold.min", "30",
                "keep", Double.toString(KEEP),
                "flip", "0.1"));
        if (judged) {
            settings.put("judge.model", "simulated");
        }
        return settings;
    }

    /** One row as the product decided it. */
    private record Row(
            String pairId,
            Pool.Known known,
            String verdict,
            @Nullable Double pRight) {}

    private ObjectNode curate(Path folder, Map<String, String> place) throws IOException, FileRefused {
        Map<String, String> settings = settings(pool, judge != null);
        Map<String, String> stages = new TreeMap<>(settings);
        stages.putAll(place);
        Path out = folder.resolve("out");
        Facts facts = new Facts();
        List<float[]> unseen = new ArrayList<>();
        Curation.Result result;
        PrintStream quiet = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        try (LocalSystem system = LocalSystem.start(folder.resolve("data"), PARTITIONS, new LocalSystem.Ports(0, 0))) {
            system.startStages(stages);
            result = new Curation(system, System.err::println)
                    .run(List.of(pool.pairs()), pool.labelled(), settings, out, new Progress(quiet, true));
            try (TopicReader reader =
                    new TopicReader(system.installation(), system.wire(), List.of(Topics.PAIR_FEATURES))) {
                reader.readToEnd(facts::add);
            }
            PairFiles.read(pool.unseen(), row -> {
                if (row instanceof Candidate pair) {
                    unseen.add(minus(heldBack(pair, pair.chosen()), heldBack(pair, pair.rejected())));
                }
            });
        }
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(out.resolve("verdicts.jsonl"))) {
            JsonNode row = JSON.readTree(line);
            if (!row.path("verdict").asText().equals("rejected_input")) {
                rows.add(new Row(
                        row.path("pair_id").asText(),
                        Objects.requireNonNull(
                                pool.truth().get(row.path("source_id").asText())),
                        row.path("verdict").asText(),
                        row.path("p_right").isNumber() ? row.path("p_right").asDouble() : null));
            }
        }
        ObjectNode told = JSON.createObjectNode();
        told.put("run", name()).put("set", pool.set()).put("labels", pool.labels());
        told.put("gold", pool.gold()).put("seed", pool.seed()).put("judge", judge == null ? null : judge.toString());
        verdicts(rows, told);
        told.put("keep_gate", result.decision().getOrDefault("gate/keep", "closed"));
        told.put("flip_gate", result.decision().getOrDefault("gate/flip", "closed"));
        told.put("state", result.decision().getOrDefault("gold/state", ""));
        told.put("best", result.decision().getOrDefault("best", ""));
        told.put("pool_penalty", result.decision().getOrDefault("l2/pool", ""));
        models(rows, facts, unseen, told);
        return told;
    }

    /** KEEP and FLIP against the answers that the product was not given. */
    private static void verdicts(List<Row> rows, ObjectNode told) {
        List<Row> open = rows.stream().filter(row -> !row.known().gold()).toList();
        told.put("pairs", rows.size()).put("open", open.size()).put("labelled", rows.size() - open.size());
        told.put("right", open.stream().filter(row -> row.known().right()).count());
        for (String verdict : List.of("keep", "flip")) {
            List<Row> some =
                    open.stream().filter(row -> row.verdict().equals(verdict)).toList();
            told.put(verdict, some.size());
            told.put(
                    verdict + "_right",
                    some.stream()
                            .filter(row -> row.known().right() == verdict.equals("keep"))
                            .count());
        }
        List<Coverage.Scored> scored = new ArrayList<>();
        for (Row row : open) {
            if (row.pRight() != null) {
                scored.add(new Coverage.Scored(row.pRight(), row.known().right()));
            }
        }
        Coverage curve = new Coverage(scored, open.size());
        var keep = told.putArray("keep_curve"); // at 1 %, 2 % ... 100 % of the pool
        var flip = told.putArray("flip_curve");
        for (int percent = 1; percent <= 100; percent++) {
            keep.add(finite(curve.keep(percent / 100.0)));
            flip.add(finite(curve.flip(percent / 100.0)));
        }
    }

    /** Accuracy on unseen pairs of models trained on the labels as they came, as published, and as they ought to be. */
    private void models(List<Row> rows, Facts facts, List<float[]> unseen, ObjectNode told) {
        List<float[]> all = new ArrayList<>();
        List<Ranking.Example> raw = new ArrayList<>();
        List<Ranking.Example> clean = new ArrayList<>();
        List<Ranking.Example> gold = new ArrayList<>();
        List<Ranking.Example> curated = new ArrayList<>();
        List<Ranking.Example> recycled = new ArrayList<>();
        List<Ranking.Example> ungated = new ArrayList<>();
        for (Row row : rows) {
            Facts.Features features = facts.features().get(row.pairId());
            if (features == null || features.sameFeatures()) {
                continue; // no head could learn from it
            }
            float[] diff = features.diff();
            Ranking.Example right = new Ranking.Example(diff, row.known().right());
            all.add(diff);
            raw.add(new Ranking.Example(diff, true));
            clean.add(right);
            if (row.known().gold()) {
                gold.add(right);
                curated.add(right); // people's labels are published as curated
                ungated.add(right);
            } else if (row.verdict().equals("keep")) {
                curated.add(new Ranking.Example(diff, true));
            } else if (row.verdict().equals("flip")) {
                recycled.add(new Ranking.Example(diff, false));
            }
            if (!row.known().gold() && row.pRight() != null && row.pRight() >= KEEP) {
                ungated.add(new Ranking.Example(diff, true));
            }
        }
        recycled.addAll(curated);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < raw.size(); i++) {
            order.add(i);
        }
        order.sort(Comparator.comparingDouble(i -> Hashes.unit(pool.seed(), "random-subset", "" + i)));
        List<Ranking.Example> random =
                order.stream().limit(curated.size()).map(raw::get).toList();
        Ranking ranking = new Ranking(all, unseen);
        ObjectNode rm = told.putObject("rm");
        rm.put("unseen", unseen.size()).put("trained_on_curated", curated.size());
        rm.put("raw", ranking.accuracy(raw));
        rm.put("curated", ranking.accuracy(curated));
        rm.put("ungated", ranking.accuracy(ungated));
        rm.put("recycled", ranking.accuracy(recycled));
        rm.put("random", ranking.accuracy(random));
        rm.put("gold", ranking.accuracy(gold));
        rm.put("clean", ranking.accuracy(clean));
    }

    /** Features of an answer held back, which a tournament asks for again and again. */
    static float[] heldBack(Candidate pair, String answer) {
        return HELD_BACK.computeIfAbsent(
                pair.history().getLast().content() + "\u0000" + answer,
                text -> TEXTS.answer(pair.history(), answer).features());
    }

    static float[] minus(float[] a, float[] b) {
        float[] out = new float[a.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = a[i] - b[i];
        }
        return out;
    }

    private static @Nullable Double finite(double value) {
        return Double.isNaN(value) ? null : Math.round(value * 1e4) / 1e4;
    }
}
