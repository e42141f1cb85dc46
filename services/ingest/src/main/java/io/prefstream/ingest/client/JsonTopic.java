package io.prefstream.ingest.client;

import io.prefstream.ingest.domain.RowFault;
import io.prefstream.kit.config.UserError;
import io.prefstream.kit.run.Installation;
import io.prefstream.kit.stage.Wire;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads a topic with a JSON object a record, as long as it is open. What was read and what became of it are written in one
 * transaction, so a killed process neither loses nor repeats.
 */
public final class JsonTopic implements AutoCloseable {

    private static final Duration WAIT = Duration.ofMillis(200);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaDoor door;
    private final Loop loop;

    private JsonTopic(String topic, Installation installation, Wire wire) {
        Properties settings = new Properties();
        settings.putAll(installation.client());
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, installation.bootstrap());
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, installation.prefix() + "prefstream-json-topic");
        // Known by a name, it takes the place of a killed one at once.
        settings.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, installation.instance());
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        door = KafkaDoor.transactional(installation, wire, "json-topic");
        consumer.subscribe(List.of(topic));
        loop = Loop.start("json topic " + topic, Duration.ZERO, this::step);
    }

    /** Starts to read, from the beginning or from where the last process stopped; a topic that isn't there is made. */
    public static JsonTopic open(String topic, Installation installation, Wire wire) {
        Map<String, Object> client = new HashMap<>(installation.client());
        client.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, installation.bootstrap());
        NewTopic missing = new NewTopic(topic, installation.pairPartitions(), installation.replication());
        try (Admin admin = Admin.create(client)) {
            admin.createTopics(List.of(missing)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new UserError("the topic " + topic + " cannot be read: "
                        + (e.getCause() == null ? e.getMessage() : e.getCause().getMessage()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking the broker", e);
        }
        return new JsonTopic(topic, installation, wire);
    }

    private void step() {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(WAIT);
        if (records.isEmpty()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> read = new HashMap<>();
        door.begin();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            read.put(
                    new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
            if (record.value() != null) {
                LiveLines rows = new LiveLines(record.topic() + "/" + record.partition(), 0, door);
                try {
                    rows.row(record.offset() + 1, StrictJson.row(JsonRows.decode(record.value())));
                } catch (RowFault fault) {
                    rows.fault(record.offset() + 1, fault);
                }
            }
        }
        door.commit(read, consumer.groupMetadata());
    }

    /** What it has died of; empty while all is well. */
    public Optional<String> fault() {
        return loop.fault();
    }

    @Override
    public void close() {
        loop.close();
        consumer.close();
        door.close();
    }
}
