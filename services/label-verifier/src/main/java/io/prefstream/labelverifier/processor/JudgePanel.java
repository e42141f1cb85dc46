package io.prefstream.labelverifier.processor;

import io.prefstream.core.pair.Message;
import io.prefstream.core.stats.Hashes;
import io.prefstream.kit.stage.Store;
import io.prefstream.kit.stage.StoreSerdes;
import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import io.prefstream.labelverifier.domain.Call;
import io.prefstream.labelverifier.domain.JudgePrompt;
import io.prefstream.labelverifier.domain.Said;
import io.prefstream.labelverifier.domain.SelfConsistency;
import io.prefstream.labelverifier.domain.VerdictParser;
import io.prefstream.llm.domain.LlmSettings;
import io.prefstream.wire.Cost;
import io.prefstream.wire.CostState;
import io.prefstream.wire.ExampleMessage;
import io.prefstream.wire.JudgeExample;
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
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The LLM judges' part of the verifier: it quotes a price for every request, asks about those that the round controller
 * admits, and makes votes of the answers. The calls themselves are made beside the stream; here they are records.
 *
 * <p>Every pair that people have decided is broadcast as an example, so each task can show a judge the nearest of all.
 */
final class JudgePanel {

    /** What a request gets from the round controller once it is within the budget. */
    static final String ADMITTED = "admitted";

    static final Store<Pair> TEXTS = new Store<>("texts", StoreSerdes.avro(Pair.class), false);
    static final Store<PairAttributes> ATTRIBUTES =
            new Store<>("attributes", StoreSerdes.avro(PairAttributes.class), false);
    static final Store<PairEmbedding> EMBEDDINGS =
            new Store<>("embeddings", StoreSerdes.avro(PairEmbedding.class), false);
    static final Store<JudgeExample> EXAMPLES = new Store<>("examples", StoreSerdes.avro(JudgeExample.class), true);
    static final Store<LlmAnswer> ANSWERS = new Store<>("answers", StoreSerdes.avro(LlmAnswer.class), false);
    static final Store<LabelRequest> ASKED = new Store<>("asked", StoreSerdes.avro(LabelRequest.class), true);
    static final Store<JudgeVote> VOTED = new Store<>("voted", StoreSerdes.avro(JudgeVote.class), true);

    private static final int SHOTS = 8;
    private static final String STAGE = "label-verifier";

    /** What the panel does through its processor. */
    interface Way {
        void emit(Topic<?> topic, String key, SpecificRecord value);

        void emitToAll(Topic<?> topic, String key, SpecificRecord value);

        /** The request in hand waits for answers. */
        void later();

        /** A request has all its answers. */
        void done();

        /** The pair's gold label; null when people have said nothing. */
        @Nullable
        Label gold(String pairId);

        /** Judges' label of a pair that people have not labelled. */
        void silver(LabelRequest request, LabelOutcome outcome, int votes);
    }

    private final Way way;
    private final LlmSettings settings;
    private final String configHash;
    private final KeyValueStore<String, Pair> texts;
    private final KeyValueStore<String, PairAttributes> attributes;
    private final KeyValueStore<String, PairEmbedding> embeddings;
    private final KeyValueStore<String, JudgeExample> examples;
    private final KeyValueStore<String, LlmAnswer> answers;
    private final KeyValueStore<String, LabelRequest> asked;
    private final KeyValueStore<String, JudgeVote> voted;

    /** Gives the panel its stores. */
    interface Stores {
        <V> KeyValueStore<String, V> get(Store<V> store);
    }

    JudgePanel(Way way, Stores stores, LlmSettings settings) {
        this.way = way;
        this.settings = settings;
        this.configHash = Hashes.ofSettings(Map.of(
                "models", String.join(",", settings.models()),
                "samples", Integer.toString(settings.samples()),
                "temperature", String.valueOf(settings.temperature()),
                "max-output-tokens", Integer.toString(settings.maxOutputTokens())));
        texts = stores.get(TEXTS);
        attributes = stores.get(ATTRIBUTES);
        embeddings = stores.get(EMBEDDINGS);
        examples = stores.get(EXAMPLES);
        answers = stores.get(ANSWERS);
        asked = stores.get(ASKED);
        voted = stores.get(VOTED);
    }

    // Facts about the pair

    void pair(Pair pair) {
        texts.put(pair.getPairId(), pair);
        example(pair.getPairId());
    }

    void attributes(PairAttributes tags) {
        attributes.put(tags.getPairId(), tags);
        example(tags.getPairId());
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
        Label label = way.gold(pairId);
        Pair pair = texts.get(pairId);
        PairAttributes tags = attributes.get(pairId);
        PairEmbedding embedding = embeddings.get(pairId);
        if (label == null || pair == null || tags == null || embedding == null) {
            return;
        }
        JudgeExample example = JudgeExample.newBuilder()
                .setPairId(pairId)
                .setOutcome(label.getOutcome())
                .setHistory(pair.getHistory().stream()
                        .map(m -> new ExampleMessage(m.getRole(), m.getContent()))
                        .toList())
                .setChosen(pair.getChosen())
                .setRejected(pair.getRejected())
                .setAttributes(words(tags))
                .setVector(embedding.getVector().duplicate())
                .build();
        way.emitToAll(Topics.JUDGE_EXAMPLES, pairId, example);
    }

