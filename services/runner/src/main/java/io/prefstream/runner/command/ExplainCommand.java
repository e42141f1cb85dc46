package io.prefstream.runner.command;

import io.prefstream.consistencyfilter.domain.DecisionSettings;
import io.prefstream.core.verdict.Thresholds;
import io.prefstream.core.verdict.Verdict.Kind;
import io.prefstream.export.app.Exporter;
import io.prefstream.kit.config.UserError;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import io.prefstream.runner.app.OpenFolder;
import io.prefstream.runner.app.PastRuns;
import io.prefstream.wire.AttributeOrigin;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointScore;
import io.prefstream.wire.Contamination;
import io.prefstream.wire.CuratedPair;
import io.prefstream.wire.DeadLetter;
import io.prefstream.wire.Evaluation;
import io.prefstream.wire.HumanAnnotation;
import io.prefstream.wire.HumanVerdict;
import io.prefstream.wire.JudgeVote;
import io.prefstream.wire.Label;
import io.prefstream.wire.LabelRequest;
import io.prefstream.wire.LlmAnswer;
import io.prefstream.wire.Message;
import io.prefstream.wire.NearDuplicate;
import io.prefstream.wire.Pair;
import io.prefstream.wire.PairAttributes;
import io.prefstream.wire.PairScore;
import io.prefstream.wire.PairSelection;
import io.prefstream.wire.RejectedInput;
import io.prefstream.wire.Verdict;
import io.prefstream.wire.VerdictKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells the story of pairs. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = "Tells the whole story of a pair, a line of many pairs, or what would have changed a verdict.")
final class ExplainCommand implements Callable<Integer> {

    private static final int MOST_CHARS = 600;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private DataFolderOption data = new DataFolderOption();

    @Parameters(
            paramLabel = "ID",
            arity = "0..*",
            description =
                    "Pair ids or their first 8 or more digits, ids of flipped pairs, rows' own ids, or FILE:LINE.")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--kept", description = "Every kept pair, a line each.")
    private boolean kept;

    @Option(names = "--dropped", description = "Every discarded pair and refused row.")
    private boolean dropped;

    @Option(names = "--flipped", description = "Every flipped pair.")
    private boolean flipped;

    @Option(names = "--quarantined", description = "Every pair that waits.")
    private boolean quarantined;

    @Option(names = "--rule", paramLabel = "RULE", description = "Of these, only what this rule decided.")
    private @Nullable String rule;

