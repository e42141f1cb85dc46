package io.prefstream.labelverifier.processor;

import io.prefstream.core.judge.Judge;
import io.prefstream.kit.stage.Store;
import io.prefstream.kit.stage.StoreSerdes;
import io.prefstream.kit.stage.Task;
import io.prefstream.kit.topic.Topics;
import io.prefstream.labelverifier.domain.Call;
import io.prefstream.labelverifier.domain.Judgement;
import io.prefstream.wire.CanaryOutcome;
import io.prefstream.wire.Cost;
import io.prefstream.wire.CostState;
import io.prefstream.wire.JudgeCanary;
import io.prefstream.wire.JudgeVote;
import io.prefstream.wire.Label;
import io.prefstream.wire.LabelOutcome;
import io.prefstream.wire.LabelRequest;
import io.prefstream.wire.LlmAnswer;
import io.prefstream.wire.LlmCall;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Asks judges once more about pairs that they have judged, and tells what they said before, what they say now and what people
 * say. An endpoint that serves another model under the same name shows there. The new answers are no votes.
 */
final class Canary {

    /** What a request of the round controller has as its strategy. */
    static final String STRATEGY = "canary";

    /** Requests that wait for answers, by pair id. */
    static final Store<LabelRequest> OPEN = new Store<>("canary-open", StoreSerdes.avro(LabelRequest.class), true);

    /** Their answers so far, by call id. */
    static final Store<LlmAnswer> ANSWERS = new Store<>("canary-answers", StoreSerdes.avro(LlmAnswer.class), true);

    private static final String RUN = "run-";

    private final Task task;
    private final JudgePanel.Results results;
    private final List<Judge> judges;
    private final KeyValueStore<String, LabelRequest> open;
    private final KeyValueStore<String, LlmAnswer> answers;
    private final KeyValueStore<String, JudgeVote> voted;

    Canary(Task task, JudgePanel.Results results, List<Judge> judges) {
        this.task = task;
        this.results = results;
        this.judges = judges;
        open = task.store(OPEN);
        answers = task.store(ANSWERS);
        voted = task.store(JudgePanel.VOTED);
    }

    /** What tells the calls of a request from those of other runs. */
    static String occasion(LabelRequest request) {
        return "/canary-" + run(request);
    }

    private static int run(LabelRequest request) {
        return request.getProvenance().getInputs().stream()
                .filter(input -> input.startsWith(RUN))
                .mapToInt(input -> Integer.parseInt(input.substring(RUN.length())))
                .findFirst()
                .orElse(0);
    }

    void ask(LabelRequest request, List<LlmCall> calls) {
        if (calls.isEmpty() || open.get(request.getPairId()) != null) {
            return;
        }
        calls.forEach(call -> task.emit(Topics.JUDGE_CALLS, request.getPairId(), call));
        open.put(request.getPairId(), request);
        task.later();
    }

    /** Takes an answer; false when it is not to one of these calls. */
    boolean answer(LlmAnswer answer) {
        String pairId = answer.getPairId();
        LabelRequest request = open.get(pairId);
        if (request == null) {
            return false;
        }
        Map<String, LlmAnswer> known = new HashMap<>();
        boolean isOurs = false;
        int due = 0;
        for (Judge judge : judges) {
            for (Call call : Call.all(pairId, judge, occasion(request))) {
                due++;
                isOurs |= call.id().equals(answer.getCallId());
                LlmAnswer given = call.id().equals(answer.getCallId()) ? answer : answers.get(call.id());
                if (given != null) {
                    known.put(call.id(), given);
                }
            }
        }
        if (isOurs) {
            answers.put(answer.getCallId(), answer);
            if (answer.getText() != null) {
                cost(answer);
            }
            if (known.size() == due) {
                open.delete(pairId);
                known.keySet().forEach(answers::delete);
                judges.forEach(judge -> tell(judge, request, known));
                task.done(Topics.LABEL_REQUESTS.name(), 1);
            }
        }
        return isOurs;
    }

    private void tell(Judge judge, LabelRequest request, Map<String, LlmAnswer> known) {
        String pairId = request.getPairId();
        List<Call> calls = Call.all(pairId, judge, occasion(request));
        Judgement now = Judgement.of(judge, calls, known, Map.of());
        JudgeVote before = voted.get(pairId + "/" + judge.name());
        Label gold = results.gold(pairId);
        task.emit(
                Topics.JUDGE_CANARIES,
                pairId,
                JudgeCanary.newBuilder()
                        .setPairId(pairId)
                        .setJudge(judge.name())
                        .setRun(run(request))
                        .setBefore(outcome(before == null ? null : before.getOutcome()))
                        .setNow(outcome(now.error() == null ? now.outcome() : null))
                        .setGold(outcome(gold == null ? null : gold.getOutcome()))
                        .setCallIds(calls.stream().map(Call::id).toList())
                        .build());
    }

    private static CanaryOutcome outcome(@Nullable LabelOutcome outcome) {
        return outcome == null ? CanaryOutcome.UNKNOWN : CanaryOutcome.valueOf(outcome.name());
    }

    private void cost(LlmAnswer answer) {
        task.emit(
                Topics.COSTS,
                answer.getPairId(),
                new Cost(
                        answer.getCallId(),
                        answer.getJudge(),
                        answer.getCostUsd(),
                        answer.getInputTokens(),
                        answer.getOutputTokens(),
                        CostState.SPENT));
    }
}
