package io.prefstream.labelverifier.processor;

import io.prefstream.core.judge.Judge;
import io.prefstream.core.pair.Message;
import io.prefstream.core.protocol.Protocol;
import io.prefstream.core.stats.Hashes;
import io.prefstream.labelverifier.domain.Call;
import io.prefstream.labelverifier.domain.JudgePrompt;
import io.prefstream.wire.JudgeExample;
import io.prefstream.wire.LabelOutcome;
import io.prefstream.wire.LlmCall;
import io.prefstream.wire.Pair;
import io.prefstream.wire.PairAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Makes the questions about a pair. Stateless. */
final class Questions {

    private Questions() {}

    /**
     * The calls that a pair takes of all judges, in the order of the judges; empty when its question is too long.
     *
     * @param occasion tells one time from another; empty the first time
     */
    static Optional<List<LlmCall>> all(
            List<Judge> judges, Pair pair, PairAttributes tags, List<JudgeExample> examples, String occasion) {
        String pairId = pair.getPairId();
        List<JudgePrompt.Example> shots = examples.stream()
                .map(e -> new JudgePrompt.Example(
                        new JudgePrompt.Shown(
                                e.getHistory().stream()
                                        .map(m -> new Message(m.getRole(), m.getContent()))
                                        .toList(),
                                e.getChosen(),
                                e.getRejected(),
                                e.getAttributes(),
                                ""),
                        e.getOutcome() == LabelOutcome.CHOSEN,
                        (Hashes.of(0, "example-order", pairId + e.getPairId()) & 1) == 0))
                .toList();
        JudgePrompt.Shown target = new JudgePrompt.Shown(
                pair.getHistory().stream()
                        .map(m -> new Message(m.getRole(), m.getContent()))
                        .toList(),
                pair.getChosen(),
                pair.getRejected(),
                words(tags),
                Protocol.guidance(
                        tags.getTaskCategory(), lower(tags.getObjectivity()), lower(tags.getControversiality())));
        List<String> shown = examples.stream().map(JudgeExample::getPairId).toList();
        List<LlmCall> calls = new ArrayList<>();
        for (Judge judge : judges) {
            for (Call call : Call.all(pairId, judge, occasion)) {
                String user = JudgePrompt.user(shots, target, call.chosenFirst(), call.mark(), call.checkWord());
                if (user.length() > JudgePrompt.LONGEST) {
                    return Optional.empty();
                }
                calls.add(LlmCall.newBuilder()
                        .setCallId(call.id())
                        .setPairId(pairId)
                        .setPurpose("judge")
                        .setModel(judge.model())
                        .setJudge(judge.name())
                        .setPromptVersion(JudgePrompt.VERSION)
                        .setSystem(JudgePrompt.system())
                        .setUser(user)
                        .setAnswerSchema(JudgePrompt.SCHEMA)
                        .setSample(call.sample())
                        .setExamples(shown)
                        .build());
            }
        }
        return Optional.of(calls);
    }

    /** Attributes as a judge reads them, one a line. */
    static String words(PairAttributes tags) {
        return "Task: " + tags.getTaskCategory()
                + "\nObjectivity: " + lower(tags.getObjectivity())
                + "\nControversiality: " + lower(tags.getControversiality())
                + "\nDesired attributes: " + tags.getDesiredAttributes()
                + "\nGuideline: " + tags.getAnnotationGuideline() + "\n";
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
