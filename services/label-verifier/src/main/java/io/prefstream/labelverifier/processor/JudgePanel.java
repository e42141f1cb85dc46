package io.prefstream.labelverifier.processor;

import io.prefstream.core.judge.Judge;
import io.prefstream.core.stats.Hashes;
import io.prefstream.kit.stage.Store;
import io.prefstream.kit.stage.StoreSerdes;
import io.prefstream.kit.stage.Task;
import io.prefstream.kit.topic.Topics;
import io.prefstream.labelverifier.domain.Call;
import io.prefstream.labelverifier.domain.Injection;
import io.prefstream.labelverifier.domain.JudgePrompt;
import io.prefstream.labelverifier.domain.Judgement;
import io.prefstream.labelverifier.domain.Said;
import io.prefstream.labelverifier.domain.VerdictParser;
import io.prefstream.llm.domain.Prices;
import io.prefstream.wire.Cost;
import io.prefstream.wire.CostState;
import io.prefstream.wire.JudgeExample;
import io.prefstream.wire.JudgeStats;
import io.prefstream.wire.JudgeVote;
import io.prefstream.wire.Label;
import io.prefstream.wire.LabelOutcome;
import io.prefstream.wire.LabelRequest;
import io.prefstream.wire.LlmAnswer;
import io.prefstream.wire.LlmCall;
import io.prefstream.wire.Pair;
import io.prefstream.wire.PairAttributes;
import io.prefstream.wire.PairEmbedding;
import io.prefstream.wire.VoteProvenance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The LLM judges' part of the verifier: it quotes a price for every request, asks about those that the round controller
 * admits, and makes votes of the answers. The calls themselves are made beside the stream; here they are records.
 *
 * <p>A judge whose calls fail, or whose answers hold no verdict, has no vote. When no judge has one, the request ends as a dead
 * letter and the pair gets no label; a later run asks again, a few times.
 */
final class JudgePanel {

    /** What a request gets from the round controller once it is within the budget. */
    static final String ADMITTED = "admitted";

    static final Store<Pair> TEXTS = new Store<>("texts", StoreSerdes.avro(Pair.class), false);
    static final Store<PairAttributes> ATTRIBUTES =
            new Store<>("attributes", StoreSerdes.avro(PairAttributes.class), false);
    static final Store<PairEmbedding> EMBEDDINGS =
            new Store<>("embeddings", StoreSerdes.avro(PairEmbedding.class), false);

    /** The last answer to each call, by call id. */
    static final Store<LlmAnswer> ANSWERS = new Store<>("answers", StoreSerdes.avro(LlmAnswer.class), false);

    /** Attempt of each call that waits for its answer, by call id. */
    static final Store<Long> ATTEMPTS = new Store<>("attempts", Serdes.Long(), true);

    static final Store<LabelRequest> ASKED = new Store<>("asked", StoreSerdes.avro(LabelRequest.class), true);

    /** Votes that stand, by pair id and judge: they are never asked for again. */
    static final Store<JudgeVote> VOTED = new Store<>("voted", StoreSerdes.avro(JudgeVote.class), true);

    /** Every store of the panel. */
    static final List<Store<?>> STORES = List.of(
            TEXTS,
            ATTRIBUTES,
            EMBEDDINGS,
            Shots.EXAMPLES,
            ANSWERS,
            ATTEMPTS,
            ASKED,
            VOTED,
            Tally.STATS,
            PreVerifier.HALVES,
            PreVerifier.STATE,
            Canary.OPEN,
            Canary.ANSWERS);

    private static final String STAGE = "label-verifier";
    private static final int MOST_ATTEMPTS = 3;

    /** What comes of a panel's work on a pair. */
    interface Results {
        /** The pair's gold label; null when people have said nothing. */
        @Nullable
        Label gold(String pairId);

        /** A judge's vote. */
        void vote(JudgeVote vote);

        /** Judges' label of a pair that people have not labelled. */
        void silver(LabelRequest request, LabelOutcome outcome, int votes);

