package io.prefstream.bench.models;

import ai.djl.Device;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.inference.Predictor;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.prefstream.core.pair.Message;
import io.prefstream.models.chat.ChatTemplate;
import io.prefstream.models.reward.DjlRewardModel;
import io.prefstream.models.reward.Hardware;
import io.prefstream.models.reward.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Measures the scorer beside its engine with nothing around it, and prints a table a model.
 *
 * <p>Usage: {@code ScoringBench PAIRS.jsonl PAIRS ROUNDS DEVICES FOLDER...}, where DEVICES is cpu, gpu or numbers of GPUs. All
 * ways of all models take turns within a round; figures are medians over the rounds. Rates count the tokens of the texts as they
 * are, without padding and without regard to what packing saves.
 */
public final class ScoringBench {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CALL = 128; // conversations that the scorer is given at once

    private final List<List<Message>> talks;
    private final String devices;
    private final int cores = Runtime.getRuntime().availableProcessors();
    private final List<AutoCloseable> open = new ArrayList<>();

    private ScoringBench(List<List<Message>> talks, String devices) {
        this.talks = talks;
        this.devices = devices;
    }

    /** Runs all. */
    public static void main(String[] args) throws Exception {
        if (args.length < 5) {
            System.err.println("usage: ScoringBench PAIRS.jsonl PAIRS ROUNDS DEVICES FOLDER...");
            System.exit(2);
        }
        ScoringBench bench = new ScoringBench(Talks.read(Path.of(args[0]), Integer.parseInt(args[1])), args[3]);
        List<Subject> subjects = new ArrayList<>();
        for (String folder : Arrays.asList(args).subList(4, args.length)) {
            subjects.add(bench.subject(Path.of(folder)));
        }
        bench.measure(subjects, Integer.parseInt(args[2]));
        for (AutoCloseable resource : bench.open) {
            resource.close();
        }
        System.exit(0); // the engines' native threads would hold the JVM
    }

    /** A model, the ways to score with it, and its scores. */
    private record Subject(
            ModelFolder folder, List<long[]> texts, Map<String, Way> ways, double[] scores, double peak) {

        Way way(String name) {
            return Objects.requireNonNull(ways.get(name), name);
        }

        long tokens() {
            return texts.stream().mapToLong(text -> text.length).sum();
        }
    }

    /** A way to score; {@code tokens} of the texts go through it in one run. */
    private record Way(long tokens, Meter.Work work, List<Meter> runs) {
        Way(long tokens, Meter.Work work) {
            this(tokens, work, new ArrayList<>());
        }
    }

    private Subject subject(Path path) throws Exception {
        ModelFolder folder = ModelFolder.read(path);
        ModelFolder apart = ModelFolder.read(withoutPacking(path));
        Hardware hardware =
                Hardware.of(devices, 0, Hardware.GPU_BATCH_TOKENS, folder.card().engine());
        Device device = hardware.devices().getFirst();
        DjlRewardModel packed = opened(DjlRewardModel.load(folder, hardware));
        DjlRewardModel single = opened(DjlRewardModel.load(apart, hardware));
        BareEngine bare = opened(new BareEngine(folder, device, 1));
        HuggingFaceTokenizer tokenizer = opened(HuggingFaceTokenizer.builder()
                .optTokenizerPath(path.resolve("tokenizer.json"))
                .optTruncation(false)
                .optPadding(false)
                .build());
        ChatTemplate template = ChatTemplate.of(path);
        List<long[]> texts = new ArrayList<>();
        for (List<Message> talk : talks) {
            texts.add(tokens(tokenizer, template, talk));
        }
        long all = texts.stream().mapToLong(text -> text.length).sum();

        Map<String, Way> ways = new LinkedHashMap<>();
        ways.put("tokenise and template", new Way(all, () -> {
            for (List<Message> talk : talks) {
                tokens(tokenizer, template, talk);
            }
        }));
        Predictor<long[][], float[]> predictor = opened(bare.predictor());
        ways.put("loop, one text a call, one thread", new Way(all, () -> {
            for (List<Message> talk : talks) {
                predictor.predict(new long[][] {tokens(tokenizer, template, talk)});
            }
        }));
        ways.put("engine's best, no padding", best(folder, device, bare, texts));
        ways.put("scorer, packed", new Way(all, () -> score(packed)));
        ways.put("scorer, not packed", new Way(all, () -> score(single)));
        List<long[][]> naive = grouped(texts, 16);
        ways.put(
                String.format(Locale.ROOT, "batches of 16 as they come, %.0f %% padding", 100 * padding(naive)),
                new Way(all, () -> bare.run(naive, hardware.instances())));
        double peak = device.isGpu() ? bare.matrixProduct(8192) : 0;
        return new Subject(folder, texts, ways, score(packed), peak);
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.addFirst(resource);
        return resource;
    }

