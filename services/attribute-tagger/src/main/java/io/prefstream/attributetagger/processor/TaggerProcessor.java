package io.prefstream.attributetagger.processor;

import io.prefstream.attributetagger.processor.Tagger.Tags;
import io.prefstream.core.pair.Message;
import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.stage.StageProcessor;
import io.prefstream.kit.stage.Store;
import io.prefstream.kit.topic.Topics;
import io.prefstream.wire.AttributeOrigin;
import io.prefstream.wire.AttributesProvenance;
import io.prefstream.wire.Pair;
import io.prefstream.wire.PairAttributes;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;

/** Tags each pair once; a later version of a pair has the same texts and writes nothing. */
public final class TaggerProcessor extends StageProcessor {

    /** Revision of the tagger that tagged a pair, by pair id. */
    public static final Store<String> TAGGED = new Store<>("tagged", Serdes.String(), true);

    private static final String NO_SETTINGS = "e3b0c44298fc1c14"; // of the SHA-256 of nothing

    private final Tagger tagger;
    private final String revision;
    private KeyValueStore<String, String> tagged;

    /** A processor for one task, whose tagger is of this revision. */
    @SuppressWarnings("NullAway.Init") // the store comes with ready
    public TaggerProcessor(StageEnvironment environment, Tagger tagger, String revision) {
        super(environment);
        this.tagger = tagger;
        this.revision = revision;
    }

    @Override
    protected void ready() {
        tagged = store(TAGGED);
    }

    @Override
    protected void on(String topic, String key, SpecificRecord value) {
        Pair pair = (Pair) value;
        if (tagged.get(pair.getPairId()) != null) {
            return;
        }
        Tags tags = tagger.tags(pair.getHistory().stream()
                .map(turn -> new Message(turn.getRole(), turn.getContent()))
                .toList());
        emit(
                Topics.PAIR_ATTRIBUTES,
                pair.getPairId(),
                PairAttributes.newBuilder()
                        .setPairId(pair.getPairId())
                        .setTaskCategory(tags.taskCategory())
                        .setObjectivity(tags.objectivity())
                        .setControversiality(tags.controversiality())
                        .setDesiredAttributes(tags.desiredAttributes())
                        .setAnnotationGuideline(tags.annotationGuideline())
                        .setOrigin(AttributeOrigin.BUILT_IN)
                        .setProvenance(AttributesProvenance.newBuilder()
                                .setStage("attribute-tagger")
                                .setStageVersion("1")
                                .setConfigHash(NO_SETTINGS)
                                .setRevision(revision)
                                .build())
                        .build());
        tagged.put(pair.getPairId(), revision);
    }
}