        /** No judge has a vote on the pair. */
        void unjudged(String pairId, String why);
    }

    private final Task task;
    private final Results results;
    private final List<Judge> judges;
    private final String configHash;
    private final KeyValueStore<String, Pair> texts;
    private final KeyValueStore<String, PairAttributes> attributes;
    private final KeyValueStore<String, PairEmbedding> embeddings;
    private final KeyValueStore<String, LlmAnswer> answers;
    private final KeyValueStore<String, Long> attempts;
    private final KeyValueStore<String, LabelRequest> asked;
    private final KeyValueStore<String, JudgeVote> voted;
    private final Shots shots;
    private final Tally tally;
    private final @Nullable PreVerifier preVerifier;
    private final Canary canary;

    JudgePanel(Task task, Results results, List<Judge> judges, boolean preVerifies) {
        this.task = task;
        this.results = results;
        this.judges = judges;
        this.configHash = configHash(judges);
        texts = task.store(TEXTS);
        attributes = task.store(ATTRIBUTES);
        embeddings = task.store(EMBEDDINGS);
        answers = task.store(ANSWERS);
        attempts = task.store(ATTEMPTS);
        asked = task.store(ASKED);
        voted = task.store(VOTED);
        shots = new Shots(task.store(Shots.EXAMPLES));
        tally = new Tally(task.store(Tally.STATS), task.partition());
        preVerifier = preVerifies ? new PreVerifier(task, judges.getFirst()) : null;
        canary = new Canary(task, results, judges);
    }

    private static String configHash(List<Judge> judges) {
        Map<String, String> settings = new TreeMap<>();
        for (Judge judge : judges) {
            settings.put(
                    judge.name(),
                    judge.model() + " " + judge.samples() + " " + judge.temperature() + " " + judge.maxOutputTokens()
                            + " " + judge.check());
        }
        return Hashes.ofSettings(settings);
    }

    // Facts about the pair

    void pair(Pair pair) {
        texts.put(pair.getPairId(), pair);
        whole(pair.getPairId());
    }

    void attributes(PairAttributes tags) {
        attributes.put(tags.getPairId(), tags);
        whole(tags.getPairId());
    }

    private void whole(String pairId) {
        example(pairId);
        if (preVerifier != null) {
            preVerifier.quote(pairId);
        }
    }

    void embedding(PairEmbedding embedding) {
        embeddings.put(embedding.getPairId(), embedding);
        example(embedding.getPairId());
    }

    void gold(String pairId) {
        example(pairId);
    }

    /** Tells every task of a pair that people have judged, once all of it is here. */
    private void example(String pairId) {
        Label label = results.gold(pairId);
        Pair pair = texts.get(pairId);
        PairAttributes tags = attributes.get(pairId);
        PairEmbedding embedding = embeddings.get(pairId);
        if (label != null && pair != null && tags != null && embedding != null) {
            task.emitToAll(Topics.JUDGE_EXAMPLES, pairId, Shots.example(label, pair, tags, embedding));
        }
    }

    void example(JudgeExample example) {
        shots.put(example);
    }

    // Requests

    void request(LabelRequest request) {
        String pairId = request.getPairId();
        if (request.getStrategy().equals(PreVerifier.STRATEGY)) {
            if (preVerifier != null) {
                preVerifier.request(pairId);
            }
            return;
        }
        if (request.getStrategy().equals(Canary.STRATEGY)) {
            String occasion = Canary.occasion(request);
            canary.ask(request, calls(pairId, occasion).orElse(List.of()));
            return;
        }
        if (due(request).stream().allMatch(judge -> voted.get(key(pairId, judge)) != null)) {
            return; // a recorded vote is used again, never asked for twice
        }
        if (request.getStrategy().equals(ADMITTED)) {
            ask(request);
        } else {
            quote(request);
        }
    }

    /** The judges that a request is for: those that it names, else all. */
    private List<Judge> due(LabelRequest request) {
        List<String> named = request.getJudges();
        return judges.stream()
                .filter(judge -> named.isEmpty() || named.contains(judge.name()))
                .toList();
    }

