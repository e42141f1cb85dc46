package io.prefstream.runner.ablate;

import io.prefstream.kit.run.Installation;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Where each topic of an installation ended at one moment. All that is read through it ends there, whatever comes later.
 *
 * @param ends by topic without prefix the end offset of each partition
 */
record Cut(Map<String, List<Long>> ends) {

    /** What the topics hold now. */
    static Cut now(Installation installation, Collection<? extends Topic<?>> topics) {
        Map<String, List<Long>> ends = new TreeMap<>();
        try (KafkaConsumer<String, byte[]> consumer = consumer(installation)) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (Topic<?> topic : topics) {
                int count = topic.partitions(installation.pairPartitions());
                for (int partition = 0; partition < count; partition++) {
                    partitions.add(new TopicPartition(installation.prefix() + topic.name(), partition));
                }
            }
            Map<TopicPartition, Long> found = consumer.endOffsets(partitions);
            for (TopicPartition partition : partitions) {
                ends.computeIfAbsent(
                                partition
                                        .topic()
                                        .substring(installation.prefix().length()),
                                topic -> new ArrayList<>())
                        .add(found.getOrDefault(partition, 0L));
            }
        }
        return new Cut(ends);
    }

    /** Takes a record; its key and its value may be null. */
    @FunctionalInterface
    interface Sink {
        /** Takes a record of {@code topic} (name without prefix). */
        void take(String topic, ConsumerRecord<String, byte[]> record);
    }

    /** Reads a topic's committed records up to the cut, each partition in order. */
    void read(Installation installation, Topic<?> topic, Consumer<ConsumerRecord<String, byte[]>> sink) {
        read(installation, List.of(topic), (name, record) -> sink.accept(record));
    }

    /** Reads the committed records of several topics up to the cut, each partition in order. */
    void read(Installation installation, Collection<? extends Topic<?>> topics, Sink sink) {
        int prefix = installation.prefix().length();
        Map<TopicPartition, Long> until = new HashMap<>();
        try (KafkaConsumer<String, byte[]> consumer = consumer(installation)) {
            for (Topic<?> topic : topics) {
                List<Long> of = ends.getOrDefault(topic.name(), List.of());
                for (int partition = 0; partition < of.size(); partition++) {
                    if (of.get(partition) > 0) {
                        until.put(
                                new TopicPartition(installation.prefix() + topic.name(), partition), of.get(partition));
                    }
                }
            }
            consumer.assign(until.keySet());
            consumer.seekToBeginning(until.keySet());
            long heard = System.nanoTime();
            while (!until.isEmpty()) {
                var records = consumer.poll(Duration.ofMillis(100));
                for (ConsumerRecord<String, byte[]> record : records) {
                    Long end = until.get(new TopicPartition(record.topic(), record.partition()));
                    if (end != null && record.offset() < end) {
                        sink.take(record.topic().substring(prefix), record);
                    }
                }
                if (until.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue())) {
                    consumer.assign(until.keySet());
                    heard = System.nanoTime();
                } else if (!records.isEmpty()) {
                    heard = System.nanoTime();
                } else if (System.nanoTime() - heard > TopicReader.LONGEST_SILENCE.toNanos()) {
                    throw new IllegalStateException("Kafka at " + installation.bootstrap() + " has stopped answering");
                }
            }
        }
    }

    private static KafkaConsumer<String, byte[]> consumer(Installation installation) {
        Properties p = new Properties();
        p.putAll(installation.client());
        p.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, installation.bootstrap());
        p.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        p.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        p.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 8 << 20);
        p.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2000);
        return new KafkaConsumer<>(p, new StringDeserializer(), new ByteArrayDeserializer());
    }
}
