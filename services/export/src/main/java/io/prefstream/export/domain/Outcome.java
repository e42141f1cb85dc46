package io.prefstream.export.domain;

import io.prefstream.wire.BenchmarkItem;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointRole;
import io.prefstream.wire.CleaningCount;
import io.prefstream.wire.CuratedPair;
import io.prefstream.wire.HumanTask;
import io.prefstream.wire.NearDuplicate;
import io.prefstream.wire.Pair;
import io.prefstream.wire.RejectedInput;
import io.prefstream.wire.Round;
import io.prefstream.wire.SimilarityKind;
import io.prefstream.wire.TrainingRun;
import io.prefstream.wire.Verdict;
import io.prefstream.wire.VerdictKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a run came to, gathered from the topics in any order. The last revision of a verdict counts, and a published pair
 * counts only when it belongs to that revision.
 */
public final class Outcome {

    /** An input row that became a pair. */
    public record Row(
            String batch, long ordinal, String file, long line, String sourceId, String pairId, String promptGroup) {}

    /** A pair that a person should judge, with its text. */
    public record Task(HumanTask task, Pair pair) {}

    private static final List<String> ASKED_AFTER =
            List.of("contaminated", "contradiction", "duplicate", "near-duplicate");
    private static final String GIVEN = "run/";
    private static final String INPUT = "run/file/";
    private static final String COST = "cost/";

    private final Map<String, Row> rows = new HashMap<>();
    private final Map<String, RejectedInput> refused = new HashMap<>();
    private final Set<List<String>> alike = new HashSet<>();
    private final Map<String, Verdict> verdicts = new HashMap<>();
    private final Map<String, CuratedPair> curated = new TreeMap<>();
    private final Map<String, CuratedPair> recycled = new TreeMap<>();
    private final Map<String, Task> tasks = new HashMap<>();
    private final Map<String, Checkpoint> checkpoints = new TreeMap<>();
    private final Map<String, TrainingRun> trainings = new TreeMap<>();
    private final Map<String, Round> rounds = new TreeMap<>();
    private final Map<String, String> benchmarkItems = new HashMap<>();
    private final Map<String, CleaningCount> cleaning = new HashMap<>();

    /** Adds a pair; a later version of it brings nothing new here. */
    public void addRow(Pair pair) {
        rows.putIfAbsent(
                pair.getPairId(),
                new Row(
                        pair.getBatch(),
                        pair.getOrdinal(),
                        pair.getFile(),
                        pair.getLine(),
                        pair.getSourceId(),
                        pair.getPairId(),
                        pair.getPromptGroup()));
    }

    /** Adds a refused row. */
    public void addRefused(RejectedInput row) {
        refused.put(row.getBatch() + "/" + row.getOrdinal(), row);
    }

    /** Adds what two pairs have in common. */
    public void addAlike(NearDuplicate fact) {
        if (fact.getKind() == SimilarityKind.NEAR_DUPLICATE) {
            alike.add(List.of(fact.getPairId(), fact.getOtherPairId()));
        }
    }

    /** Prompt groups of the validation split. */
    public Set<String> validation() {
        List<List<String>> links = new ArrayList<>();
        for (List<String> two : alike) {
            Row a = rows.get(two.get(0));
            Row b = rows.get(two.get(1));
            if (a != null && b != null) {
                links.add(List.of(a.promptGroup(), b.promptGroup()));
            }
        }
        return Split.validation(rows.values().stream().map(Row::promptGroup).toList(), links);
    }

    /** Adds an item of a benchmark under its key. */
    public void addBenchmarkItem(String key, BenchmarkItem item) {
        benchmarkItems.put(key, item.getBenchmark());
    }

    /** Adds what a task has counted for a cleaning rule. */
    public void addCleaning(CleaningCount count) {
        cleaning.merge(
                count.getRule() + "/" + count.getPartition(), count, (a, b) -> a.getCount() >= b.getCount() ? a : b);
    }

    /** Adds a verdict. */
    public void addVerdict(Verdict verdict) {
        verdicts.merge(verdict.getPairId(), verdict, (a, b) -> a.getRevision() >= b.getRevision() ? a : b);
    }

    /** Adds a published pair. */
    public void addPublished(boolean kept, CuratedPair pair) {
        (kept ? curated : recycled).merge(pair.getPairId(), pair, (a, b) -> a.getRevision() >= b.getRevision() ? a : b);
    }

    /** Adds a task for a person. */
    public void addTask(HumanTask task, Pair pair) {
        tasks.put(pair.getPairId(), new Task(task, pair));
    }

    /** Adds a checkpoint. */
    public void addCheckpoint(Checkpoint checkpoint) {
        checkpoints.put(checkpoint.getCheckpointId(), checkpoint);
    }

    /** Adds a training. */
    public void addTraining(TrainingRun training) {
        trainings.put(
                String.format("%06d/%06d/%s", training.getRun(), training.getRound(), training.getFamily()), training);
    }

    /** Adds a step of a run. */
    public void addRound(Round round) {
        rounds.put(round.getRun() + "/" + round.getPhase() + "/" + round.getRound(), round);
    }

    /** Drops published pairs that a later verdict took back. */
    public void close() {
        curated.values().removeIf(pair -> !current(pair, VerdictKind.KEEP));
        recycled.values().removeIf(pair -> !current(pair, VerdictKind.FLIP));
    }

