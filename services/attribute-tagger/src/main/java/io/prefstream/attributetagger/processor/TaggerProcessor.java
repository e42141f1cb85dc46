package io.prefstream.attributetagger.processor;

import io.prefstream.attributetagger.domain.Attributes;
import io.prefstream.attributetagger.domain.TagAnswer;
import io.prefstream.attributetagger.domain.TagPrompt;
import io.prefstream.core.pair.Message;
import io.prefstream.core.stats.Hashes;
import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.stage.StageProcessor;
import io.prefstream.kit.stage.Store;
import io.prefstream.kit.stage.StoreSerdes;
import io.prefstream.kit.topic.Topics;
import io.prefstream.llm.domain.LlmSettings;
import io.prefstream.wire.AttributeOrigin;
import io.prefstream.wire.AttributesProvenance;
import io.prefstream.wire.Controversiality;
import io.prefstream.wire.Cost;
import io.prefstream.wire.CostState;
import io.prefstream.wire.LlmAnswer;
import io.prefstream.wire.LlmCall;
import io.prefstream.wire.Objectivity;
import io.prefstream.wire.Pair;
import io.prefstream.wire.PairAttributes;
import io.prefstream.wire.TagRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Tags each pair once by the built-in tagger; a later version of a pair has the same texts and writes nothing. Where a
 * language model is configured it quotes a price for each pair, and the pairs that the round controller asks for are described
 * by it: a second revision of the attributes. An answer that can't be used leaves the first in force.
 */
public final class TaggerProcessor extends StageProcessor {

    /** Revision of the tagger that tagged a pair, by pair id. */
    public static final Store<String> TAGGED = new Store<>("tagged", Serdes.String(), true);

    /** Pairs to be described; empty without a language model. */
    static final Store<Pair> TEXTS = new Store<>("texts", StoreSerdes.avro(Pair.class), false);

    /** Pairs that wait for an answer. */
    static final Store<TagRequest> ASKED = new Store<>("asked", StoreSerdes.avro(TagRequest.class), true);

    /** Pairs whose question was answered, of use or not: it is never asked again. */
    static final Store<String> ANSWERED = new Store<>("answered", Serdes.String(), true);

    /** Every store of the stage. */
    public static final List<Store<?>> STORES = List.of(TAGGED, TEXTS, ASKED, ANSWERED);

    private static final String STAGE = "attribute-tagger";
    private static final String COST = "tag/"; // before the pair id, which the judges' costs have

    private final Tagger tagger;
    private final String revision;
    private final @Nullable LlmSettings llm;
    private KeyValueStore<String, String> tagged;
    private KeyValueStore<String, Pair> texts;
    private KeyValueStore<String, TagRequest> asked;
    private KeyValueStore<String, String> answered;

    /**
     * A processor for one task.
     *
     * @param revision revision of the built-in tagger
     * @param llm how the language model is asked; null without one
     */
    @SuppressWarnings("NullAway.Init") // the stores come with ready
    public TaggerProcessor(StageEnvironment environment, Tagger tagger, String revision, @Nullable LlmSettings llm) {
        super(environment);
        this.tagger = tagger;
        this.revision = revision;
        this.llm = llm;
    }

    @Override
    protected void ready() {
        tagged = store(TAGGED);
        texts = store(TEXTS);
        asked = store(ASKED);
        answered = store(ANSWERED);
    }

    @Override
    protected void on(String topic, String key, SpecificRecord value) {
        switch (value) {
            case Pair pair -> pair(pair);
            case TagRequest request -> request(request);
            case LlmAnswer answer -> answer(answer);
            default -> throw new IllegalArgumentException("unexpected record on " + topic);
        }
    }

