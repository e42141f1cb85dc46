package io.prefstream.bench.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.prefstream.ablation.domain.AnswerGroup;
import io.prefstream.ablation.domain.Comparison;
import io.prefstream.ablation.domain.Panel;
import io.prefstream.ablation.domain.Subject;
import io.prefstream.ablation.domain.TestPair;
import io.prefstream.ingest.client.FileRefused;
import io.prefstream.ingest.client.PairFiles;
import io.prefstream.ingest.domain.Candidate;
import io.prefstream.kittest.FakeLlmServer;
import io.prefstream.runner.ablate.Subjects;
import io.prefstream.runner.app.Curation;
import io.prefstream.runner.app.LocalSystem;
import io.prefstream.runner.app.Progress;
import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Curates one pool with the product, and trains every arm of a comparison on what came out. */
final class StudyRun {

    /** Shares of the pool that have been curated. */
    static final List<Double> SIZES = List.of(0.2, 0.4, 0.6, 0.8, 1.0);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LEAST_ANSWERS = 4; // of a prompt, to choose the best among

    private final Pool pool;
    private final SimulatedJudge.@Nullable Habit judge;

    StudyRun(Pool pool, SimulatedJudge.@Nullable Habit judge) {
        this.pool = pool;
        this.judge = judge;
    }

    /** What is curated, whatever the seed. */
    String panel() {
        return pool.set() + ", " + pool.labels() + (judge == null ? "" : ", LLM judge");
    }

    /** Name of the run, by which a result is found again. */
    String name() {
        return panel() + ", seed " + pool.seed();
    }

    /**
     * Runs in a folder that is empty.
     *
     * @param dumps folder for what {@code bench/filters.py} reads; null for none
     */
    ObjectNode measure(Path folder, @Nullable Path dumps) throws Exception {
        if (judge == null) {
            return curate(folder, Map.of(), dumps);
        }
        try (FakeLlmServer server = FakeLlmServer.start(new SimulatedJudge(pool, judge))) {
            return curate(folder, Map.of("judge.url", server.url()), dumps);
        }
    }

    /** Writes each pair's features as 32-bit floats, and what is known of it as JSON lines in the same order. */
    private void dump(List<Subject> subjects, Path verdicts, Path dumps) throws IOException {
        Map<String, JsonNode> rows = new HashMap<>();
        for (String line : Files.readAllLines(verdicts)) {
            JsonNode row = JSON.readTree(line);
            rows.put(row.path("pair_id").asText(), row);
        }
        Files.createDirectories(dumps);
        String name = pool.set() + "-" + pool.labels() + "-" + pool.seed();
        try (OutputStream floats = new BufferedOutputStream(Files.newOutputStream(dumps.resolve(name + ".f32")));
                BufferedWriter lines = Files.newBufferedWriter(dumps.resolve(name + ".jsonl"))) {
            for (Subject pair : subjects) {
                ByteBuffer bytes =
                        ByteBuffer.allocate(Float.BYTES * pair.diff().length).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(pair.diff());
                floats.write(bytes.array());
                JsonNode row = rows.getOrDefault(pair.pairId(), JSON.createObjectNode());
                ObjectNode told = JSON.createObjectNode().put("pair_id", pair.pairId());
                told.put("right", pair.truth()).put("human", pair.verified() != null);
                told.put("fate", pair.fate().name());
                told.set("p_right", row.path("p_right"));
                told.set("p_best", row.path("p_best"));
                lines.write(told + "\n");
            }
        }
    }

