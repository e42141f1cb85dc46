package io.prefstream.ingest.client;

import io.prefstream.kit.run.Installation;
import io.prefstream.kit.stage.Wire;
import io.prefstream.kit.topic.Topic;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Writes to Kafka. Records wait in a buffer of fixed size; when it is full, a sender waits. */
public final class KafkaDoor implements Transactions, AutoCloseable {

    private static final Duration LONGEST_TRANSACTION = Duration.ofMinutes(15);
    private static final int BUFFER_BYTES = 32 << 20;

    private final KafkaProducer<String, byte[]> producer;
    private final Wire wire;
    private final String prefix;
    private final Map<String, Serializer<?>> serializers = new ConcurrentHashMap<>();

    private KafkaDoor(Installation installation, Wire wire, @Nullable String transactions) {
        this.wire = wire;
        this.prefix = installation.prefix();
        Properties settings = new Properties();
        settings.putAll(installation.client());
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, installation.bootstrap());
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topic.MAX_BYTES);
        if (transactions != null) {
            settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) LONGEST_TRANSACTION.toMillis());
            settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, prefix + "prefstream-" + transactions);
        }
        producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
        if (transactions != null) {
            producer.initTransactions();
        }
    }

    /** A door whose records are there one by one. */
    public static KafkaDoor open(Installation installation, Wire wire) {
        return new KafkaDoor(installation, wire, null);
    }

    /** A door whose records are there by transactions; two of one name end each other's. */
    public static KafkaDoor transactional(Installation installation, Wire wire, String name) {
        return new KafkaDoor(installation, wire, name);
    }

    @Override
    public <T extends SpecificRecord> void send(
            Topic<T> topic, String key, T value, Consumer<@Nullable Exception> done) {
        String name = prefix + topic.name();
        @SuppressWarnings("unchecked") // a topic has one type
        Serializer<T> serializer = (Serializer<T>) serializers.computeIfAbsent(
                name, n -> wire.topicSerde(n, topic.type()).serializer());
        byte[] bytes = serializer.serialize(name, value);
        var _ = producer.send(new ProducerRecord<>(name, key, bytes), (where, error) -> done.accept(error));
    }

    @Override
    public void begin() {
        producer.beginTransaction();
    }

    @Override
    public void commit() {
        producer.commitTransaction();
    }

    /** Ends it together with how far a consumer has read. */
    void commit(Map<TopicPartition, OffsetAndMetadata> read, ConsumerGroupMetadata group) {
        producer.sendOffsetsToTransaction(read, group);
        producer.commitTransaction();
    }

    @Override
    public void abort() {
        producer.abortTransaction();
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(10));
    }
}
