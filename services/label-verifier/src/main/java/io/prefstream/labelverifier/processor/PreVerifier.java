package io.prefstream.labelverifier.processor;

import io.prefstream.core.judge.Judge;
import io.prefstream.core.pair.Message;
import io.prefstream.kit.stage.Store;
import io.prefstream.kit.stage.StoreSerdes;
import io.prefstream.kit.stage.Task;
import io.prefstream.kit.topic.Topics;
import io.prefstream.labelverifier.domain.VerifyPrompt;
import io.prefstream.llm.domain.Prices;
import io.prefstream.wire.Cost;
import io.prefstream.wire.CostState;
import io.prefstream.wire.LlmAnswer;
import io.prefstream.wire.LlmCall;
import io.prefstream.wire.Objectivity;
import io.prefstream.wire.Pair;
import io.prefstream.wire.PairAttributes;
import io.prefstream.wire.PreVerification;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Has the first judge say, for objective pairs that people will be asked about, whether each answer alone is correct. It quotes
 * every objective pair, and asks about those that the round controller admits. What it finds is shown to people, and no vote.
 */
final class PreVerifier {

    /** What a request of the round controller has as its strategy. */
    static final String STRATEGY = "pre-verify";

    /** Answers of a pair whose other answer is yet to come, by call id. */
    static final Store<LlmAnswer> HALVES = new Store<>("verify-halves", StoreSerdes.avro(LlmAnswer.class), true);

    /** Pairs that were asked about: "asked", then "done". */
    static final Store<String> STATE = new Store<>("verify-state", Serdes.String(), true);

    private static final String COST = "verify/";

    private final Task task;
    private final Judge judge;
    private final KeyValueStore<String, Pair> texts;
    private final KeyValueStore<String, PairAttributes> attributes;
    private final KeyValueStore<String, LlmAnswer> halves;
    private final KeyValueStore<String, String> state;

    PreVerifier(Task task, Judge judge) {
        this.task = task;
        this.judge = judge;
        texts = task.store(JudgePanel.TEXTS);
        attributes = task.store(JudgePanel.ATTRIBUTES);
        halves = task.store(HALVES);
        state = task.store(STATE);
    }

    /** Quotes a pair once its text and its attributes are here, if it is objective. */
    void quote(String pairId) {
        Pair pair = texts.get(pairId);
        PairAttributes tags = attributes.get(pairId);
        if (pair == null
                || tags == null
                || tags.getObjectivity() != Objectivity.OBJECTIVE
                || state.get(pairId) != null) {
            return;
        }
        double worst = 0;
        for (LlmCall call : calls(pair)) {
            worst += Prices.of(judge).worst(call.getSystem(), call.getUser(), judge.maxOutputTokens());
        }
        state.put(pairId, "quoted");
        task.emit(Topics.COSTS, pairId, new Cost(COST + pairId, judge.name(), worst, 0L, 0L, CostState.RESERVED));
    }

    void request(String pairId) {
        Pair pair = texts.get(pairId);
        if (pair == null || !"quoted".equals(state.get(pairId))) {
            return; // asked about before
        }
        calls(pair).forEach(call -> task.emit(Topics.JUDGE_CALLS, pairId, call));
        state.put(pairId, "asked");
        task.later();
    }

    /** Takes an answer; false when it is not to one of these questions. */
    boolean answer(LlmAnswer answer) {
        String pairId = answer.getPairId();
        String ofChosen = VerifyPrompt.callId(pairId, judge, true);
        String ofRejected = VerifyPrompt.callId(pairId, judge, false);
        String callId = answer.getCallId();
        if (!callId.equals(ofChosen) && !callId.equals(ofRejected)) {
            return false;
        }
        if (!"asked".equals(state.get(pairId))) {
            return true; // a repeated answer
        }
        halves.put(callId, answer);
        LlmAnswer chosen = halves.get(ofChosen);
        LlmAnswer rejected = halves.get(ofRejected);
        if (chosen != null && rejected != null) {
            halves.delete(ofChosen);
            halves.delete(ofRejected);
            state.put(pairId, "done");
            settle(pairId, chosen, rejected);
            task.done(Topics.LABEL_REQUESTS.name(), 1);
        }
        return true;
    }

    private void settle(String pairId, LlmAnswer chosen, LlmAnswer rejected) {
        boolean mustCheck = judge.check().equals("on");
        VerifyPrompt.Finding first = finding(chosen, mustCheck);
        VerifyPrompt.Finding second = finding(rejected, mustCheck);
        for (LlmAnswer answer : List.of(chosen, rejected)) {
            if (answer.getText() != null) {
                task.emit(
                        Topics.COSTS,
                        pairId,
                        new Cost(
                                answer.getCallId(),
                                judge.name(),
                                answer.getCostUsd(),
                                answer.getInputTokens(),
                                answer.getOutputTokens(),
                                CostState.SPENT));
            }
        }
        task.emit(
                Topics.PRE_VERIFICATIONS,
                pairId,
                PreVerification.newBuilder()
                        .setPairId(pairId)
                        .setJudge(judge.name())
                        .setModel(chosen.getModel())
                        .setChosen(first.correctness())
                        .setChosenReason(first.reason())
                        .setRejected(second.correctness())
                        .setRejectedReason(second.reason())
                        .setCallIds(List.of(chosen.getCallId(), rejected.getCallId()))
                        .setCostUsd(chosen.getCostUsd() + rejected.getCostUsd())
                        .build());
    }

    private static VerifyPrompt.Finding finding(LlmAnswer answer, boolean mustCheck) {
        return VerifyPrompt.parse(answer.getError() == null ? answer.getText() : null, answer.getCallId(), mustCheck);
    }

    private List<LlmCall> calls(Pair pair) {
        return List.of(call(pair, true), call(pair, false));
    }

    private LlmCall call(Pair pair, boolean ofChosen) {
        String id = VerifyPrompt.callId(pair.getPairId(), judge, ofChosen);
        List<Message> history = pair.getHistory().stream()
                .map(turn -> new Message(turn.getRole(), turn.getContent()))
                .toList();
        return LlmCall.newBuilder()
                .setCallId(id)
                .setPairId(pair.getPairId())
                .setPurpose("pre-verify")
                .setModel(judge.model())
                .setJudge(judge.name())
                .setPromptVersion(VerifyPrompt.VERSION)
                .setSystem(VerifyPrompt.system())
                .setUser(VerifyPrompt.user(history, ofChosen ? pair.getChosen() : pair.getRejected(), id))
                .setAnswerSchema(VerifyPrompt.SCHEMA)
                .build();
    }
}
