package io.prefstream.attributetagger.processor;

import io.prefstream.attributetagger.domain.Attributes;
import io.prefstream.attributetagger.domain.TagAnswer;
import io.prefstream.attributetagger.domain.TagMerge;
import io.prefstream.attributetagger.domain.TagPrompt;
import io.prefstream.core.judge.Judge;
import io.prefstream.kit.stage.Store;
import io.prefstream.kit.stage.StoreSerdes;
import io.prefstream.kit.stage.Task;
import io.prefstream.kit.topic.Topics;
import io.prefstream.llm.domain.Prices;
import io.prefstream.wire.Cost;
import io.prefstream.wire.CostState;
import io.prefstream.wire.LlmAnswer;
import io.prefstream.wire.LlmCall;
import io.prefstream.wire.Pair;
import io.prefstream.wire.PairAttributes;
import io.prefstream.wire.TagRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The language models' part of the tagger: it quotes a price for each pair, asks every generator about the pairs that the
 * round controller asks for, and makes one revision of what they say together. Answers that can't be used are left out;
 * when none can, the built-in attributes stay. The calls themselves are made beside the stream.
 */
final class Descriptions {

    /** Pairs to be described. */
    static final Store<Pair> TEXTS = new Store<>("texts", StoreSerdes.avro(Pair.class), false);

    /** Pairs that wait for answers. */
    static final Store<TagRequest> ASKED = new Store<>("asked", StoreSerdes.avro(TagRequest.class), true);

    /** Answers of a pair that waits for more, by call id. */
    static final Store<LlmAnswer> ANSWERS = new Store<>("answers", StoreSerdes.avro(LlmAnswer.class), true);

    /** Pairs whose question was answered, of use or not: it is never asked again. */
    static final Store<String> ANSWERED = new Store<>("answered", Serdes.String(), true);

    private static final String COST = "tag/"; // before the pair id, which the judges' costs have

    private final Task task;
    private final Consumer<PairAttributes> revise;
    private final List<Judge> generators;
    private final KeyValueStore<String, Pair> texts;
    private final KeyValueStore<String, TagRequest> asked;
    private final KeyValueStore<String, LlmAnswer> answers;
    private final KeyValueStore<String, String> answered;

    /**
     * The part of one task.
     *
     * @param revise takes a pair's new attributes
     * @param generators models that describe pairs, one or more
     */
    Descriptions(Task task, Consumer<PairAttributes> revise, List<Judge> generators) {
        this.task = task;
        this.revise = revise;
        this.generators = generators;
        texts = task.store(TEXTS);
        asked = task.store(ASKED);
        answers = task.store(ANSWERS);
        answered = task.store(ANSWERED);
    }

    void quote(Pair pair) {
        texts.put(pair.getPairId(), pair);
        double worst = generators.stream()
                .mapToDouble(generator -> {
                    LlmCall call = call(pair, generator);
                    return Prices.of(generator).worst(call.getSystem(), call.getUser(), generator.maxOutputTokens());
                })
                .sum();
        cost(pair.getPairId(), worst, 0, 0, CostState.RESERVED);
    }

    void request(TagRequest request) {
        String pairId = request.getPairId();
        if (answered.get(pairId) != null || asked.get(pairId) != null) {
            return;
        }
        Pair pair = texts.get(pairId);
        if (pair == null) {
            throw new IllegalStateException("a pair is to be described before it is here");
        }
        generators.forEach(generator -> task.emit(Topics.TAG_CALLS, pairId, call(pair, generator)));
        asked.put(pairId, request);
        task.later();
    }

    void answer(LlmAnswer answer) {
        String pairId = answer.getPairId();
        if (asked.get(pairId) == null) {
            return; // a repeated answer
        }
        answers.put(answer.getCallId(), answer);
        List<LlmAnswer> all = new ArrayList<>();
        for (Judge generator : generators) {
            LlmAnswer one = answers.get(TagPrompt.callId(pairId, generator.model()));
            if (one == null) {
                return; // it waits for the others
            }
            all.add(one);
        }
        all.forEach(one -> answers.delete(one.getCallId()));
        asked.delete(pairId);
        settle(pairId, all);
        task.done(Topics.TAG_REQUESTS.name(), 1);
    }

    private void settle(String pairId, List<LlmAnswer> all) {
        List<LlmAnswer> given =
                all.stream().filter(answer -> answer.getText() != null).toList();
        if (given.isEmpty()) {
            return; // nothing was paid, and a later run asks again
        }
        List<Attributes> read = new ArrayList<>();
        List<LlmAnswer> used = new ArrayList<>();
        for (LlmAnswer answer : given) {
            TagAnswer.parse(answer.getError() == null ? answer.getText() : "").ifPresent(tags -> {
                read.add(tags);
                used.add(answer);
            });
        }
        double usd = given.stream().mapToDouble(LlmAnswer::getCostUsd).sum();
        if (!read.isEmpty()) {
            String models = used.stream().map(LlmAnswer::getModel).collect(Collectors.joining(" "));
            revise.accept(TagRecord.described(
                    pairId,
                    TagMerge.of(read),
                    TagPrompt.VERSION + " " + models,
                    used.stream().map(LlmAnswer::getCallId).toList(),
                    usd));
        }
        answered.put(pairId, read.isEmpty() ? "unreadable" : "described");
        long in = given.stream().mapToLong(LlmAnswer::getInputTokens).sum();
        long out = given.stream().mapToLong(LlmAnswer::getOutputTokens).sum();
        cost(pairId, usd, in, out, CostState.SPENT);
    }

    private static LlmCall call(Pair pair, Judge generator) {
        String id = TagPrompt.callId(pair.getPairId(), generator.model());
        return LlmCall.newBuilder()
                .setCallId(id)
                .setPairId(pair.getPairId())
                .setPurpose("tag")
                .setModel(generator.model())
                .setJudge(generator.name())
                .setAnswerSchema(TagPrompt.SCHEMA)
                .setPromptVersion(TagPrompt.VERSION)
                .setSystem(TagPrompt.system())
                .setUser(TagPrompt.user(
                        pair.getPairId(), TaggerProcessor.history(pair), pair.getChosen(), pair.getRejected(), id))
                .build();
    }

    private void cost(String pairId, double usd, long in, long out, CostState state) {
        task.emit(
                Topics.COSTS,
                pairId,
                new Cost(
                        COST + pairId,
                        generators.stream().map(Judge::name).collect(Collectors.joining(",")),
                        usd,
                        in,
                        out,
                        state));
    }
}
