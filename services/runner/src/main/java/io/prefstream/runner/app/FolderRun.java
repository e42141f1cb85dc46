package io.prefstream.runner.app;

import io.prefstream.consistencyfilter.domain.Cause;
import io.prefstream.consistencyfilter.domain.DecisionSettings;
import io.prefstream.consistencyfilter.domain.Evidence;
import io.prefstream.consistencyfilter.domain.Recorded;
import io.prefstream.core.cleaning.BenchmarkPrompts;
import io.prefstream.core.cleaning.InputOrder;
import io.prefstream.core.verdict.HumanOutcome;
import io.prefstream.kit.config.UserError;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import io.prefstream.wire.Contamination;
import io.prefstream.wire.DeadLetter;
import io.prefstream.wire.Label;
import io.prefstream.wire.LabelKind;
import io.prefstream.wire.NearDuplicate;
import io.prefstream.wire.Pair;
import io.prefstream.wire.PairFeatures;
import io.prefstream.wire.Round;
import io.prefstream.wire.SimilarityKind;
import io.prefstream.wire.Verdict;
import io.prefstream.wire.VerdictKind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** A run of a data folder: the last revision of each verdict up to it, with the evidence that its rule saw. */
public final class FolderRun implements RunSource {

    private static final String GIVEN = "run/";

    private final int run;
    private final Map<Integer, Map<String, String>> decisions = new TreeMap<>();
    private final Map<String, Verdict> verdicts = new HashMap<>();
    private final Map<String, String> places = new HashMap<>();
    private final Map<String, Label> gold = new HashMap<>();
    private final Map<String, String> dead = new HashMap<>();
    private final Set<String> same = new HashSet<>();
    private final Map<String, String> categories = new HashMap<>();
    private final Map<String, BenchmarkPrompts.Hit> contaminated = new HashMap<>();
    private final Map<String, NearDuplicate> alike = new HashMap<>();

    private FolderRun(int run) {
        this.run = run;
    }

    /**
     * Reads a run; 0 is the last.
     *
     * @throws UserError when the folder has no such run, saying which there are
     */
    public static FolderRun read(OpenFolder folder, int run) {
        return read(folder, run, id -> true);
    }

    /** Reads of a run only what it holds of some pairs. */
    public static FolderRun read(OpenFolder folder, int run, Predicate<String> wanted) {
        FolderRun steps = new FolderRun(run);
        steps.take(folder, Stream.of(Topics.ROUNDS), id -> true);
        if (steps.decisions.isEmpty()) {
            throw new UserError("no run of this folder has come to its verdicts yet");
        }
        int last = steps.decisions.keySet().stream().mapToInt(i -> i).max().orElseThrow();
        if (run > 0 && !steps.decisions.containsKey(run)) {
            throw new UserError("there is no run " + run + " in this folder: it has "
                    + steps.decisions.keySet().stream().map(i -> "run-" + i).toList());
        }
        FolderRun found = new FolderRun(run == 0 ? last : run);
        found.decisions.putAll(steps.decisions);
        found.take(
                folder,
                Stream.concat(
                        Stream.of(
                                Topics.VERDICTS,
                                Topics.PAIRS,
                                Topics.LABELS,
                                Topics.PAIR_FEATURES,
                                Topics.CONTAMINATIONS,
                                Topics.NEAR_DUPLICATES),
                        Topics.STAGES.stream().map(Topics::deadLetters)),
                wanted);
        return found;
    }

    private void take(OpenFolder folder, Stream<Topic<?>> topics, Predicate<String> wanted) {
        try (TopicReader reader = new TopicReader(folder.installation(), folder.wire(), topics.toList())) {
            reader.readToEnd((topic, key, value) -> {
                String id = value instanceof DeadLetter letter ? letter.getPairId() : key;
                if (id != null && wanted.test(id)) {
                    take(value);
                }
            });
        }
    }

