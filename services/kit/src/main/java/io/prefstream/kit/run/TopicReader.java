package io.prefstream.kit.run;

import io.prefstream.kit.stage.Wire;
import io.prefstream.kit.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads committed records of some topics from the beginning, each call going on where the last one ended. For readers
 * outside the stages: training, export, the command line. One thread at a time.
 */
public final class TopicReader implements AutoCloseable {

    /** Takes one record; a tombstone's value isn't passed on. */
    @FunctionalInterface
    public interface Sink {
        /** Takes a record of {@code topic} (name without prefix). */
        void take(String topic, String key, SpecificRecord value);
    }

    private final KafkaConsumer<String, byte[]> consumer;
    private final Map<String, Deserializer<? extends SpecificRecord>> values = new HashMap<>();
    private final List<TopicPartition> partitions = new ArrayList<>();
    private final String prefix;

    /** A reader of the topics, which must be there. */
    public TopicReader(Installation installation, Wire wire, Collection<Topic<?>> topics) {
        this.prefix = installation.prefix();
        Properties settings = new Properties();
        settings.putAll(installation.client());
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, installation.bootstrap());
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 8 << 20);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2000);
        consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
        for (Topic<?> topic : topics) {
            String name = prefix + topic.name();
            values.put(name, wire.topicSerde(name, topic.type()).deserializer());
            for (PartitionInfo info : consumer.partitionsFor(name)) {
                partitions.add(new TopicPartition(name, info.partition()));
            }
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Reads all that was committed when the call began. */
    public void readToEnd(Sink sink) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            poll(Duration.ofMillis(100), sink);
        }
    }

    /** Reads what comes within the time. */
    public void poll(Duration time, Sink sink) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(time)) {
            Deserializer<? extends SpecificRecord> deserializer = values.get(record.topic());
            if (record.value() != null && deserializer != null) {
                sink.take(
                        record.topic().substring(prefix.length()),
                        record.key() == null ? "" : record.key(),
                        deserializer.deserialize(record.topic(), record.value()));
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
