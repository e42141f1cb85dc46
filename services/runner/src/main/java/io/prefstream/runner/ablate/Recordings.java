package io.prefstream.runner.ablate;

import io.prefstream.core.features.FeatureGroup;
import io.prefstream.kit.run.Installation;
import io.prefstream.kit.stage.Wire;
import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import io.prefstream.llm.desk.Recorded;
import io.prefstream.models.encoder.VectorCache;
import io.prefstream.rewardscorer.client.RecordedScores;
import io.prefstream.wire.LlmAnswer;
import io.prefstream.wire.LlmCall;
import io.prefstream.wire.PairEmbedding;
import io.prefstream.wire.RewardScore;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.specific.SpecificRecord;

/** What the base's models said: encoder, language models, reward models of text. A replay reads it, and asks nobody again. */
final class Recordings implements Recorded, RecordedScores {

    private static final String NOT_RECORDED = "the run that is replayed has no answer to this; --ask asks the model";

    private final Map<String, LlmAnswer> answers = new HashMap<>();
    private final Map<String, RewardScore> scores = new HashMap<>();
    private final boolean ask;
    private final AtomicLong missing = new AtomicLong();

    private Recordings(boolean ask) {
        this.ask = ask;
    }

    /**
     * Reads what models said up to the cut, and gives the encoder's vectors to the cache.
     *
     * @param ask whether models are asked for what was not recorded
     */
    static Recordings of(Installation base, Wire wire, Cut cut, boolean ask) {
        Recordings all = new Recordings(ask);
        VectorCache cache = VectorCache.shared();
        read(base, wire, cut, Topics.PAIR_FEATURES, features -> {
            cache.record(features.getChosenText(), encoded(features.getChosen()));
            cache.record(features.getRejectedText(), encoded(features.getRejected()));
        });
        read(
                base,
                wire,
                cut,
                Topics.PAIR_EMBEDDINGS,
                embedding -> cache.record(embedding.getEntry(), vector(embedding)));
        for (Topic<LlmAnswer> topic : List.of(Topics.JUDGE_ANSWERS, Topics.TAG_ANSWERS)) {
            read(base, wire, cut, topic, answer -> {
                String key = answer.getCallId() + "/" + answer.getAttempt();
                LlmAnswer before = all.answers.get(key);
                if (before == null || before.getError() != null) {
                    all.answers.put(key, answer);
                }
            });
        }
        read(base, wire, cut, Topics.REWARD_ANSWERS, answer -> {
            for (RewardScore score : answer.getScores()) {
                all.scores.put(answer.getPairId() + "/" + score.getCheckpoint(), score);
            }
        });
        return all;
    }

    private interface Sink<T> {
        void take(T value);
    }

    private static <T extends SpecificRecord> void read(
            Installation base, Wire wire, Cut cut, Topic<T> topic, Sink<T> sink) {
        var deserializer =
                wire.topicSerde(base.prefix() + topic.name(), topic.type()).deserializer();
        cut.read(base, topic, record -> {
            if (record.value() != null) {
                sink.take(deserializer.deserialize(record.topic(), record.value()));
            }
        });
    }

    private static float[] encoded(ByteBuffer bytes) {
        float[] vector = new float[FeatureGroup.ENCODER_COLUMNS];
        bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        return vector;
    }

    /** The vector as it is told once it is quantised again: its bytes come out the same. */
    private static float[] vector(PairEmbedding embedding) {
        ByteBuffer bytes = embedding.getVector().duplicate();
        float[] vector = new float[bytes.remaining()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = bytes.get() / 127f;
        }
        return vector;
    }

    @Override
    public Optional<LlmAnswer> answer(LlmCall call) {
        LlmAnswer recorded = answers.get(call.getCallId() + "/" + call.getAttempt());
        if (recorded != null || ask) {
            return Optional.ofNullable(recorded);
        }
        missing.incrementAndGet();
        return Optional.of(LlmAnswer.newBuilder()
                .setCallId(call.getCallId())
                .setPairId(call.getPairId())
                .setModel(call.getModel())
                .setJudge(call.getJudge().isEmpty() ? call.getModel() : call.getJudge())
                .setAttempt(call.getAttempt())
                .setError(NOT_RECORDED)
                .build());
    }

    @Override
    public Optional<RewardScore> score(String pairId, String checkpoint) {
        RewardScore recorded = scores.get(pairId + "/" + checkpoint);
        if (recorded != null || ask) {
            return Optional.ofNullable(recorded);
        }
        missing.incrementAndGet();
        return Optional.of(new RewardScore(checkpoint, 0.0, 0.0, NOT_RECORDED, false));
    }

    /** Calls so far to which no answer was recorded. */
    long missing() {
        return missing.get();
    }
}
