package io.prefstream.kit.registry;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** The log as the compacted topic {@code _schemas} of one partition. */
public final class KafkaSchemaLog implements SchemaLog {

    private static final String TOPIC = "_schemas";

    private final Map<String, Object> settings;
    private final KafkaProducer<String, String> producer;

    /** A log on a broker; the topic is made when it is missing. */
    public KafkaSchemaLog(String bootstrap) {
        settings = Map.of("bootstrap.servers", bootstrap);
        try (Admin admin = Admin.create(settings)) {
            Set<String> topics = admin.listTopics().names().get();
            if (!topics.contains(TOPIC)) {
                admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)
                                .configs(Map.of("cleanup.policy", "compact", "retention.ms", "-1"))))
                        .all()
                        .get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while making " + TOPIC, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot make " + TOPIC + ": " + cause(e).getMessage(), cause(e));
        }
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "acks", "all", "enable.idempotence", true),
                new StringSerializer(),
                new StringSerializer());
    }

    @Override
    public void replay(BiConsumer<String, @Nullable String> records) {
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = Objects.requireNonNull(
                    consumer.endOffsets(List.of(partition)).get(partition));
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    records.accept(record.key(), record.value());
                }
            }
        }
    }

    @Override
    public void append(String key, @Nullable String value) {
        try {
            producer.send(new ProducerRecord<>(TOPIC, 0, key, value)).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while writing a schema", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot write a schema: " + cause(e).getMessage(), cause(e));
        }
    }

    @Override
    public void close() {
        producer.close();
    }

    private static Throwable cause(ExecutionException e) {
        return Objects.requireNonNullElse(e.getCause(), e);
    }
}
