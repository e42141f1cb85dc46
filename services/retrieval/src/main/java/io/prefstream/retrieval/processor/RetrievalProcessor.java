package io.prefstream.retrieval.processor;

import io.prefstream.core.features.Emoji;
import io.prefstream.core.pair.Message;
import io.prefstream.core.select.Strategy;
import io.prefstream.core.stats.AdaptiveK;
import io.prefstream.core.stats.Hashes;
import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.stage.StageProcessor;
import io.prefstream.kit.stage.Store;
import io.prefstream.kit.stage.StoreSerdes;
import io.prefstream.kit.topic.Topics;
import io.prefstream.retrieval.domain.Hit;
import io.prefstream.retrieval.domain.Merge;
import io.prefstream.retrieval.domain.PairIndex;
import io.prefstream.retrieval.domain.TextFeatures;
import io.prefstream.wire.AttributeOrigin;
import io.prefstream.wire.EmbeddingProvenance;
import io.prefstream.wire.Evaluation;
import io.prefstream.wire.FeaturesProvenance;
import io.prefstream.wire.Label;
import io.prefstream.wire.LabelKind;
import io.prefstream.wire.LabelRequest;
import io.prefstream.wire.Pair;
import io.prefstream.wire.PairAttributes;
import io.prefstream.wire.PairEmbedding;
import io.prefstream.wire.PairFeatures;
import io.prefstream.wire.RequestProvenance;
import io.prefstream.wire.RetrievalAnswer;
import io.prefstream.wire.RetrievalQuery;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Encodes pairs, and finds pairs like those that the best model gets wrong. A gold pair's evaluation becomes a query to
 * every partition; the partitions' answers come back to the gold pair's task, which merges them once all are there.
 */
public final class RetrievalProcessor extends StageProcessor {

    /** Pairs whose attributes haven't come, by pair id. */
    public static final Store<Pair> WAITING = new Store<>("waiting-pairs", StoreSerdes.avro(Pair.class), false);

    /** Attributes by pair id; kept, since a pair's later version is encoded with them. */
    public static final Store<PairAttributes> ATTRIBUTES =
            new Store<>("attributes", StoreSerdes.avro(PairAttributes.class), false);

    /** The index, by pair id: the truth behind {@link PairIndex}. */
    public static final Store<PairEmbedding> INDEX = new Store<>("index", StoreSerdes.avro(PairEmbedding.class), true);

    /** First round whose queries don't see a labelled pair, by pair id. */
    public static final Store<Long> HIDDEN_FROM = new Store<>("hidden-from", Serdes.Long(), true);

    /** Partial answers by anchor, round and partition, until all partitions have answered. */
    public static final Store<RetrievalAnswer> ANSWERS =
            new Store<>("answers", StoreSerdes.avro(RetrievalAnswer.class), true);

    private static final String STAGE = "retrieval";
    private static final String VERSION = "1";
    private static final long ALWAYS = 0; // rounds count from 0

    private final TextFeatures texts;
    private final long seed;
    private final String configHash;
    private PairIndex index;
    private KeyValueStore<String, Pair> waiting;
    private KeyValueStore<String, PairAttributes> attributes;
    private KeyValueStore<String, PairEmbedding> embeddings;
    private KeyValueStore<String, Long> hiddenFrom;
    private KeyValueStore<String, RetrievalAnswer> answers;

    /** A processor for one task. */
    @SuppressWarnings("NullAway.Init") // stores and index come with ready
    public RetrievalProcessor(StageEnvironment environment, TextFeatures texts, long seed) {
        super(environment);
        this.texts = texts;
        this.seed = seed;
        this.configHash = Hashes.ofSettings(Map.of("seed", Long.toString(seed)));
    }

    @Override
    protected void ready() {
        waiting = store(WAITING);
        attributes = store(ATTRIBUTES);
        embeddings = store(INDEX);
        hiddenFrom = store(HIDDEN_FROM);
        answers = store(ANSWERS);
        // Made anew, for a task that comes back after an aborted transaction calls this again.
        index = new PairIndex(seed);
        try (KeyValueIterator<String, PairEmbedding> all = embeddings.all()) {
            all.forEachRemaining(entry -> addToIndex(entry.value));
        }
        try (KeyValueIterator<String, Long> all = hiddenFrom.all()) {
            all.forEachRemaining(entry -> index.hide(entry.key, entry.value));
        }
    }

