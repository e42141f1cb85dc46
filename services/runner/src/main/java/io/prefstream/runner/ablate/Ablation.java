package io.prefstream.runner.ablate;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.prefstream.core.stats.Hashes;
import io.prefstream.export.app.Exporter;
import io.prefstream.kit.config.UserError;
import io.prefstream.kit.run.Installation;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.stage.Wire;
import io.prefstream.kit.topic.Topics;
import io.prefstream.runner.app.OpenFolder;
import io.prefstream.runner.app.Progress;
import io.prefstream.wire.Pair;
import io.prefstream.wire.Round;
import io.prefstream.wire.RunRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Replays a run once for every variant of a plan, and says what each changed. It goes on where it was stopped. */
public final class Ablation {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ORIGINAL = "original";

    /**
     * How an ablation goes.
     *
     * @param run run that is replayed; 0 for the last
     * @param from first border of the range of pairs, an offset, offsets or a time; null for the beginning
     * @param to last border; null for the end
     * @param partitions partitions of pair-keyed topics; 0 for as many as the base has
     * @param threads stream threads of a stage
     * @param keep whether the replays' topics stay
     * @param ask whether models are asked for what was not recorded
     */
    public record Options(
            int run,
            @Nullable String from,
            @Nullable String to,
            int partitions,
            int threads,
            boolean keep,
            boolean ask) {}

    private final Installation base;
    private final Wire wire;
    private final Path folder;
    private final Plan plan;
    private final Options options;
    private final Range range;
    private final Path out;
    private final String command;
    private final Consumer<String> messages;

    /**
     * An ablation of a folder's run.
     *
     * @param folder folder under which the replays keep their state
     * @param plan file of the plan
     * @param out folder of the exports and the report
     * @param command how it was called, for the report
     * @param messages takes what the user should know
     */
    public Ablation(
            OpenFolder base,
            Path folder,
            Path plan,
            Options options,
            Path out,
            String command,
            Consumer<String> messages) {
        this.base = base.installation();
        this.wire = base.wire();
        this.folder = folder;
        this.plan = Plan.read(plan);
        this.options = options;
        this.range = Range.of(options.from(), options.to());
        this.out = out;
        this.command = command;
        this.messages = messages;
    }

    /** Runs every variant that has not ended yet. */
    public void run(Progress progress) throws IOException {
        RunRequest order = order();
        List<Variant> variants = plan.variants().stream().map(this::inRange).toList();
        Files.createDirectories(out);
        Cut now = Cut.now(base, Topics.all());
        AblationState state = AblationState.of(
                out,
                new AblationState(
                        plan.name(),
                        hash(variants),
                        order.getRun(),
                        new TreeMap<>(now.ends()),
                        new TreeMap<>(),
                        new TreeMap<>()));
        Cut cut = new Cut(state.offsets());
        if (state.base().isEmpty()) {
            progress.say("reading the run");
            state.base().putAll(TopicPrint.of(base, wire, Topics.all(), cut));
            state.write(out);
        }
        HoldOut holdOut = HoldOut.draw(base, wire, cut, plan.holdOut());
        Recordings recordings = Recordings.of(base, wire, cut, options.ask());
        Replay replay = new Replay(base, wire, recordings, cut, order, messages);
        if (comparesWithOriginal() && !Files.exists(out.resolve(ORIGINAL).resolve("manifest.json"))) {
            Exporter.write(base, wire, order.getRun(), out.resolve(ORIGINAL));
        }
        for (Variant variant : variants) {
            if (state.variants().containsKey(variant.name())) {
                messages.accept(variant.name() + " has ended before");
                continue;
            }
            long started = System.nanoTime();
            Replay.Outcome outcome = replay.run(
                    variant,
                    range,
                    pairs(cut, variant, holdOut),
                    place(variant),
                    out.resolve(variant.name()),
                    progress);
            progress.end();
            state.variants().put(variant.name(), ended(variant, outcome));
            state.write(out);
            tell(variant, outcome, state, (System.nanoTime() - started) / 1e9);
        }
        progress.say("comparing");
        new AblationReport(plan, command, range, order, holdOut, base.pairPartitions())
                .write(state, Subjects.read(base, wire), out);
        progress.end();
        messages.accept("Written to " + out + ": report.html and report.md compare the variants.");
    }

    private boolean comparesWithOriginal() {
        return range.isAll() && plan.holdOut() == 0;
    }

    /** A part of the pool trains other models, so nothing that was recorded of models counts. */
    private Variant inRange(Variant variant) {
        if (range.isAll()) {
            return variant;
        }
        if (variant.entry() == Entry.INPUT && range.isByOffset()) {
            throw new UserError(
                    variant.name()
                            + " begins with the input, which has other offsets than pairs: give --from and --to as"
                            + " times",
                    2);
        }
        return variant.from(variant.entry().or(Entry.ROUNDS));
    }

    private Replay.Place place(Variant variant) {
        int partitions = options.partitions() > 0 ? options.partitions() : base.pairPartitions();
        return new Replay.Place(
                base.prefix() + "ablation-" + plan.name() + "-" + variant.name() + "-",
                folder.resolve("ablations").resolve(plan.name()).resolve(variant.name()),
                partitions,
                options.threads() > 0 ? options.threads() : Math.min(partitions, 2),
                options.keep());
    }

