package io.prefstream.runner.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.prefstream.kit.registry.AvroSerde;
import io.prefstream.kit.registry.HttpRegistryClient;
import io.prefstream.kit.run.Installation;
import io.prefstream.kit.topic.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.pulsar.kafka.shade.io.confluent.kafka.serializers.KafkaAvroDeserializer;

/** Reads topics as a consumer that isn't ours: with Confluent's own deserializer (7.0.1, relocated) and its registry client. */
final class ConfluentReader {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ConfluentReader() {}

    /** Reads every record of every topic, and holds what Confluent's deserializer makes of it to what ours does. */
    static Map<String, Integer> readEveryTopic(Installation installation) throws IOException {
        Map<String, String> registry = Map.of("schema.registry.url", installation.registry());
        HttpRegistryClient ours = new HttpRegistryClient(registry);
        KafkaAvroDeserializer theirs = new KafkaAvroDeserializer();
        theirs.configure(registry, false);
        Map<String, Integer> read = new TreeMap<>();
        Map<String, Object> settings =
                Map.of("bootstrap.servers", installation.bootstrap(), "isolation.level", "read_committed");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            Topics.all()
                    .forEach(topic -> consumer.partitionsFor(topic.name())
                            .forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition()))));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> message : consumer.poll(Duration.ofMillis(100))) {
                    if (message.value() != null) {
                        assertThat(JSON.readTree(theirs.deserialize(message.topic(), message.value())
                                        .toString()))
                                .isEqualTo(JSON.readTree(
                                        AvroSerde.generic(ours, message.value()).toString()));
                        read.merge(message.topic(), 1, Integer::sum);
                    }
                }
            }
        }
        return read;
    }
}