    @Override
    protected void on(String topic, String key, SpecificRecord value) {
        switch (value) {
            case Pair pair -> pair(pair);
            case PairAttributes tags -> attributes(tags);
            case Label label -> label(label);
            case Evaluation evaluation -> ask(evaluation);
            case RetrievalQuery query -> answer(query);
            case RetrievalAnswer answer -> merge(answer);
            default -> throw new IllegalArgumentException("unexpected record on " + topic);
        }
    }

    private void pair(Pair pair) {
        PairAttributes tags = attributes.get(pair.getPairId());
        if (tags == null) {
            waiting.put(pair.getPairId(), pair);
        } else if (pair.getMirrorPairId() != null || embeddings.get(pair.getPairId()) == null) {
            encode(pair, tags);
        }
    }

    private void attributes(PairAttributes tags) {
        if (tags.getOrigin() != AttributeOrigin.BUILT_IN) {
            return; // the index likens pairs by what one tagger said of all of them
        }
        attributes.put(tags.getPairId(), tags);
        Pair pair = waiting.delete(tags.getPairId());
        if (pair != null) {
            encode(pair, tags);
        }
    }

    private void encode(Pair pair, PairAttributes tags) {
        List<Message> history = pair.getHistory().stream()
                .map(turn -> new Message(turn.getRole(), turn.getContent()))
                .toList();
        TextFeatures.Entry entry = texts.entry(
                history,
                new TextFeatures.Attributes(
                        tags.getTaskCategory(),
                        tags.getObjectivity().name().toLowerCase(Locale.ROOT),
                        tags.getControversiality().name().toLowerCase(Locale.ROOT),
                        tags.getDesiredAttributes()));
        TextFeatures.Answer chosen = texts.answer(history, pair.getChosen());
        TextFeatures.Answer rejected = texts.answer(history, pair.getRejected());
        if (embeddings.get(pair.getPairId()) == null) {
            PairEmbedding embedding = embedding(pair, entry);
            embeddings.put(pair.getPairId(), embedding);
            addToIndex(embedding);
            emit(Topics.PAIR_EMBEDDINGS, pair.getPairId(), embedding);
        }
        emit(Topics.PAIR_FEATURES, pair.getPairId(), features(pair, tags, entry, chosen, rejected));
    }

    private void addToIndex(PairEmbedding embedding) {
        index.put(embedding.getPairId(), embedding.getEntry(), bytes(embedding.getVector()));
    }

    private void label(Label label) {
        long from = label.getKind() == LabelKind.GOLD ? ALWAYS : label.getRound() + 1L;
        Long before = hiddenFrom.get(label.getPairId());
        if (before == null || from < before) {
            hiddenFrom.put(label.getPairId(), from);
            index.hide(label.getPairId(), from);
        }
    }

    private void ask(Evaluation evaluation) {
        String anchor = evaluation.getPairId();
        PairEmbedding embedding = embeddings.get(anchor);
        if (embedding == null) {
            throw new IllegalStateException("an evaluated pair has no embedding");
        }
        emitToAll(
                Topics.RETRIEVAL_QUERIES,
                anchor,
                RetrievalQuery.newBuilder()
                        .setAnchor(anchor)
                        .setRound(evaluation.getRound())
                        .setCheckpoint(evaluation.getCheckpoint())
                        .setMargin(evaluation.getMargin())
                        .setK(AdaptiveK.of(evaluation.getMargin()))
                        .setVector(embedding.getVector().duplicate())
                        .setEntry(embedding.getEntry())
                        .build());
    }

