package io.prefstream.runner.app;

import io.prefstream.kit.run.Installation;
import io.prefstream.kit.stage.Wire;
import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import io.prefstream.wire.RunRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Writes a batch and the order to curate it in one transaction, so that a batch is there whole or not at all, however
 * the process ends.
 */
final class Feeder implements AutoCloseable {

    private static final Duration LONGEST = Duration.ofMinutes(15);

    private final KafkaProducer<String, byte[]> producer;
    private final Wire wire;
    private final String prefix;
    private final Map<String, Long> counts = new HashMap<>();

    /** A feeder of a name of its own: two of one name end each other's transactions. */
    Feeder(Installation installation, Wire wire, String name) {
        this.wire = wire;
        this.prefix = installation.prefix();
        Properties settings = new Properties();
        settings.putAll(installation.client());
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, installation.bootstrap());
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, prefix + "prefstream-" + name);
        settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) LONGEST.toMillis());
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topic.MAX_BYTES);
        producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
        producer.initTransactions();
        producer.beginTransaction();
    }

    <T extends SpecificRecord> void send(Topic<T> topic, String key, T value) {
        String name = prefix + topic.name();
        byte[] bytes = wire.topicSerde(name, topic.type()).serializer().serialize(name, value);
        var _ = producer.send(new ProducerRecord<>(name, key, bytes)); // the commit fails when a send has failed
        counts.merge(topic.name(), 1L, Long::sum);
    }

    /** Records sent so far to a topic. */
    long sent(Topic<?> topic) {
        return counts.getOrDefault(topic.name(), 0L);
    }

    /** Sends the order and commits all. */
    void commit(RunRequest request) {
        send(Topics.RUNS, "run-" + request.getRun(), request);
        producer.commitTransaction();
    }

    /** Commits what was sent, without an order. */
    void commit() {
        producer.commitTransaction();
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(10));
    }
}