    /** The run's order, once it has ended. */
    private RunRequest order() {
        TreeMap<Integer, RunRequest> orders = new TreeMap<>();
        Set<Integer> ended = new TreeSet<>();
        try (TopicReader reader = new TopicReader(base, wire, List.of(Topics.RUNS, Topics.ROUNDS))) {
            reader.readToEnd((topic, key, value) -> {
                if (value instanceof RunRequest request) {
                    orders.put(request.getRun(), request);
                } else if (value instanceof Round round && round.getPhase().equals("done")) {
                    ended.add(round.getRun());
                }
            });
        }
        if (ended.isEmpty()) {
            throw new UserError("no run has ended in this folder: curate something first");
        }
        int run = options.run() == 0 ? ((TreeSet<Integer>) ended).last() : options.run();
        RunRequest order = orders.get(run);
        if (order == null || !ended.contains(run)) {
            throw new UserError("run " + run + " has not ended here; those that have: " + ended);
        }
        return order;
    }

    private @Nullable Set<String> pairs(Cut cut, Variant variant, HoldOut holdOut) {
        if (range.isAll() && variant.pairsShare() == 1 && holdOut.groups().isEmpty()) {
            return null;
        }
        Set<String> taking = new HashSet<>();
        cut.read(base, Topics.PAIRS, record -> {
            if (record.value() == null) {
                taking.remove(record.key());
                return;
            }
            Pair pair = wire.topicSerde(record.topic(), Pair.class)
                    .deserializer()
                    .deserialize(record.topic(), record.value());
            if (range.holds(record.partition(), record.offset(), record.timestamp())
                    && variant.takes(pair.getPairId())
                    && !holdOut.groups().contains(pair.getPromptGroup())) {
                taking.add(pair.getPairId());
            }
        });
        if (taking.isEmpty()) {
            throw new UserError("no pair lies in this range: prefstream topics pairs lists offsets and times");
        }
        return taking;
    }

    private AblationState.Ended ended(Variant variant, Replay.Outcome outcome) throws IOException {
        Path manifest = out.resolve(variant.name()).resolve("manifest.json");
        return new AblationState.Ended(
                variant.words(),
                variant.entry().word(),
                JSON.readTree(manifest.toFile()).path("configuration_sha256").asText(),
                sha256(Files.readAllBytes(manifest)),
                new TreeMap<>(outcome.counts()),
                gates(outcome.decision()),
                outcome.notRecorded(),
                new TreeMap<>(outcome.prints()));
    }

    private static String gates(Map<String, String> decision) {
        boolean keep = decision.getOrDefault("gate/keep", "closed").equals("open");
        boolean flip = decision.getOrDefault("gate/flip", "closed").equals("open");
        return keep && flip ? "keep+flip" : keep ? "keep" : flip ? "flip" : "none";
    }

    private void tell(Variant variant, Replay.Outcome outcome, AblationState state, double seconds) throws IOException {
        AblationState.Ended ended = state.variants().get(variant.name());
        if (ended == null) {
            return;
        }
        messages.accept(String.format(
                "%s: %d keep, %d flip, %d quarantine, %d discard of %d rows (%.1f s, from %s)",
                variant.name(),
                outcome.counts().getOrDefault("keep", 0L),
                outcome.counts().getOrDefault("flip", 0L),
                outcome.counts().getOrDefault("quarantine", 0L),
                outcome.counts().getOrDefault("discard", 0L),
                outcome.counts().getOrDefault("read", 0L),
                seconds,
                ended.entry()));
        if (outcome.notRecorded() > 0) {
            messages.accept("  " + outcome.notRecorded()
                    + " calls have no recorded answer and count as failed: --ask asks the models");
        }
        if (variant.name().equals(Variant.BASE) && comparesWithOriginal()) {
            String original = sha256(Files.readAllBytes(out.resolve(ORIGINAL).resolve("manifest.json")));
            messages.accept(
                    original.equals(ended.manifestSha256())
                            ? "  the same export as the original run's, byte for byte: manifest " + original
                            : "  another export than the original run's: " + whyOther());
        } else if (!variant.name().equals(Variant.BASE)) {
            messages.accept("  other facts in: " + String.join(", ", state.differing(variant.name())));
        }
    }

    private String whyOther() {
        return "compare " + out.resolve(ORIGINAL) + " with " + out.resolve(Variant.BASE)
                + ". A run that went on from earlier ones, whose labels it inherited, is replayed as one run.";
    }

    private String hash(List<Variant> variants) {
        Map<String, String> all = new TreeMap<>();
        variants.forEach(
                variant -> all.put("variant/" + variant.name(), variant.entry().word() + " " + variant.words()));
        all.put("hold-out", Double.toString(plan.holdOut()));
        all.put("from", String.valueOf(options.from()));
        all.put("to", String.valueOf(options.to()));
        all.put("partitions", Integer.toString(place(variants.getFirst()).partitions()));
        return Hashes.ofSettings(all);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