    private void quote(LabelRequest request) {
        String pairId = request.getPairId();
        Optional<List<LlmCall>> calls = calls(pairId, "");
        Optional<String> injection = injection(pairId);
        if (calls.isEmpty() || injection.isPresent()) {
            String why = injection
                    .map(words -> "injection: an answer speaks to its judge, \"" + words + "\"")
                    .orElse("too-long: a question about it would have more than " + JudgePrompt.LONGEST
                            + " characters");
            for (Judge judge : judges) {
                Judgement none = new Judgement(judge, LabelOutcome.UNDECIDED, why, null, false, false, 0, false);
                vote(request, none, List.of());
            }
            results.unjudged(pairId, why);
            return;
        }
        double worst = 0;
        for (Judge judge : judges) {
            for (LlmCall call : calls.get()) {
                worst += call.getJudge().equals(judge.name())
                        ? Prices.of(judge).worst(call.getSystem(), call.getUser(), judge.maxOutputTokens())
                        : 0;
            }
        }
        cost(new Cost(pairId, "", worst, 0L, 0L, CostState.RESERVED), pairId);
    }

    private Optional<String> injection(String pairId) {
        Pair pair = texts.get(pairId);
        return Injection.in(pair.getChosen(), pair.getRejected());
    }

    private void ask(LabelRequest request) {
        String pairId = request.getPairId();
        if (asked.get(pairId) != null) {
            return;
        }
        List<String> voteless = due(request).stream()
                .filter(judge -> voted.get(key(pairId, judge)) == null)
                .map(Judge::name)
                .toList();
        boolean open = false;
        for (LlmCall call : calls(pairId, "").orElse(List.of())) {
            LlmAnswer known = answers.get(call.getCallId());
            if (voteless.contains(call.getJudge()) && (known == null || isFlawed(known))) {
                int attempt = known == null ? 0 : known.getAttempt() + 1;
                attempts.put(call.getCallId(), (long) attempt);
                call.setAttempt(attempt);
                task.emit(Topics.JUDGE_CALLS, pairId, call);
                open = true;
            }
        }
        if (open) {
            asked.put(pairId, request);
            task.later();
        } else {
            settle(request);
        }
    }

    private static boolean isFlawed(LlmAnswer answer) {
        String text = answer.getText();
        return answer.getError() != null
                || text == null
                || VerdictParser.parse(text).said() == Said.UNREADABLE;
    }

    /** The calls about a pair; empty when its question is too long. */
    private Optional<List<LlmCall>> calls(String pairId, String occasion) {
        Pair pair = texts.get(pairId);
        PairAttributes tags = attributes.get(pairId);
        PairEmbedding embedding = embeddings.get(pairId);
        if (pair == null || tags == null || embedding == null) {
            throw new IllegalStateException("a pair is to be judged before all of it is here");
        }
        return Questions.all(judges, pair, tags, shots.nearest(pairId, embedding.getVector()), occasion);
    }

    // Answers

    void answer(LlmAnswer answer) {
        if ((preVerifier != null && preVerifier.answer(answer)) || canary.answer(answer)) {
            return;
        }
        Long attempt = attempts.get(answer.getCallId());
        if (attempt == null || answer.getAttempt() < attempt) {
            return; // a repeated answer
        }
        attempts.delete(answer.getCallId());
        answers.put(answer.getCallId(), answer);
        String judge = answer.getJudge();
        if (answer.getText() != null) {
            cost(answer.getPairId(), judge, answer);
        }
        tally.answered(judge, answer);
        LabelRequest request = asked.get(answer.getPairId());
        if (request != null && isComplete(request.getPairId())) {
            asked.delete(request.getPairId());
            settle(request);
            task.done(Topics.LABEL_REQUESTS.name(), 1);
        }
    }

    private boolean isComplete(String pairId) {
        return judges.stream()
                .flatMap(judge -> Call.all(pairId, judge).stream())
                .allMatch(call -> attempts.get(call.id()) == null);
    }