    private double[] score(DjlRewardModel model) {
        double[] scores = new double[talks.size()];
        for (int from = 0; from < talks.size(); from += CALL) {
            double[] some = model.score(talks.subList(from, Math.min(talks.size(), from + CALL)));
            System.arraycopy(some, 0, scores, from, some.length);
        }
        return scores;
    }

    /** The fastest of several sizes of batch and numbers of threads, on rows of one length a batch. */
    private Way best(ModelFolder folder, Device device, BareEngine bare, List<long[]> texts) throws Exception {
        BareEngine threaded = device.isGpu() || !folder.card().engine().equals("OnnxRuntime")
                ? bare
                : opened(new BareEngine(folder, device, cores));
        Way best = null;
        double rate = 0;
        for (int size : device.isGpu() ? new int[] {8, 16, 32, 64, 128} : new int[] {1, 4, 8, 16}) {
            List<long[][]> batches = even(texts, size);
            long tokens = batches.stream()
                    .mapToLong(b -> (long) b.length * b[0].length)
                    .sum();
            List<Meter.Work> works = new ArrayList<>();
            works.add(() -> bare.run(batches, device.isGpu() ? 2 : cores));
            if (threaded != bare) {
                works.add(() -> threaded.run(batches, 1));
            }
            for (int w = 0; w < works.size(); w++) {
                Meter.of(works.get(w)); // warms up
                Meter meter = Meter.of(works.get(w));
                double found = device.isGpu() ? tokens / meter.seconds() : tokens / meter.cpu();
                System.err.printf(
                        Locale.ROOT,
                        "%s: %d rows a call, %s: %.0f tokens/s, %.1f us of CPU a token%n",
                        folder.path(),
                        size,
                        w == 0 ? "a thread a call" : "all threads a call",
                        tokens / meter.seconds(),
                        meter.cpu() / tokens * 1e6);
                if (found > rate) {
                    rate = found;
                    best = new Way(tokens, works.get(w));
                }
            }
        }
        if (best == null) {
            throw new IllegalStateException("there is no text to measure");
        }
        return best;
    }

    /** Batches of rows of one length: of texts of nearly one length the middle one, as often as there are texts. */
    private static List<long[][]> even(List<long[]> texts, int size) {
        List<long[]> sorted = texts.stream()
                .sorted(Comparator.comparingInt((long[] text) -> text.length).reversed())
                .toList();
        return grouped(sorted, size).stream()
                .map(rows ->
                        Collections.nCopies(rows.length, rows[rows.length / 2]).toArray(long[][]::new))
                .toList();
    }

    private static List<long[][]> grouped(List<long[]> texts, int size) {
        return IntStream.iterate(0, from -> from < texts.size(), from -> from + size)
                .mapToObj(from ->
                        texts.subList(from, Math.min(texts.size(), from + size)).toArray(long[][]::new))
                .toList();
    }

    private static double padding(List<long[][]> batches) {
        long real = 0;
        long padded = 0;
        for (long[][] rows : batches) {
            int width = Arrays.stream(rows).mapToInt(row -> row.length).max().orElseThrow();
            real += Arrays.stream(rows).mapToInt(row -> row.length).sum();
            padded += (long) rows.length * width;
        }
        return 1 - (double) real / padded;
    }

    private static long[] tokens(HuggingFaceTokenizer tokenizer, ChatTemplate template, List<Message> talk) {
        return tokenizer.encode(template.renderForTokenizer(talk), true, false).getIds();
    }