    void example(JudgeExample example) {
        examples.put(example.getPairId(), example);
    }

    // Requests

    void request(LabelRequest request) {
        String pairId = request.getPairId();
        if (settings.models().stream().allMatch(model -> voted.get(pairId + "/" + model) != null)) {
            return; // a recorded vote is used again, never asked for twice
        }
        if (request.getStrategy().equals(ADMITTED)) {
            ask(request);
        } else {
            quote(request);
        }
    }

    private void quote(LabelRequest request) {
        Optional<List<LlmCall>> calls = calls(request.getPairId());
        if (calls.isEmpty()) {
            for (String model : settings.models()) {
                vote(
                        request,
                        model,
                        LabelOutcome.UNDECIDED,
                        List.of(),
                        "too-long: a question about it would have more than " + JudgePrompt.LONGEST + " characters");
            }
            return;
        }
        double worst = calls.get().stream()
                .mapToDouble(c -> settings.prices().worst(c.getSystem(), c.getUser(), settings.maxOutputTokens()))
                .sum();
        cost(request.getPairId(), worst, 0, 0, CostState.RESERVED);
    }

    private void ask(LabelRequest request) {
        String pairId = request.getPairId();
        if (asked.get(pairId) != null) {
            return;
        }
        boolean open = false;
        for (LlmCall call : calls(pairId).orElse(List.of())) {
            LlmAnswer known = answers.get(call.getCallId());
            if (known == null || known.getError() != null) {
                answers.delete(call.getCallId());
                way.emit(Topics.JUDGE_CALLS, pairId, call);
                open = true;
            }
        }
        if (open) {
            asked.put(pairId, request);
            way.later();
        } else {
            settle(request);
        }
    }

    /** The calls about a pair; empty when its question is too long. */
    private Optional<List<LlmCall>> calls(String pairId) {
        Pair pair = texts.get(pairId);
        PairAttributes tags = attributes.get(pairId);
        PairEmbedding embedding = embeddings.get(pairId);
        if (pair == null || tags == null || embedding == null) {
            throw new IllegalStateException("a pair is to be judged before all of it is here");
        }
        List<JudgeExample> shown = nearest(pairId, embedding.getVector());
        List<JudgePrompt.Example> shots = shown.stream()
                .map(e -> new JudgePrompt.Example(
                        new JudgePrompt.Shown(
                                e.getHistory().stream()
                                        .map(m -> new Message(m.getRole(), m.getContent()))
                                        .toList(),
                                e.getChosen(),
                                e.getRejected(),
                                e.getAttributes()),
                        e.getOutcome() == LabelOutcome.CHOSEN,
                        (Hashes.of(0, "example-order", pairId + e.getPairId()) & 1) == 0))
                .toList();
        JudgePrompt.Shown target = new JudgePrompt.Shown(
                pair.getHistory().stream()
                        .map(m -> new Message(m.getRole(), m.getContent()))
                        .toList(),
                pair.getChosen(),
                pair.getRejected(),
                words(tags));
        List<LlmCall> calls = new ArrayList<>();
        for (String model : settings.models()) {
            for (Call call : Call.all(pairId, model, settings.samples())) {
                String user = JudgePrompt.user(
                        shots, target, call.chosenFirst(), call.id().substring(0, 12));
                if (user.length() > JudgePrompt.LONGEST) {
                    return Optional.empty();
                }
                calls.add(LlmCall.newBuilder()
                        .setCallId(call.id())
                        .setPairId(pairId)
                        .setPurpose("judge")
                        .setModel(model)
                        .setPromptVersion(JudgePrompt.VERSION)
                        .setSystem(JudgePrompt.system())
                        .setUser(user)
                        .setSample(call.sample())
                        .setExamples(shown.stream().map(JudgeExample::getPairId).toList())
                        .build());
            }
        }
        return Optional.of(calls);
    }

    private List<JudgeExample> nearest(String pairId, ByteBuffer vector) {
        record Near(JudgeExample example, long dot) {}
        List<Near> near = new ArrayList<>();
        try (KeyValueIterator<String, JudgeExample> all = examples.all()) {
            all.forEachRemaining(entry -> {
                LabelOutcome outcome = entry.value.getOutcome();
                boolean decided = outcome == LabelOutcome.CHOSEN || outcome == LabelOutcome.REJECTED;
                if (decided && !entry.key.equals(pairId)) {
                    near.add(new Near(entry.value, dot(vector, entry.value.getVector())));
                }
            });
        }
        return near.stream()
                .sorted(Comparator.comparingLong(Near::dot)
                        .reversed()
                        .thenComparing(n -> n.example().getPairId()))
                .limit(SHOTS)
                .map(Near::example)
                .toList();
    }