    private void settle(LabelRequest request) {
        String pairId = request.getPairId();
        Pair pair = texts.get(pairId);
        List<Judge> due = due(request);
        List<Judgement> judgements = new ArrayList<>();
        for (Judge judge : judges) {
            if (!due.contains(judge) && voted.get(key(pairId, judge)) == null) {
                continue;
            }
            List<Call> calls = Call.all(pairId, judge);
            Map<String, LlmAnswer> known = new HashMap<>();
            List<LlmAnswer> all = new ArrayList<>();
            for (Call call : calls) {
                LlmAnswer answer = answers.get(call.id());
                if (answer != null) {
                    known.put(call.id(), answer);
                    all.add(answer);
                }
            }
            Judgement judgement = Judgement.of(judge, calls, known, pair.getExtra());
            judgements.add(judgement);
            if (voted.get(key(pairId, judge)) == null) {
                vote(request, judgement, all);
                JudgeStats stats = tally.count(judgement, pair, results.gold(pairId));
                task.emit(Topics.JUDGE_STATS, judge.name() + "/" + stats.getPartition(), stats);
            }
        }
        List<Judgement> votes = judgements.stream()
                .filter(judgement -> judgement.error() == null)
                .toList();
        if (votes.isEmpty()) {
            results.unjudged(pairId, String.valueOf(judgements.getFirst().error()));
        } else {
            results.silver(request, Judgement.majority(votes), votes.size());
        }
    }

    private void vote(LabelRequest request, Judgement judgement, List<LlmAnswer> calls) {
        String pairId = request.getPairId();
        Judge judge = judgement.judge();
        LabelOutcome outcome = judgement.outcome();
        double usd = calls.stream().mapToDouble(LlmAnswer::getCostUsd).sum();
        long in = calls.stream().mapToLong(LlmAnswer::getInputTokens).sum();
        long out = calls.stream().mapToLong(LlmAnswer::getOutputTokens).sum();
        JudgeVote vote = JudgeVote.newBuilder()
                .setPairId(pairId)
                .setCallId(judge.name() + "/" + JudgePrompt.VERSION + "/" + pairId)
                .setJudge(judge.name())
                .setModel(calls.isEmpty() ? judge.model() : calls.getFirst().getModel())
                .setRound(request.getRound())
                .setOutcome(outcome)
                .setP(outcome == LabelOutcome.CHOSEN ? 1 : outcome == LabelOutcome.REJECTED ? 0 : 0.5)
                .setFoldP(List.of())
                .setReason(judgement.reason())
                .setExamples(List.of())
                .setError(judgement.error())
                .setOwnFamily(judgement.ownFamily())
                .setInputTokens(in)
                .setOutputTokens(out)
                .setProvenance(VoteProvenance.newBuilder()
                        .setStage(STAGE)
                        .setStageVersion("1")
                        .setConfigHash(configHash)
                        .setInputs(calls.stream().map(LlmAnswer::getCallId).toList())
                        .setRevision(JudgePrompt.VERSION)
                        .setCostUsd(usd)
                        .build())
                .build();
        boolean askedEnough =
                calls.isEmpty() || calls.stream().anyMatch(answer -> answer.getAttempt() + 1 >= MOST_ATTEMPTS);
        if (judgement.error() == null || askedEnough) {
            voted.put(key(pairId, judge), vote);
        }
        results.vote(vote);
    }

    private static String key(String pairId, Judge judge) {
        return pairId + "/" + judge.name();
    }

    private void cost(String pairId, String judge, LlmAnswer answer) {
        cost(
                new Cost(
                        answer.getCallId(),
                        judge,
                        answer.getCostUsd(),
                        answer.getInputTokens(),
                        answer.getOutputTokens(),
                        CostState.SPENT),
                pairId);
    }

    private void cost(Cost cost, String pairId) {
        task.emit(Topics.COSTS, pairId, cost);
    }
}