    private void take(SpecificRecord value) {
        switch (value) {
            case Round r when r.getPhase().equals("decide") -> decisions.put(r.getRun(), r.getSettings());
            case Verdict v
            when v.getRun() <= run ->
                verdicts.merge(v.getPairId(), v, (a, b) -> a.getRevision() >= b.getRevision() ? a : b);
            case Pair p -> places.putIfAbsent(p.getPairId(), p.getFile() + ":" + p.getLine());
            case Label l
            when l.getKind() == LabelKind.GOLD ->
                gold.merge(l.getPairId(), l, (a, b) -> a.getRevision() >= b.getRevision() ? a : b);
            case PairFeatures f -> {
                categories.put(f.getPairId(), f.getTaskCategory());
                if (f.getSameFeatures()) {
                    same.add(f.getPairId());
                }
            }
            case Contamination c ->
                contaminated.merge(
                        c.getPairId(),
                        new BenchmarkPrompts.Hit(c.getBenchmark(), c.getItem(), c.getShared()),
                        BenchmarkPrompts::lesser);
            case NearDuplicate d
            when d.getKind() == SimilarityKind.NEAR_DUPLICATE ->
                alike.merge(d.getPairId(), d, (a, b) -> place(a).compareTo(place(b)) <= 0 ? a : b);
            case DeadLetter d
            when d.getPairId() != null && !d.getKind().equals("judging") -> dead.put(d.getPairId(), d.getStage());
            default -> {
                // says nothing of a verdict
            }
        }
    }

    private static String place(NearDuplicate d) {
        return InputOrder.place(d.getOtherBatch(), d.getOtherOrdinal(), d.getOtherPairId());
    }

    @Override
    public String name() {
        return "run-" + run;
    }

    @Override
    public Map<String, String> configuration() {
        Map<String, String> given = new TreeMap<>();
        told().forEach((key, value) -> {
            if (key.startsWith(GIVEN) && !key.startsWith("run/file/")) {
                given.put(key.substring(GIVEN.length()), value);
            }
        });
        return given;
    }

    private Map<String, String> told() {
        return decisions.getOrDefault(run, Map.of());
    }

    /** What the run decided with. */
    public DecisionSettings settings() {
        return DecisionSettings.of(told());
    }

    /** The verdict as recorded; null when the pair had none by then. */
    public @Nullable Verdict recorded(String pairId) {
        return verdicts.get(pairId);
    }

    /** The evidence behind a verdict. */
    public Evidence evidence(Verdict verdict, DecisionSettings settings) {
        String id = verdict.getPairId();
        NearDuplicate repeats = alike.get(id);
        return Recorded.evidence(
                verdict,
                settings,
                new Recorded.Now(
                        human(gold.get(id)),
                        dead.get(id),
                        same.contains(id),
                        contaminated.get(id),
                        repeats == null ? null : repeats.getOtherPairId(),
                        categories.getOrDefault(id, "")));
    }

    @Override
    public Map<String, RunSource.Decided> verdicts() {
        DecisionSettings settings = settings();
        Map<String, RunSource.Decided> all = new TreeMap<>();
        verdicts.forEach((id, v) -> all.put(
                id,
                new RunSource.Decided(
                        places.getOrDefault(id, ""),
                        v.getVerdict().name().toLowerCase(Locale.ROOT),
                        v.getRule(),
                        v.getPRight(),
                        v.getPBest() == null ? null : settings.bestFor(id),
                        v.getGoldCheckpoint(),
                        behind(v, settings))));
        return all;
    }

    /** What gives the verdict again; null when the rules give another one from what is recorded. */
    private Cause.@Nullable Case behind(Verdict verdict, DecisionSettings settings) {
        Cause.Case behind = new Cause.Case(evidence(verdict, settings), settings);
        boolean again = behind.verdict().rule().equals(verdict.getRule())
                && (verdict.getVerdict() == VerdictKind.REJECTED_INPUT
                        || behind.verdict()
                                .kind()
                                .name()
                                .equals(verdict.getVerdict().name()));
        return again ? behind : null;
    }

    private static HumanOutcome human(@Nullable Label label) {
        return label == null
                ? HumanOutcome.NONE
                : switch (label.getOutcome()) {
                    case CHOSEN -> HumanOutcome.CHOSEN;
                    case REJECTED -> HumanOutcome.REJECTED;
                    case UNDECIDED -> HumanOutcome.UNDECIDED;
                    case UNKNOWN -> HumanOutcome.NONE;
                };
    }
}
