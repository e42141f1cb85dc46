package io.prefstream.kit.stage;

import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.Stores;

/**
 * Builds the topology of a stage: it reads some topics into one processor with some stores, which writes some topics.
 *
 * <pre>
 * read-A, read-B ... -> &lt;stage&gt; [stores] -> write-C, write-D ..., write-progress, write-&lt;stage&gt;-dead-letters
 * </pre>
 */
public final class StageTopology {

    static final String PARTITION_HEADER = "partition";

    private StageTopology() {}

    /** The topology of one stage whose tasks are one a partition. */
    public static Topology of(
            StageEnvironment environment,
            List<Topic<?>> reads,
            List<Store<?>> stores,
            List<Topic<?>> writes,
            Supplier<StageProcessor> processor) {
        Topology topology = new Topology();
        String stage = environment.stage();
        String[] sources = new String[reads.size()];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = addSource(topology, environment, reads.get(i));
        }
        topology.addProcessor(stage, processor::get, sources);
        // On disk, though small: Kafka Streams names a stage's transactions after an id that it keeps beside stores on
        // disk.
        // Without one, a killed process's transactions stay open until they time out, and hold up all that read them.
        addStore(topology, new Store<>(StageProcessor.COUNTS, Serdes.Long(), false), stage);
        stores.forEach(store -> addStore(topology, store, stage));
        writes.forEach(topic -> addSink(topology, environment, topic, stage));
        addSink(topology, environment, Topics.PROGRESS, stage);
        addSink(topology, environment, Topics.deadLetters(stage), stage);
        return topology;
    }

    /** Partition of a key among {@code partitions}; the same everywhere, so that equal keys meet in one task. */
    public static int partitionOf(String key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % partitions;
    }

    static String sink(Topic<?> topic) {
        return "write-" + topic.name();
    }

    private static <T extends SpecificRecord> String addSource(
            Topology topology, StageEnvironment environment, Topic<T> topic) {
        String name = "read-" + topic.name();
        Serde<T> serde = environment.wire().topicSerde(environment.prefix() + topic.name(), topic.type());
        topology.addSource(
                AutoOffsetReset.earliest(),
                name,
                Serdes.String().deserializer(),
                serde.deserializer(),
                environment.prefix() + topic.name());
        return name;
    }

    private static <T extends SpecificRecord> void addSink(
            Topology topology, StageEnvironment environment, Topic<T> topic, String parent) {
        String name = environment.prefix() + topic.name();
        Serde<T> serde = environment.wire().topicSerde(name, topic.type());
        topology.addSink(
                sink(topic), name, Serdes.String().serializer(), serde.serializer(), new ByHeaderOrKey<T>(), parent);
    }

    private static <V> void addStore(Topology topology, Store<V> store, String processor) {
        KeyValueBytesStoreSupplier supplier = store.inMemory()
                ? Stores.inMemoryKeyValueStore(store.name())
                : Stores.persistentKeyValueStore(store.name());
        topology.addStateStore(
                Stores.keyValueStoreBuilder(supplier, Serdes.String(), store.serde())
                        .withCachingDisabled(),
                processor);
    }

    /** Sends a copy to the partition that its header names, and any other record where its key belongs. */
    private static final class ByHeaderOrKey<T> implements StreamPartitioner<String, T> {
        @Override
        @SuppressWarnings("removal") // still abstract, and never called: the one below is
        public Optional<Set<Integer>> partitions(String topic, String key, T value, int partitions) {
            return Optional.of(Set.of(partitionOf(key, partitions)));
        }

        @Override
        public Optional<Set<Integer>> partitions(String topic, String key, T value, Headers headers, int partitions) {
            Header header = headers.lastHeader(PARTITION_HEADER);
            int partition = header == null
                    ? partitionOf(key, partitions)
                    : ((header.value()[0] & 0xff) << 8) | (header.value()[1] & 0xff);
            return Optional.of(Set.of(partition));
        }
    }
}