    /** A folder of the same files whose card has no cost of attention, so that the scorer does not pack. */
    private Path withoutPacking(Path folder) throws IOException {
        Path copy = Files.createTempDirectory("not-packed");
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.createSymbolicLink(copy.resolve(file.getFileName()), file.toAbsolutePath());
            }
        }
        ObjectNode card = JSON.readValue(folder.resolve(ModelFolder.CARD).toFile(), ObjectNode.class);
        card.putNull("even_tokens");
        Files.delete(copy.resolve(ModelFolder.CARD));
        JSON.writeValue(copy.resolve(ModelFolder.CARD).toFile(), card);
        return copy;
    }

    private void measure(List<Subject> subjects, int rounds) throws Exception {
        for (int round = -1; round < rounds; round++) { // the first warms up
            for (Subject subject : subjects) {
                for (Way way : subject.ways().values()) {
                    Meter meter = Meter.of(way.work());
                    if (round >= 0) {
                        way.runs().add(meter);
                    }
                }
            }
        }
        for (Subject subject : subjects) {
            print(subject, rounds);
        }
        Subject first = subjects.getFirst();
        for (Subject other : subjects.subList(1, subjects.size())) {
            compare(first, other);
        }
    }

    private void print(Subject subject, int rounds) throws IOException {
        System.out.printf(
                Locale.ROOT,
                "%n%s (%s, %s, %,d parameters) on %s: %d pairs, %,d tokens, %d rounds%n%n",
                subject.folder().path().getFileName(),
                subject.folder().card().engine(),
                subject.folder().card().dtype(),
                subject.folder().card().parameters(),
                devices,
                talks.size() / 2,
                subject.tokens(),
                rounds);
        System.out.println(
                "| way | pairs/s | tokens/s | CPU us/token | foreign cores | share of the engine's best: wall, CPU |");
        System.out.println("|---|---|---|---|---|---|");
        Way limit = subject.way("engine's best, no padding");
        subject.ways()
                .forEach((name, way) -> System.out.printf(
                        Locale.ROOT,
                        "| %s | %.2f | %,.0f | %.1f | %.2f | %.2f, %.2f |%n",
                        name,
                        rate(way) / subject.tokens() * talks.size() / 2,
                        rate(way),
                        cpu(way) * 1e6,
                        median(way.runs().stream().map(Meter::foreign).toList()),
                        median(IntStream.range(0, rounds)
                                .mapToObj(r -> perSecond(way, r) / perSecond(limit, r))
                                .toList()),
                        cpu(limit) / cpu(way)));
        Path matrices = subject.folder().path().resolveSibling("matrices");
        if (subject.peak() > 0 && Files.exists(matrices)) {
            double weights = Double.parseDouble(Files.readString(matrices).strip());
            System.out.printf(
                    Locale.ROOT,
                    "%nproduct of bf16 matrices of 8192: %.0f TFLOP/s; 2 x %,.0f weights x the scorer's tokens/s are"
                            + " %.2f of it, not packed %.2f%n",
                    subject.peak() / 1e12,
                    weights,
                    2 * weights * rate(subject.way("scorer, packed")) / subject.peak(),
                    2 * weights * rate(subject.way("scorer, not packed")) / subject.peak());
        }
    }

    private static void compare(Subject first, Subject other) {
        double worst = 0;
        int kept = 0;
        int pairs = first.scores().length / 2;
        for (int i = 0; i < first.scores().length; i++) {
            worst = Math.max(worst, Math.abs(first.scores()[i] - other.scores()[i]));
        }
        for (int p = 0; p < pairs; p++) {
            double a = first.scores()[2 * p] - first.scores()[2 * p + 1];
            double b = other.scores()[2 * p] - other.scores()[2 * p + 1];
            kept += a * b >= 0 ? 1 : 0;
        }
        double spread = Arrays.stream(first.scores()).max().orElse(0)
                - Arrays.stream(first.scores()).min().orElse(0);
        Way a = first.way("scorer, packed");
        Way b = other.way("scorer, packed");
        System.out.printf(
                Locale.ROOT,
                "%n%s beside %s: %.2f times the tokens/s (by CPU time %.2f); scores differ by at most %.4g, they"
                        + " spread over %.4g; %d of %d pairs keep their order%n",
                other.folder().path().getFileName(),
                first.folder().path().getFileName(),
                rate(b) / rate(a),
                cpu(a) / cpu(b),
                worst,
                spread,
                kept,
                pairs);
    }

    private static double perSecond(Way way, int round) {
        return way.tokens() / way.runs().get(round).seconds();
    }

    private static double rate(Way way) {
        return median(
                way.runs().stream().map(run -> way.tokens() / run.seconds()).toList());
    }

    /** Seconds of processor time a token. */
    private static double cpu(Way way) {
        return median(way.runs().stream().map(run -> run.cpu() / way.tokens()).toList());
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }
}