    private ObjectNode curate(Path folder, Map<String, String> place, @Nullable Path dumps)
            throws IOException, FileRefused {
        Map<String, String> settings = PoolRun.settings(pool, judge != null);
        Map<String, String> stages = new TreeMap<>(settings);
        stages.putAll(place);
        Path out = folder.resolve("out");
        PrintStream quiet = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Curation.Result result;
        List<Subject> subjects;
        List<TestPair> test = new ArrayList<>();
        Answers answers = new Answers();
        try (LocalSystem system = LocalSystem.start(folder.resolve("data"), 2, new LocalSystem.Ports(0, 0))) {
            system.startStages(stages);
            result = new Curation(system, System.err::println)
                    .run(List.of(pool.pairs()), pool.labelled(), settings, out, new Progress(quiet, true));
            subjects = Subjects.read(system.installation(), system.wire()).in(out.resolve("verdicts.jsonl"), row -> {
                Pool.Known known = pool.truth().get(row);
                return known == null ? null : (Boolean) known.right();
            });
            PairFiles.read(pool.unseen(), row -> {
                if (row instanceof Candidate pair) {
                    float[] better = PoolRun.heldBack(pair, pair.chosen());
                    float[] worse = PoolRun.heldBack(pair, pair.rejected());
                    String prompt = pair.history().getLast().content();
                    test.add(new TestPair(prompt, PoolRun.minus(better, worse)));
                    answers.add(prompt, pair.chosen(), better, true);
                    answers.add(prompt, pair.rejected(), worse, false);
                }
            });
        }
        if (dumps != null) {
            dump(subjects, out.resolve("verdicts.jsonl"), dumps);
        }
        long started = System.nanoTime();
        boolean keep = result.decision().getOrDefault("gate/keep", "closed").equals("open");
        boolean flip = result.decision().getOrDefault("gate/flip", "closed").equals("open");
        Panel panel = new Comparison(subjects, test, answers.groups(), false, shared())
                .repeat(panel(), SIZES, pool.seed())
                .gated(List.of(keep && flip ? "keep+flip" : keep ? "keep" : flip ? "flip" : "none"));
        ObjectNode told = JSON.createObjectNode();
        told.put("run", name()).put("panel", panel()).put("set", pool.set()).put("labels", pool.labels());
        told.put("seed", pool.seed()).put("gold", pool.gold()).put("judge", judge == null ? null : judge.toString());
        told.put("pairs_sha256", sha256(pool.pairs())).put("gold_sha256", sha256(pool.labelled()));
        told.put("unseen_sha256", sha256(pool.unseen())).put("manifest_sha256", sha256(out.resolve("manifest.json")));
        told.put(
                "configuration_sha256",
                JSON.readTree(out.resolve("manifest.json").toFile())
                        .path("configuration_sha256")
                        .asText());
        told.put("keep_gate", result.decision().getOrDefault("gate/keep", "closed"));
        told.put("flip_gate", result.decision().getOrDefault("gate/flip", "closed"));
        told.set("figures", JSON.valueToTree(panel));
        System.err.printf("%s: compared in %d s%n", name(), (System.nanoTime() - started) / 1_000_000_000L);
        return told;
    }

    /** Unseen prompts a prompt of the pool. */
    private double shared() {
        return pool.set().equals(Evidence.TOURNAMENT) ? 1 : 0.5;
    }

    /** Answers to each unseen prompt, and how often each is the better one of a pair. */
    private static final class Answers {

        private final Map<String, Map<String, int[]>> wins = new TreeMap<>();
        private final Map<String, float[]> features = new HashMap<>();

        void add(String prompt, String answer, float[] vector, boolean won) {
            int[] counts = wins.computeIfAbsent(prompt, p -> new TreeMap<>()).computeIfAbsent(answer, a -> new int[2]);
            counts[0] += won ? 1 : 0;
            counts[1]++;
            features.put(prompt + "\u0000" + answer, vector);
        }

        List<AnswerGroup> groups() {
            List<AnswerGroup> groups = new ArrayList<>();
            wins.forEach((prompt, answers) -> {
                if (answers.size() >= LEAST_ANSWERS) {
                    List<float[]> vectors = new ArrayList<>();
                    List<Double> quality = new ArrayList<>();
                    answers.forEach((answer, counts) -> {
                        vectors.add(features.getOrDefault(prompt + "\u0000" + answer, new float[0]));
                        quality.add((double) counts[0] / counts[1]);
                    });
                    groups.add(new AnswerGroup(vectors, quality));
                }
            });
            return groups;
        }
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