    private static long dot(ByteBuffer a, ByteBuffer b) {
        long sum = 0;
        for (int i = 0; i < Math.min(a.remaining(), b.remaining()); i++) {
            sum += a.get(a.position() + i) * b.get(b.position() + i);
        }
        return sum;
    }

    private static String words(PairAttributes tags) {
        return "Task: " + tags.getTaskCategory()
                + "\nObjectivity: " + tags.getObjectivity().name().toLowerCase(Locale.ROOT)
                + "\nControversiality: " + tags.getControversiality().name().toLowerCase(Locale.ROOT)
                + "\nDesired attributes: " + tags.getDesiredAttributes()
                + "\nGuideline: " + tags.getAnnotationGuideline() + "\n";
    }

    // Answers

    void answer(LlmAnswer answer) {
        answers.put(answer.getCallId(), answer);
        LabelRequest request = asked.get(answer.getPairId());
        if (request != null && complete(request.getPairId())) {
            asked.delete(request.getPairId());
            settle(request);
            way.done();
        }
    }

    private boolean complete(String pairId) {
        return settings.models().stream()
                .flatMap(model -> Call.all(pairId, model, settings.samples()).stream())
                .allMatch(call -> answers.get(call.id()) != null);
    }

    private void settle(LabelRequest request) {
        String pairId = request.getPairId();
        List<LabelOutcome> judges = new ArrayList<>();
        for (String model : settings.models()) {
            List<Said> chosenFirst = new ArrayList<>();
            List<Said> rejectedFirst = new ArrayList<>();
            List<LlmAnswer> all = new ArrayList<>();
            for (Call call : Call.all(pairId, model, settings.samples())) {
                LlmAnswer answer = answers.get(call.id());
                if (answer != null) {
                    all.add(answer);
                    Said said = VerdictParser.parse(answer.getText() == null ? "" : answer.getText())
                            .said();
                    (call.chosenFirst() ? chosenFirst : rejectedFirst).add(said);
                }
            }
            String error = all.stream()
                    .map(LlmAnswer::getError)
                    .filter(e -> e != null)
                    .findFirst()
                    .orElse(null);
            LabelOutcome vote =
                    error == null ? SelfConsistency.vote(chosenFirst, rejectedFirst) : LabelOutcome.UNDECIDED;
            judges.add(vote);
            vote(request, model, vote, all, error);
        }
        way.silver(request, SelfConsistency.majority(judges), judges.size());
    }

    private void vote(
            LabelRequest request, String model, LabelOutcome outcome, List<LlmAnswer> calls, @Nullable String error) {
        String pairId = request.getPairId();
        double usd = calls.stream().mapToDouble(LlmAnswer::getCostUsd).sum();
        long in = calls.stream().mapToLong(LlmAnswer::getInputTokens).sum();
        long out = calls.stream().mapToLong(LlmAnswer::getOutputTokens).sum();
        String reason = calls.stream()
                .map(a -> VerdictParser.parse(a.getText() == null ? "" : a.getText())
                        .reason())
                .filter(r -> r != null)
                .findFirst()
                .orElse(null);
        JudgeVote vote = JudgeVote.newBuilder()
                .setPairId(pairId)
                .setCallId(model + "/" + JudgePrompt.VERSION + "/" + pairId)
                .setJudge(model)
                .setModel(calls.isEmpty() ? model : calls.getFirst().getModel())
                .setRound(request.getRound())
                .setOutcome(outcome)
                .setP(outcome == LabelOutcome.CHOSEN ? 1 : outcome == LabelOutcome.REJECTED ? 0 : 0.5)
                .setFoldP(List.of())
                .setReason(reason)
                .setExamples(List.of())
                .setError(error)
                .setInputTokens(in)
                .setOutputTokens(out)
                .setProvenance(VoteProvenance.newBuilder()
                        .setStage(STAGE)
                        .setStageVersion("1")
                        .setConfigHash(configHash)
                        .setInputs(calls.stream().map(LlmAnswer::getCallId).collect(Collectors.toList()))
                        .setRevision(JudgePrompt.VERSION)
                        .setCostUsd(usd)
                        .build())
                .build();
        if (error == null) {
            voted.put(pairId + "/" + model, vote);
        }
        way.emit(Topics.JUDGE_VOTES, pairId, vote);
        if (!calls.isEmpty()) {
            cost(pairId, usd, in, out, CostState.SPENT);
        }
    }

    private void cost(String pairId, double usd, long in, long out, CostState state) {
        way.emit(
                Topics.COSTS,
                pairId,
                Cost.newBuilder()
                        .setCallId(pairId)
                        .setJudge(String.join(",", settings.models()))
                        .setUsd(usd)
                        .setInputTokens(in)
                        .setOutputTokens(out)
                        .setState(state)
                        .build());
    }
}
