package io.prefstream.runner.ablate;

import io.prefstream.core.pair.Message;
import io.prefstream.core.pair.PairIdentity;
import io.prefstream.kit.run.Installation;
import io.prefstream.kit.stage.Wire;
import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import io.prefstream.wire.AuditedFlip;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointRole;
import io.prefstream.wire.HumanAnnotation;
import io.prefstream.wire.PairIn;
import io.prefstream.wire.RaterKind;
import io.prefstream.wire.Round;
import io.prefstream.wire.RoundAccount;
import io.prefstream.wire.Vote;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Copies recorded facts into a replay's topics, at whatever number of partitions those have. The bytes stay as they are: a replay
 * shares the base's registry.
 */
final class FactCopier implements AutoCloseable {

    private static final Set<String> LATER_THAN_RECORDED = Set.of("select", "decide", "done");
    private static final String TEXT_MODEL = "text/1"; // kind of a checkpoint

    private final Installation base;
    private final Installation to;
    private final Wire wire;
    private final Cut cut;
    private final int run;
    private final Variant variant;
    private final Range range;
    private final @Nullable Set<String> pairs;
    private final KafkaProducer<String, byte[]> producer;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    /**
     * A copier for one variant.
     *
     * @param run run that is replayed
     * @param pairs pairs that take part; null for all
     */
    FactCopier(
            Installation base,
            Installation to,
            Wire wire,
            Cut cut,
            int run,
            Variant variant,
            Range range,
            @Nullable Set<String> pairs) {
        this.base = base;
        this.to = to;
        this.wire = wire;
        this.cut = cut;
        this.run = run;
        this.variant = variant;
        this.range = range;
        this.pairs = pairs;
        Properties p = new Properties();
        p.putAll(to.client());
        p.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, to.bootstrap());
        p.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        p.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
        p.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        // Topics this new may have no leader yet. With several requests under way a refused first one comes after the
        // next, which
        // the broker takes for the first, and then refuses it for ever (OutOfOrderSequenceException).
        p.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        p.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topic.MAX_BYTES);
        producer = new KafkaProducer<>(p, new StringSerializer(), new ByteArraySerializer());
    }

    /** Copies what the variant takes as recorded, and returns the number of records written, by topic. */
    Map<String, Long> copy(boolean describes) {
        Map<String, Topic<?>> topics = new TreeMap<>();
        variant.entry().recorded(describes).forEach(topic -> topics.put(topic.name(), topic));
        Map<String, Long> written = new TreeMap<>();
        topics.keySet().forEach(name -> written.put(name, 0L));
        Set<String> broadcast = new HashSet<>();
        cut.read(base, topics.values(), (name, record) -> {
            Topic<?> topic = Objects.requireNonNull(topics.get(name));
            if (!takes(topic, record)) {
                return;
            }
            if (!topic.equals(Topics.ROUNDS)) {
                send(topic, null, record.timestamp(), record.key(), record.value());
                written.merge(name, 1L, Long::sum);
            } else if (broadcast.add(record.key())) { // every partition has a copy
                for (int partition = 0; partition < topic.partitions(to.pairPartitions()); partition++) {
                    send(topic, partition, record.timestamp(), record.key(), record.value());
                    written.merge(name, 1L, Long::sum);
                }
            }
        });
        if (variant.entry() != Entry.VERDICTS) {
            written.put(Topics.CHECKPOINTS.name(), copyTextModels());
        }
        producer.flush();
        Exception failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("cannot write the replay's topics: " + failed.getMessage(), failed);
        }
        return written;
    }

    /** Models that read text compete as when they had just been announced. */
    private long copyTextModels() {
        long[] written = {0};
        Set<String> announced = new HashSet<>();
        var serde = wire.topicSerde(base.prefix() + Topics.CHECKPOINTS.name(), Checkpoint.class);
        cut.read(base, Topics.CHECKPOINTS, record -> {
            Checkpoint checkpoint = value(Topics.CHECKPOINTS, record, Checkpoint.class);
            if (checkpoint != null && checkpoint.getKind().equals(TEXT_MODEL) && announced.add(record.key())) {
                checkpoint.setRole(CheckpointRole.CANDIDATE);
                byte[] bytes = serde.serializer().serialize(record.topic(), checkpoint);
                send(Topics.CHECKPOINTS, null, record.timestamp(), record.key(), bytes);
                written[0]++;
            }
        });
        return written[0];
    }

    private boolean takes(Topic<?> topic, ConsumerRecord<String, byte[]> record) {
        if (topic.equals(Topics.ROUNDS)) {
            Round round = value(Topics.ROUNDS, record, Round.class);
            return round != null && round.getRun() == run && !LATER_THAN_RECORDED.contains(round.getPhase());
        }
        if (topic.equals(Topics.ROUND_ACCOUNTS)) { // the last one of a run tells of its verdicts
            RoundAccount account = value(Topics.ROUND_ACCOUNTS, record, RoundAccount.class);
            return account != null && (account.getRun() < run || (account.getRun() == run && account.getRound() > 0));
        }
        if (topic.equals(Topics.FLIP_AUDITS)) { // the replayed run draws its own
            AuditedFlip audit = value(Topics.FLIP_AUDITS, record, AuditedFlip.class);
            return audit != null && audit.getRun() < run;
        }
        if (topic.equals(Topics.VOTES)) { // reward models vote as they decide
            Vote vote = value(Topics.VOTES, record, Vote.class);
            return vote != null && vote.getKind() != RaterKind.REWARD_MODEL;
        }
        if (topic.equals(Topics.ANNOTATIONS_IN)) {
            HumanAnnotation label = value(Topics.ANNOTATIONS_IN, record, HumanAnnotation.class);
            return label != null && variant.labels().take(label.getId(), label.getAnnotator());
        }
        if (topic.equals(Topics.PAIRS_IN)) {
            return takesRow(record);
        }
        if (topic.equals(Topics.CONVERSATIONS_IN) || topic.equals(Topics.REJECTED_INPUT)) {
            return range.isByOffset() || range.holds(record.partition(), record.offset(), record.timestamp());
        }
        boolean ofAPair = topic.equals(Topics.PAIRS)
                || topic.equals(Topics.CONTAMINATIONS)
                || topic.equals(Topics.NEAR_DUPLICATES)
                || topic.equals(Topics.PAIR_ATTRIBUTES);
        return !ofAPair || pairs == null || pairs.contains(record.key());
    }

    private boolean takesRow(ConsumerRecord<String, byte[]> record) {
        PairIn row = value(Topics.PAIRS_IN, record, PairIn.class);
        if (row == null || pairs == null || row.getChosen() == null || row.getRejected() == null) {
            return row != null;
        }
        return pairs.contains(PairIdentity.pairId(
                row.getHistory().stream()
                        .map(turn -> new Message(turn.getRole(), turn.getContent()))
                        .toList(),
                row.getChosen(),
                row.getRejected()));
    }

    private <T extends SpecificRecord> @Nullable T value(
            Topic<T> topic, ConsumerRecord<String, byte[]> record, Class<T> type) {
        return record.value() == null
                ? null
                : wire.topicSerde(base.prefix() + topic.name(), type)
                        .deserializer()
                        .deserialize(record.topic(), record.value());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback keeps what failed
    private void send(
            Topic<?> topic, @Nullable Integer partition, long timestamp, String key, byte @Nullable [] value) {
        producer.send(record(to.prefix() + topic.name(), partition, timestamp, key, value), (metadata, failed) -> {
            if (failed != null) {
                failure.compareAndSet(null, failed);
            }
        });
    }

    @SuppressWarnings("NullAway") // no partition leaves it to the key, and no value is a tombstone
    private static ProducerRecord<String, byte[]> record(
            String topic, @Nullable Integer partition, long timestamp, String key, byte @Nullable [] value) {
        return new ProducerRecord<>(topic, partition, timestamp, key, value);
    }

    @Override
    public void close() {
        producer.close();
    }
}
