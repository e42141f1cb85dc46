package io.prefstream.retrieval.processor;

import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.stage.StageTopology;
import io.prefstream.kit.stage.Store;
import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import io.prefstream.kittest.PlainWire;
import io.prefstream.retrieval.domain.TextFeatures;
import io.prefstream.wire.LabelRequest;
import java.io.File;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * Retrieval's tasks on any number of partitions, with the topics between them, and the moves of a task to another instance:
 * a new processor over what the changelogs hold, as Kafka Streams restores it.
 */
final class Tasks {

    private static final List<Store<?>> STORES = List.of(
            RetrievalProcessor.WAITING,
            RetrievalProcessor.ATTRIBUTES,
            RetrievalProcessor.INDEX,
            RetrievalProcessor.HIDDEN_FROM,
            RetrievalProcessor.ANSWERS,
            new Store<>("progress-counts", Serdes.Long(), false));
    private static final Set<String> READ = Set.of("write-retrieval-queries", "write-retrieval-answers");

    private record Way(int partition, String topic, Record<String, SpecificRecord> record) {}

    private final TextFeatures texts;
    private final File folder;
    private final List<Task> tasks = new ArrayList<>();
    private final Deque<Way> underWay = new ArrayDeque<>();
    private final List<LabelRequest> requests = new ArrayList<>();

    Tasks(int partitions, TextFeatures texts, File folder) {
        this.texts = texts;
        this.folder = folder;
        for (int partition = 0; partition < partitions; partition++) {
            tasks.add(new Task(partition, partitions));
        }
    }

    /** Gives a record to the task of its key. */
    void send(Topic<?> topic, String key, SpecificRecord value) {
        int partition = StageTopology.partitionOf(key, tasks.size());
        tasks.get(partition).process(topic.name(), new Record<>(key, value, 0L));
    }

    /** Lets the tasks read what they write to each other, at most so many records; returns whether some is left. */
    boolean run(int most) {
        for (int i = 0; i < most && !underWay.isEmpty(); i++) {
            Way next = underWay.removeFirst();
            tasks.get(next.partition()).process(next.topic(), next.record());
        }
        return !underWay.isEmpty();
    }

    /** Moves a task to another instance. */
    void move(int partition) {
        tasks.set(partition, new Task(tasks.get(partition)));
    }

    /** Label requests so far. */
    List<LabelRequest> requests() {
        return requests;
    }

    /** One partition's task. */
    private final class Task {
        private final int partition;
        private final int partitions;
        private final MockProcessorContext<String, SpecificRecord> context;
        private final RetrievalProcessor processor;

        Task(int partition, int partitions) {
            this.partition = partition;
            this.partitions = partitions;
            this.context = context();
            STORES.forEach(this::add);
            this.processor = begin();
        }

        Task(Task before) {
            this.partition = before.partition;
            this.partitions = before.partitions;
            this.context = context();
            STORES.forEach(store -> restore(store, before));
            before.processor.close();
            this.processor = begin();
        }

        private MockProcessorContext<String, SpecificRecord> context() {
            Properties settings = new Properties();
            settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "prefstream-retrieval");
            settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
            MockProcessorContext<String, SpecificRecord> made =
                    new MockProcessorContext<>(settings, new TaskId(0, partition), folder);
            made.setCurrentStreamTimeMs(0);
            return made;
        }

        private RetrievalProcessor begin() {
            RetrievalProcessor begun = new RetrievalProcessor(
                    new StageEnvironment("retrieval", "", partitions, new PlainWire()), texts, 7);
            begun.init(context);
            return begun;
        }

        private <V> KeyValueStore<String, V> add(Store<V> store) {
            KeyValueStore<String, V> made = Stores.keyValueStoreBuilder(
                            Stores.inMemoryKeyValueStore(store.name()), Serdes.String(), store.serde())
                    .withLoggingDisabled()
                    .withCachingDisabled()
                    .build();
            made.init(context.getStateStoreContext(), made);
            context.addStateStore(made);
            return made;
        }

        /** Only bytes move from one instance to the next. */
        private <V> void restore(Store<V> store, Task before) {
            KeyValueStore<String, V> now = add(store);
            KeyValueStore<String, V> old = before.context.getStateStore(store.name());
            Serde<V> serde = store.serde();
            try (KeyValueIterator<String, V> all = old.all()) {
                all.forEachRemaining(entry -> now.put(
                        entry.key,
                        serde.deserializer().deserialize("", serde.serializer().serialize("", entry.value))));
            }
        }

        void process(String topic, Record<String, SpecificRecord> record) {
            context.setRecordMetadata(topic, partition, 0);
            processor.process(record);
            for (var forwarded : context.forwarded()) {
                String sink = forwarded.childName().orElse("");
                var out = forwarded.record();
                if (READ.contains(sink)) {
                    Header header = out.headers().lastHeader("partition");
                    int to = header == null
                            ? StageTopology.partitionOf(out.key(), partitions)
                            : ((header.value()[0] & 0xff) << 8) | (header.value()[1] & 0xff);
                    underWay.addLast(
                            new Way(to, sink.substring("write-".length()), new Record<>(out.key(), out.value(), 0L)));
                } else if (out.value() instanceof LabelRequest request) {
                    requests.add(request);
                } else if (sink.equals(
                        "write-" + Topics.deadLetters("retrieval").name())) {
                    throw new AssertionError(out.value().toString());
                }
            }
            context.resetForwards();
        }
    }
}