    @Option(names = "--category", paramLabel = "C", description = "Of these, only pairs of this task category.")
    private @Nullable String category;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "Pairs to show, the lowest ids first; 0 shows all. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--json", description = "Print the pairs as one JSON object.")
    private boolean json;

    @Option(names = "--jsonl", description = "Print a JSON object a pair.")
    private boolean jsonl;

    @Option(
            names = "--why-not",
            paramLabel = "VERDICT",
            description = "keep or flip: what would have had to be different for that verdict.")
    private @Nullable String whyNot;

    @Override
    public Integer call() throws IOException {
        PrintWriter to = spec.commandLine().getOut();
        Set<VerdictKind> kinds = kinds();
        check(kinds);
        try (OpenFolder system = data.open()) {
            if (ids.isEmpty()) {
                many(system, kinds, to);
            }
            for (String wanted : ids) {
                String pairId = find(system, wanted, to);
                if (pairId != null && whyNot != null) {
                    ExplainWhyNot.tell(system, pairId, kind(whyNot), to);
                } else if (pairId != null) {
                    tell(system, pairId, to);
                }
            }
        }
        to.flush();
        return 0;
    }

    private void check(Set<VerdictKind> kinds) {
        if (ids.isEmpty() == kinds.isEmpty()) {
            throw usage("say which pair by its ID, or which pairs by --kept, --dropped, --flipped or --quarantined");
        }
        if (!ids.isEmpty() && (rule != null || category != null || json || jsonl)) {
            throw usage("--rule, --category, --json and --jsonl go with --kept, --dropped, --flipped or --quarantined");
        }
        if (whyNot != null && ids.isEmpty()) {
            throw usage("--why-not needs the ID of a pair");
        }
        if (limit < 0) {
            throw usage("--limit must be 0 or more, not " + limit);
        }
        if (whyNot != null) {
            kind(whyNot);
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private Kind kind(String told) {
        return switch (told) {
            case "keep" -> Kind.KEEP;
            case "flip" -> Kind.FLIP;
            default -> throw usage("--why-not takes keep or flip, not " + told);
        };
    }

    private Set<VerdictKind> kinds() {
        Set<VerdictKind> kinds = EnumSet.noneOf(VerdictKind.class);
        if (kept) {
            kinds.add(VerdictKind.KEEP);
        }
        if (dropped) {
            kinds.add(VerdictKind.DISCARD);
            kinds.add(VerdictKind.REJECTED_INPUT);
        }
        if (flipped) {
            kinds.add(VerdictKind.FLIP);
        }
        if (quarantined) {
            kinds.add(VerdictKind.QUARANTINE);
        }
        return kinds;
    }

    private void many(OpenFolder system, Set<VerdictKind> kinds, PrintWriter to) throws IOException {
        Thresholds thresholds =
                DecisionSettings.of(PastRuns.of(system).decision()).rules().thresholds();
        ExplainMany many =
                new ExplainMany(system, thresholds, new ExplainMany.Wanted(kinds, rule, category, limit)).read();
        if (json) {
            many.json(to);
        } else if (jsonl) {
            many.jsonl(to);
        } else {
            many.print(to);
        }
    }

    private static @Nullable String find(OpenFolder system, String wanted, PrintWriter to) {
        Set<String> found = new TreeSet<>();
        List<RejectedInput> refused = new ArrayList<>();
        read(
                system,
                List.of(Topics.PAIRS, Topics.REJECTED_INPUT, Topics.CURATED_PAIRS, Topics.RECYCLED_PAIRS),
                (topic, key, value) -> {
                    switch (value) {
                        case Pair p
                        when p.getSourceId().equals(wanted)
                                || wanted.equals(p.getFile() + ":" + p.getLine())
                                || isPrefix(wanted, p.getPairId()) -> found.add(p.getPairId());
                        case CuratedPair c when isPrefix(wanted, c.getPairId()) -> found.add(c.getSourcePairId());
                        case RejectedInput r
                        when wanted.equals(r.getSourceId())
                                || wanted.equals(r.getPairId())
                                || wanted.equals(r.getFile() + ":" + r.getLine()) -> refused.add(r);
                        default -> {
                            // another pair
                        }
                    }
                });
        refused.forEach(row -> to.println(row.getFile() + " line " + row.getLine() + " was refused by rule "
                + row.getRule() + ": " + row.getReason()));
        if (found.size() > 1) {
            throw new UserError(wanted + " names " + found.size() + " pairs: " + String.join(", ", found));
        }
        if (found.isEmpty() && refused.isEmpty()) {
            throw new UserError("no pair and no row is called " + wanted
                    + ": give a pair_id or source_id as it stands in verdicts.jsonl, or FILE:LINE");
        }
        return found.isEmpty() ? null : found.iterator().next();
    }

    private static boolean isPrefix(String wanted, String id) {
        return wanted.length() >= 8 && id.startsWith(wanted);
    }

    private static void tell(OpenFolder system, String pairId, PrintWriter to) {
        List<Topic<?>> topics = Stream.concat(
                        Stream.<Topic<?>>of(
                                Topics.PAIRS,
                                Topics.CONTAMINATIONS,
                                Topics.NEAR_DUPLICATES,
                                Topics.PAIR_ATTRIBUTES,
                                Topics.TAG_ANSWERS,
                                Topics.HUMAN_ANNOTATIONS,
                                Topics.LABEL_REQUESTS,
                                Topics.JUDGE_ANSWERS,
                                Topics.JUDGE_VOTES,
                                Topics.LABELS,
                                Topics.EVALUATIONS,
                                Topics.PAIR_SCORES,
                                Topics.SELECTIONS,
                                Topics.VERDICTS),
                        Topics.STAGES.stream().map(Topics::deadLetters))
                .toList();
        Map<String, String> models = new HashMap<>();
        read(system, List.of(Topics.CHECKPOINTS), (name, key, value) -> models.put(key, model((Checkpoint) value)));
        for (Topic<?> topic : topics) {
            List<String> lines = new ArrayList<>();
            read(system, List.of(topic), (name, key, value) -> {
                if (key.equals(pairId)) {
                    lines.add(line(value, models));
                }
            });
            // A pair is written again when its mirror is found.
            (topic.equals(Topics.PAIRS) ? lines.reversed().stream().limit(1) : lines.stream()).forEach(to::println);
        }
        place(system, pairId, to);
    }

    /** Where the pair lies in an export: folder and split. */
    private static void place(OpenFolder system, String pairId, PrintWriter to) {
        Map<String, String> own = new HashMap<>();
        TreeMap<Long, Verdict> verdicts = new TreeMap<>();
        read(system, List.of(Topics.PAIRS, Topics.VERDICTS), (topic, key, value) -> {
            if (value instanceof Pair p && key.equals(pairId)) {
                own.put(pairId, p.getPromptGroup());
            } else if (value instanceof Verdict v && key.equals(pairId)) {
                verdicts.put(v.getRevision(), v);
            }
        });
        if (verdicts.isEmpty()) {
            to.println("export     nowhere: it has no verdict yet");
            return;
        }
        Verdict last = verdicts.lastEntry().getValue();
        if (last.getLabelSource() == null) {
            to.println("export     verdicts.jsonl alone");
            return;
        }
        boolean recycled = last.getVerdict() == VerdictKind.FLIP && !"human".equals(last.getLabelSource());
        to.println("export     " + (recycled ? "recycled" : "curated") + ", split "
                + (Exporter.outcome(system.installation(), system.wire())
                                .validation()
                                .contains(own.getOrDefault(pairId, ""))
                        ? "validation"
                        : "train")
                + ", label by " + last.getLabelSource());
    }

    private static String model(Checkpoint c) {
        String without = c.getFold() < 0
                ? ""
                : ", fold " + c.getFold() + (c.getOtherFold() < 0 ? "" : " and " + c.getOtherFold()) + " left out";
        return c.getFamily() + " of round " + c.getRound() + without + ", " + c.getTrainedOn() + " pairs ("
                + c.getCheckpointId().substring(0, 8) + ")";
    }

    private static String line(SpecificRecord value, Map<String, String> models) {
        return switch (value) {
            case Contamination c ->
                "benchmark  " + c.getBenchmark() + " item " + c.getItem() + " shares \"" + cut(c.getShared()) + "\"";
            case NearDuplicate d ->
                String.format(
                        Locale.ROOT,
                        "alike      %s of %s, similarity %.2f",
                        d.getKind().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                        d.getOtherPairId(),
                        d.getSimilarity());
            case Pair p ->
                "pair       " + p.getPairId() + "\n  from     " + p.getFile() + " line " + p.getLine() + ", id "
                        + p.getSourceId() + (p.getMirrorPairId() == null ? "" : "\n  mirror   " + p.getMirrorPairId())
                        + "\n  asked    " + cut(last(p.getHistory())) + "\n  chosen   " + cut(p.getChosen())
                        + "\n  rejected "
                        + cut(p.getRejected());
            case PairAttributes a ->
                "attributes " + a.getTaskCategory() + ", " + lower(a.getObjectivity()) + ", "
                        + lower(a.getControversiality()) + " controversiality; wanted: " + a.getDesiredAttributes()
                        + " (" + lower(a.getOrigin()) + ")"
                        + (a.getOrigin() == AttributeOrigin.HUMAN_EDITED
                                ? "\n  by       "
                                        + String.join("; ", a.getProvenance().getInputs())
                                : "");
            case HumanAnnotation h ->
                "person     " + (h.getAnnotator().isEmpty() ? "somebody" : h.getAnnotator()) + " "
                        + (h.getVerdict() == HumanVerdict.UNKNOWN ? "said nothing" : "said " + lower(h.getVerdict()))
                        + (h.getEdit() == null ? "" : " and corrected its attributes")
                        + (h.getAt() == null ? "" : " at " + h.getAt()) + ", " + h.getFile()
                        + " line "
                        + h.getLine();
            case LabelRequest r ->
                "fetched    in round " + r.getRound() + " by " + r.getStrategy()
                        + (r.getAnchors().isEmpty()
                                ? r.getSimilarity() == 0
                                        ? ""
                                        : String.format(Locale.ROOT, " (score %.3f)", r.getSimilarity())
                                : ", near gold pair " + String.join(", ", r.getAnchors())
                                        + String.format(Locale.ROOT, " (cosine %.3f)", r.getSimilarity()));
            case JudgeVote v ->
                "vote       " + v.getJudge() + (v.getModel() == null ? " (statistical)" : " " + v.getModel()) + ": "
                        + lower(v.getOutcome()) + String.format(Locale.ROOT, ", p %.3f", v.getP())
                        + (v.getProvenance().getRevision() == null
                                ? ""
                                : "\n  prompt   " + v.getProvenance().getRevision())
                        + (v.getProvenance().getCostUsd() == null
                                ? ""
                                : String.format(
                                        Locale.ROOT,
                                        "%n  cost     $%.6f",
                                        v.getProvenance().getCostUsd()))
                        + (v.getReason() == null ? "" : "\n  reason   " + cut(v.getReason()))
                        + (v.getError() == null ? "" : "\n  error    " + cut(v.getError()));
            case LlmAnswer a ->
                "answer     " + a.getModel() + ": " + cut(a.getText() == null ? "none, " + a.getError() : a.getText())
                        + "\n  tokens   " + a.getInputTokens() + " read, " + a.getOutputTokens() + " written"
                        + (a.getCostUsd() > 0 ? String.format(Locale.ROOT, ", $%.6f", a.getCostUsd()) : "");
            case Label l ->
                "label      " + lower(l.getKind()) + ": " + lower(l.getOutcome())
                        + String.format(Locale.ROOT, ", p %.3f", l.getPRight())
                        + (l.getPosterior() == null
                                ? ""
                                : String.format(Locale.ROOT, ", posterior %.3f", l.getPosterior()))
                        + ", round " + l.getRound()
                        + ", revision "
                        + l.getRevision();
            case Evaluation e ->
                "evaluated  in round " + e.getRound() + String.format(Locale.ROOT, ": margin %.3f", e.getMargin())
                        + (e.getCorrect() ? ", right" : ", wrong") + " by "
                        + models.getOrDefault(e.getCheckpoint(), e.getCheckpoint());
            case PairSelection s ->
                "selection  of run " + s.getRun() + ", topic " + s.getTopic()
                        + String.format(Locale.ROOT, ", agreement %.3f, margin %.3f: ", s.getAgreement(), s.getMargin())
                        + (s.getWhy() == null ? "picked, rank " + s.getRank() + " of its window" : s.getWhy());
            case PairScore s -> "scored     " + s.getRequestId() + scores(s, models);
            case Verdict v ->
                "verdict    " + lower(v.getVerdict()) + ", rule " + v.getRule() + ": " + v.getReason()
                        + "\n  p_right  " + number(v.getPRight()) + "  p_best " + number(v.getPBest()) + "  p_gold "
                        + number(v.getPGold()) + "  judges " + Objects.requireNonNullElse(v.getJudges(), "not asked")
                        + "\n  run      " + v.getRun() + ", revision " + v.getRevision();
            case DeadLetter d -> "died       in " + d.getStage() + ": " + d.getError();
            default -> value.toString();
        };
    }

    private static String scores(PairScore score, Map<String, String> models) {
        StringBuilder text = new StringBuilder();
        for (CheckpointScore s : score.getScores()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%n  margin   %8.4f by %s",
                    s.getMargin(),
                    models.getOrDefault(s.getCheckpoint(), s.getCheckpoint())));
        }
        return text.toString();
    }

    private static String last(List<Message> history) {
        return history.isEmpty() ? "" : history.getLast().getContent();
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String number(@Nullable Double value) {
        return value == null ? "none" : String.format(Locale.ROOT, "%.4f", value);
    }

    private static String cut(String text) {
        String flat = text.replaceAll("[\\p{Cntrl}]+", " ");
        return flat.length() <= MOST_CHARS ? flat : flat.substring(0, MOST_CHARS) + " ...";
    }

    private static void read(OpenFolder system, List<Topic<?>> topics, TopicReader.Sink sink) {
        try (TopicReader reader = new TopicReader(system.installation(), system.wire(), topics)) {
            reader.readToEnd(sink);
        }
    }
}