    private void answer(RetrievalQuery query) {
        List<io.prefstream.wire.Hit> hits =
                index.nearest(bytes(query.getVector()), query.getK(), query.getRound()).stream()
                        .map(hit ->
                                new io.prefstream.wire.Hit(hit.pairId(), hit.entry(), hit.similarity(), hit.order()))
                        .toList();
        emit(
                Topics.RETRIEVAL_ANSWERS,
                query.getAnchor(),
                RetrievalAnswer.newBuilder()
                        .setAnchor(query.getAnchor())
                        .setRound(query.getRound())
                        .setK(query.getK())
                        .setPartition(partition())
                        .setPartitions(pairPartitions())
                        .setHits(hits)
                        .setIndexed(index.size())
                        .build());
    }

    private void merge(RetrievalAnswer answer) {
        answers.put(key(answer, answer.getPartition()), answer);
        List<Hit> hits = new ArrayList<>();
        for (int partition = 0; partition < answer.getPartitions(); partition++) {
            RetrievalAnswer part = answers.get(key(answer, partition));
            if (part == null) {
                return;
            }
            part.getHits()
                    .forEach(hit ->
                            hits.add(new Hit(hit.getPairId(), hit.getEntry(), hit.getSimilarity(), hit.getOrder())));
        }
        Merge.best(hits, answer.getK()).forEach(hit -> request(answer, hit));
        for (int partition = 0; partition < answer.getPartitions(); partition++) {
            answers.delete(key(answer, partition));
        }
    }

    private void request(RetrievalAnswer answer, Hit hit) {
        emit(
                Topics.LABEL_REQUESTS,
                hit.pairId(),
                LabelRequest.newBuilder()
                        .setPairId(hit.pairId())
                        .setRound(answer.getRound())
                        .setAnchors(List.of(answer.getAnchor()))
                        .setSimilarity(hit.similarity())
                        .setStrategy(Strategy.SIMILARITY.wireName())
                        .setProvenance(RequestProvenance.newBuilder()
                                .setStage(STAGE)
                                .setStageVersion(VERSION)
                                .setConfigHash(configHash)
                                .setInputs(List.of(answer.getAnchor()))
                                .build())
                        .build());
    }

    private PairEmbedding embedding(Pair pair, TextFeatures.Entry entry) {
        return PairEmbedding.newBuilder()
                .setPairId(pair.getPairId())
                .setEntry(entry.hash())
                .setVector(ByteBuffer.wrap(PairIndex.quantize(entry.vector())))
                .setEncoderRevision(texts.encoderRevision())
                .setProvenance(EmbeddingProvenance.newBuilder()
                        .setStage(STAGE)
                        .setStageVersion(VERSION)
                        .setConfigHash(configHash)
                        .setRevision(texts.encoderRevision())
                        .build())
                .build();
    }

    private PairFeatures features(
            Pair pair,
            PairAttributes tags,
            TextFeatures.Entry entry,
            TextFeatures.Answer chosen,
            TextFeatures.Answer rejected) {
        @Nullable String mirror = pair.getMirrorPairId();
        return PairFeatures.newBuilder()
                .setPairId(pair.getPairId())
                .setMatchId(pair.getMatchId())
                .setPromptGroup(pair.getPromptGroup())
                .setTaskCategory(tags.getTaskCategory())
                .setEntry(entry.hash())
                .setMirrorPairId(mirror)
                .setSameFeatures(chosen.hash().equals(rejected.hash()))
                .setChosen(littleEndian(chosen.features()))
                .setRejected(littleEndian(rejected.features()))
                .setChosenText(chosen.hash())
                .setRejectedText(rejected.hash())
                .setFeatureSet(texts.featureSet())
                .setChosenEmoji(Emoji.count(pair.getChosen()))
                .setRejectedEmoji(Emoji.count(pair.getRejected()))
                .setProvenance(FeaturesProvenance.newBuilder()
                        .setStage(STAGE)
                        .setStageVersion(VERSION)
                        .setConfigHash(configHash)
                        .setRevision(texts.encoderRevision())
                        .build())
                .build();
    }

    private static String key(RetrievalAnswer answer, int partition) {
        return answer.getAnchor() + "/" + answer.getRound() + "/" + partition;
    }

    private static ByteBuffer littleEndian(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