    private boolean current(CuratedPair pair, VerdictKind kind) {
        Verdict verdict = verdicts.get(pair.getSourcePairId());
        if (verdict == null || verdict.getRevision() != pair.getRevision()) {
            return false;
        }
        boolean human = "human".equals(verdict.getLabelSource());
        return verdict.getVerdict() == kind
                || (human && kind == VerdictKind.KEEP && verdict.getVerdict() == VerdictKind.FLIP);
    }

    /** Rows that became pairs, in input order. */
    public List<Row> rows() {
        return rows.values().stream()
                .sorted(Comparator.comparing(Row::batch).thenComparingLong(Row::ordinal))
                .toList();
    }

    /** Refused rows, in input order. */
    public List<RejectedInput> refused() {
        return refused.values().stream()
                .sorted(Comparator.comparing(RejectedInput::getBatch).thenComparingLong(RejectedInput::getOrdinal))
                .toList();
    }

    /** Names of the benchmarks that were loaded, each with the number of its items. */
    public Map<String, Long> benchmarks() {
        Map<String, Long> items = new TreeMap<>();
        benchmarkItems.values().forEach(name -> items.merge(name, 1L, Long::sum));
        return items;
    }

    /** How many pairs or rows each cleaning rule has met, by name; the rules that everyone asks after also at 0. */
    public Map<String, Long> cleaning() {
        Map<String, Long> met = new TreeMap<>();
        ASKED_AFTER.forEach(rule -> met.put(rule, 0L));
        cleaning.values().forEach(count -> met.merge(count.getRule(), count.getCount(), Long::sum));
        return met;
    }

    /** The verdict in force on a pair; null when it has none. */
    public @Nullable Verdict verdict(String pairId) {
        return verdicts.get(pairId);
    }

    /** Kept pairs, by pair id. */
    public List<CuratedPair> curated() {
        return List.copyOf(curated.values());
    }

    /** Flipped pairs, by pair id. */
    public List<CuratedPair> recycled() {
        return List.copyOf(recycled.values());
    }

    /** Tasks of the newest round, first in priority first. */
    public List<Task> tasks() {
        int newest =
                tasks.values().stream().mapToInt(t -> t.task().getRound()).max().orElse(0);
        return tasks.values().stream()
                .filter(t -> t.task().getRound() == newest)
                .sorted(Comparator.comparingDouble((Task t) -> -t.task().getPriority())
                        .thenComparing(t -> t.pair().getPairId()))
                .toList();
    }

    /** Checkpoints that a run serves, by id. */
    public List<Checkpoint> served(int run) {
        Map<String, String> decision = decision(run);
        Set<String> told = new TreeSet<>();
        for (String family : List.of(decision.getOrDefault("best", ""), "family/gold")) {
            told.add(decision.getOrDefault(family + "/-1", ""));
        }
        return checkpoints.values().stream()
                .filter(c -> c.getRole() == CheckpointRole.BEST || c.getRole() == CheckpointRole.GOLD)
                .filter(c -> !decision.containsKey("best") || told.contains(c.getCheckpointId()))
                .toList();
    }

    /** Trainings, in order. */
    public Collection<TrainingRun> trainings() {
        return trainings.values();
    }

    /** Keys of all files that were fed up to a run, {@code <kind>/<SHA-256>/<name>}, in order. */
    public Set<String> inputs(int run) {
        Set<String> inputs = new TreeSet<>();
        for (int earlier = 1; earlier <= run; earlier++) {
            for (String key : decision(earlier).keySet()) {
                if (key.startsWith(INPUT)) {
                    inputs.add(key.substring(INPUT.length()));
                }
            }
        }
        return inputs;
    }

    /** What the folder's runs had paid by the end of a run: by stage, model and figure. */
    public Map<String, Map<String, Map<String, Double>>> costs(int run) {
        Map<String, Map<String, Map<String, Double>>> costs = new TreeMap<>();
        decision(run).forEach((key, value) -> {
            if (key.startsWith(COST)) {
                int stage = key.indexOf('/', COST.length());
                int figure = key.lastIndexOf('/'); // a model's name may hold slashes
                costs.computeIfAbsent(key.substring(COST.length(), stage), s -> new TreeMap<>())
                        .computeIfAbsent(key.substring(stage + 1, figure), m -> new TreeMap<>())
                        .put(key.substring(figure + 1).replace('-', '_'), Double.parseDouble(value));
            }
        });
        return costs;
    }

    /** Settings of a run as they were given, without its files. */
    public Map<String, String> configuration(int run) {
        Map<String, String> settings = new TreeMap<>();
        decision(run).forEach((key, value) -> {
            if (key.startsWith(GIVEN) && !key.startsWith(INPUT)) {
                settings.put(key.substring(GIVEN.length()), value);
            }
        });
        return settings;
    }

    /** Folders of pairs that make up the release of a run, by its profile. */
    public List<String> release(int run) {
        return List.of(configuration(run).getOrDefault("profile", "curated").split("\\+", -1));
    }

    /** Settings that the filter decided with in a run; empty when it has not. */
    public Map<String, String> decision(int run) {
        return rounds.values().stream()
                .filter(round -> round.getRun() == run && round.getPhase().equals("decide"))
                .map(Round::getSettings)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(Map.of());
    }
}
