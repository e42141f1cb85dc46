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
import org.apache.kafka.clients.consumer.ConsumerRecords;
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

    /** How long a broker may give nothing before it is taken for gone. */
    public static final Duration LONGEST_SILENCE = Duration.ofSeconds(60);

    private final KafkaConsumer<String, byte[]> consumer;
    private final Map<String, Deserializer<? extends SpecificRecord>> values = new HashMap<>();
    private final List<TopicPartition> partitions = new ArrayList<>();
    private final String prefix;
    private final String bootstrap;

    /** A reader of the topics, which must be there. */
    public TopicReader(Installation installation, Wire wire, Collection<Topic<?>> topics) {
        this.prefix = installation.prefix();
        this.bootstrap = installation.bootstrap();
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

    /**
     * Reads all that was committed when the call began.
     *
     * @throws IllegalStateException when the broker gives nothing more for {@link #LONGEST_SILENCE}
     */
    public void readToEnd(Sink sink) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        long heard = System.nanoTime();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            if (poll(Duration.ofMillis(100), sink) > 0) {
                heard = System.nanoTime();
            } else if (System.nanoTime() - heard > LONGEST_SILENCE.toNanos()) {
                throw new IllegalStateException("Kafka at " + bootstrap + " has stopped answering");
            }
        }
    }

    /** Reads what comes within the time, and says how many records that were. */
    public int poll(Duration time, Sink sink) {
        ConsumerRecords<String, byte[]> records = consumer.poll(time);
        for (ConsumerRecord<String, byte[]> record : records) {
            Deserializer<? extends SpecificRecord> deserializer = values.get(record.topic());
            if (record.value() != null && deserializer != null) {
                sink.take(
                        record.topic().substring(prefix.length()),
                        record.key() == null ? "" : record.key(),
                        deserializer.deserialize(record.topic(), record.value()));
            }
        }
        return records.count();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
