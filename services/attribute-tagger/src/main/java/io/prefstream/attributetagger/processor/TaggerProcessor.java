package io.prefstream.attributetagger.processor;

import io.prefstream.attributetagger.domain.Attributes;
import io.prefstream.core.judge.Judge;
import io.prefstream.core.pair.Message;
import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.stage.StageProcessor;
import io.prefstream.kit.stage.Store;
import io.prefstream.kit.stage.StoreSerdes;
import io.prefstream.kit.topic.Topics;
import io.prefstream.wire.HumanAnnotation;
import io.prefstream.wire.LlmAnswer;
import io.prefstream.wire.Pair;
import io.prefstream.wire.PairAttributes;
import io.prefstream.wire.TagRequest;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Tags each pair once by the built-in tagger; a later version of a pair has the same texts and writes nothing. Language
 * models, where configured, and people write later revisions; what people say stands over what any tagger says, before and
 * after. The topic keeps every revision, and the last is in force.
 */
public final class TaggerProcessor extends StageProcessor {

    /** The last revision that a tagger made, by pair id: what people's corrections are laid over. */
    static final Store<PairAttributes> TAGGED = new Store<>("tagged", StoreSerdes.avro(PairAttributes.class), false);

    /** Every store of the stage. */
    public static final List<Store<?>> STORES = List.of(
            TAGGED,
            Corrections.GIVEN,
            Descriptions.TEXTS,
            Descriptions.ASKED,
            Descriptions.ANSWERS,
            Descriptions.ANSWERED);

    private final Tagger tagger;
    private final String revision;
    private final List<Judge> generators;
    private KeyValueStore<String, PairAttributes> tagged;
    private Corrections corrections;
    private @Nullable Descriptions descriptions;

    /**
     * A processor for one task.
     *
     * @param revision revision of the built-in tagger
     * @param generators language models that describe pairs; none without one
     */
    @SuppressWarnings("NullAway.Init") // the stores come with ready
    public TaggerProcessor(StageEnvironment environment, Tagger tagger, String revision, List<Judge> generators) {
        super(environment);
        this.tagger = tagger;
        this.revision = revision;
        this.generators = List.copyOf(generators);
    }

    @Override
    protected void ready() {
        tagged = store(TAGGED);
        corrections = new Corrections(store(Corrections.GIVEN));
        descriptions = generators.isEmpty() ? null : new Descriptions(task(), this::revise, generators);
    }

    @Override
    protected void on(String topic, String key, SpecificRecord value) {
        switch (value) {
            case Pair pair -> pair(pair);
            case HumanAnnotation annotation -> correction(annotation);
            case TagRequest request -> {
                if (descriptions != null) {
                    descriptions.request(request);
                }
            }
            case LlmAnswer answer -> {
                if (descriptions != null) {
                    descriptions.answer(answer);
                }
            }
            default -> throw new IllegalArgumentException("unexpected record on " + topic);
        }
    }

    private void pair(Pair pair) {
        String pairId = pair.getPairId();
        if (tagged.get(pairId) != null) {
            return;
        }
        Attributes tags = tagger.tags(history(pair));
        revise(TagRecord.builtIn(pairId, tags, revision));
        if (descriptions != null) {
            descriptions.quote(pair);
        }
    }

    /** Writes a tagger's revision, and once more with what people have corrected. */
    private void revise(PairAttributes tags) {
        tagged.put(tags.getPairId(), tags);
        emit(Topics.PAIR_ATTRIBUTES, tags.getPairId(), tags);
        PairAttributes corrected = corrections.over(tags);
        if (corrected != null) {
            emit(Topics.PAIR_ATTRIBUTES, tags.getPairId(), corrected);
        }
    }

    private void correction(HumanAnnotation annotation) {
        String pairId = String.valueOf(annotation.getPairId());
        if (!corrections.put(pairId, annotation)) {
            return;
        }
        PairAttributes tags = tagged.get(pairId);
        if (tags != null) { // else it waits for its pair
            PairAttributes corrected = corrections.over(tags);
            emit(Topics.PAIR_ATTRIBUTES, pairId, corrected == null ? tags : corrected);
        }
    }

    static List<Message> history(Pair pair) {
        return pair.getHistory().stream()
                .map(turn -> new Message(turn.getRole(), turn.getContent()))
                .toList();
    }
}