    private void pair(Pair pair) {
        String pairId = pair.getPairId();
        if (tagged.get(pairId) != null) {
            return;
        }
        Attributes tags = tagger.tags(history(pair));
        emit(Topics.PAIR_ATTRIBUTES, pairId, record(pairId, tags, AttributeOrigin.BUILT_IN, revision, List.of(), null));
        tagged.put(pairId, revision);
        if (llm != null) {
            texts.put(pairId, pair);
            LlmCall call = call(pair, llm);
            double worst = llm.prices().worst(call.getSystem(), call.getUser(), llm.maxOutputTokens());
            cost(pairId, worst, 0, 0, CostState.RESERVED);
        }
    }

    // The language model

    private void request(TagRequest request) {
        String pairId = request.getPairId();
        if (llm == null || answered.get(pairId) != null || asked.get(pairId) != null) {
            return;
        }
        Pair pair = texts.get(pairId);
        if (pair == null) {
            throw new IllegalStateException("a pair is to be described before it is here");
        }
        emit(Topics.TAG_CALLS, pairId, call(pair, llm));
        asked.put(pairId, request);
        later();
    }

    private void answer(LlmAnswer answer) {
        String pairId = answer.getPairId();
        if (asked.delete(pairId) == null) {
            return; // a repeated answer
        }
        if (answer.getError() == null) {
            Optional<Attributes> tags = TagAnswer.parse(answer.getText() == null ? "" : answer.getText());
            tags.ifPresent(t -> emit(
                    Topics.PAIR_ATTRIBUTES,
                    pairId,
                    record(
                            pairId,
                            t,
                            AttributeOrigin.LLM,
                            TagPrompt.VERSION + " " + answer.getModel(),
                            List.of(answer.getCallId()),
                            answer.getCostUsd())));
            answered.put(pairId, tags.isPresent() ? "described" : "unreadable");
            cost(pairId, answer.getCostUsd(), answer.getInputTokens(), answer.getOutputTokens(), CostState.SPENT);
        }
        done(Topics.TAG_REQUESTS.name(), 1);
    }

    private static LlmCall call(Pair pair, LlmSettings llm) {
        String model = llm.models().getFirst();
        String id = TagPrompt.callId(pair.getPairId(), model);
        return LlmCall.newBuilder()
                .setCallId(id)
                .setPairId(pair.getPairId())
                .setPurpose("tag")
                .setModel(model)
                .setPromptVersion(TagPrompt.VERSION)
                .setSystem(TagPrompt.system())
                .setUser(TagPrompt.user(pair.getPairId(), history(pair), pair.getChosen(), pair.getRejected(), id))
                .build();
    }

    private void cost(String pairId, double usd, long in, long out, CostState state) {
        String model = llm == null ? "" : llm.models().getFirst();
        emit(Topics.COSTS, pairId, new Cost(COST + pairId, model, usd, in, out, state));
    }

    private static List<Message> history(Pair pair) {
        return pair.getHistory().stream()
                .map(turn -> new Message(turn.getRole(), turn.getContent()))
                .toList();
    }

    private static PairAttributes record(
            String pairId,
            Attributes tags,
            AttributeOrigin origin,
            String revision,
            List<String> inputs,
            @Nullable Double usd) {
        return PairAttributes.newBuilder()
                .setPairId(pairId)
                .setTaskCategory(tags.category().label())
                .setObjectivity(tags.objective() ? Objectivity.OBJECTIVE : Objectivity.SUBJECTIVE)
                .setControversiality(Controversiality.valueOf(tags.dispute().name()))
                .setDesiredAttributes(tags.desired())
                .setAnnotationGuideline(tags.guideline())
                .setOrigin(origin)
                .setProvenance(AttributesProvenance.newBuilder()
                        .setStage(STAGE)
                        .setStageVersion("1")
                        // The revision is all that attributes depend on besides the texts.
                        .setConfigHash(Hashes.ofSettings(Map.of("revision", revision)))
                        .setInputs(inputs)
                        .setRevision(revision)
                        .setCostUsd(usd)
                        .build())
                .build();
    }
}
