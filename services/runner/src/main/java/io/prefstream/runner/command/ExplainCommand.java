package io.prefstream.runner.command;

import io.prefstream.kit.config.UserError;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import io.prefstream.runner.app.OpenFolder;
import io.prefstream.wire.AttributeOrigin;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointScore;
import io.prefstream.wire.Contamination;
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
import io.prefstream.wire.RejectedInput;
import io.prefstream.wire.Verdict;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells the story of one pair. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = "Tells the whole story of one pair: where it came from, every label, vote, score and verdict.")
final class ExplainCommand implements Callable<Integer> {

    private static final int MOST_CHARS = 600;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private DataFolderOption data = new DataFolderOption();

    @Parameters(paramLabel = "PAIR_ID", description = "A pair id, its first 8 or more digits, or a row's own id.")
    @SuppressWarnings("NullAway.Init")
    private String wanted;

    @Override
    public Integer call() {
        PrintWriter to = spec.commandLine().getOut();
        try (OpenFolder system = data.open()) {
            String pairId = find(system, to);
            if (pairId != null) {
                tell(system, pairId, to);
            }
        }
        to.flush();
        return 0;
    }

    private @Nullable String find(OpenFolder system, PrintWriter to) {
        List<String> ids = new ArrayList<>();
        List<RejectedInput> refused = new ArrayList<>();
        read(system, List.of(Topics.PAIRS, Topics.REJECTED_INPUT), (topic, key, value) -> {
            if (value instanceof Pair pair
                    && (pair.getSourceId().equals(wanted)
                            || (wanted.length() >= 8 && pair.getPairId().startsWith(wanted)))
                    && !ids.contains(pair.getPairId())) {
                ids.add(pair.getPairId());
            }
            if (value instanceof RejectedInput row
                    && (wanted.equals(row.getSourceId()) || wanted.equals(row.getPairId()))) {
                refused.add(row);
            }
        });
        refused.forEach(row -> to.println(row.getFile() + " line " + row.getLine() + " was refused by rule "
                + row.getRule() + ": " + row.getReason()));
        if (ids.size() > 1) {
            throw new UserError(wanted + " names " + ids.size() + " pairs: " + String.join(", ", ids));
        }
        if (ids.isEmpty() && refused.isEmpty()) {
            throw new UserError("no pair and no row is called " + wanted
                    + ": give a pair_id or source_id as it stands in verdicts.jsonl");
        }
        return ids.isEmpty() ? null : ids.getFirst();
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
                                Topics.VERDICTS),
                        Topics.STAGES.stream().map(Topics::deadLetters))
                .toList();
        Map<String, String> models = new HashMap<>();
        read(system, List.of(Topics.CHECKPOINTS), (name, key, value) -> models.put(key, model((Checkpoint) value)));
        for (Topic<?> topic : topics) {
            read(system, List.of(topic), (name, key, value) -> {
                if (key.equals(pairId)) {
                    to.println(line(value, models));
                }
            });
        }
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
