package io.prefstream.kit.stage;

import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import io.prefstream.wire.DeadLetter;
import io.prefstream.wire.Progress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.metrics.MeasurableStat;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The one processor of a stage's task. It dispatches records to {@link #on}, counts what it has read and written, and
 * turns a failing record into a dead letter.
 *
 * <p>Counts live in a store, so under exactly-once they are true to what was committed, and go out on the progress
 * topic. A barrier is open when every edge balances: each record written was read by each of its readers. A record
 * whose work goes on after {@link #on} returns is counted late: {@link #later} and then {@link #done}.
 *
 * <p>One thread a task calls it; subclasses need no locks.
 */
public abstract class StageProcessor implements Processor<String, SpecificRecord, String, SpecificRecord> {

    /** Group of the metrics of {@link #gauge}. */
    public static final String FIGURES = "prefstream-figures";

    static final String COUNTS = "progress-counts";
    private static final Duration REPORT_EVERY = Duration.ofMillis(50);

    private final String stage;
    private final String prefix;
    private final int pairPartitions;
    private final Map<String, Long> counts = new ConcurrentHashMap<>(); // metrics read it from other threads
    private final Map<String, Sensor> shown = new HashMap<>();
    private ProcessorContext<String, SpecificRecord> context;
    private KeyValueStore<String, Long> countStore;
    private boolean unreported = true;
    private boolean late;

    /** A processor for one task of the stage. */
    @SuppressWarnings("NullAway.Init") // context and store come with init
    protected StageProcessor(StageEnvironment environment) {
        this.stage = environment.stage();
        this.prefix = environment.prefix();
        this.pairPartitions = environment.pairPartitions();
    }

    /** Handles one record of {@code topic} (name without prefix). What it throws makes the record a dead letter. */
    protected abstract void on(String topic, String key, SpecificRecord value);

    /** Called once the stores are there, before the first record. */
    protected void ready() {}

    @Override
    public final void init(ProcessorContext<String, SpecificRecord> context) {
        this.context = context;
        this.countStore = context.getStateStore(COUNTS);
        counts.clear(); // a task that comes back after an aborted transaction still holds its counts
        try (KeyValueIterator<String, Long> all = countStore.all()) {
            all.forEachRemaining(entry -> counts.put(entry.key, entry.value));
        }
        context.schedule(REPORT_EVERY, PunctuationType.WALL_CLOCK_TIME, now -> report(now));
        counts.keySet().forEach(this::show);
        ready();
    }

    @Override
    public final void close() {
        shown.values().forEach(context.metrics()::removeSensor);
        shown.clear();
    }

    @Override
    public final void process(Record<String, SpecificRecord> record) {
        String topic = context.recordMetadata()
                .map(metadata -> metadata.topic().substring(prefix.length()))
                .orElse("");
        late = false;
        try {
            if (record.value() != null) {
                on(topic, record.key() == null ? "" : record.key(), record.value());
            }
        } catch (KafkaException fault) {
            throw fault; // the platform's faults are not the record's
        } catch (RuntimeException | StackOverflowError bug) {
            deadLetter(topic, record.key(), bug);
        }
        if (!late) {
            add("consumed/" + topic, 1);
        }
    }

    /** Says that the record in hand isn't done when {@link #on} returns; {@link #done} counts it. */
    protected final void later() {
        late = true;
    }

    /** Counts {@code n} records of {@code topic} that were put off with {@link #later}. */
    protected final void done(String topic, long n) {
        add("consumed/" + topic, n);
    }

    /** Writes a record to a topic that this stage owns. */
    protected final void emit(Topic<?> topic, String key, SpecificRecord value) {
        context.forward(new Record<>(key, value, timestamp(), headers(key)), StageTopology.sink(topic));
        add("produced/" + topic.name(), 1);
    }

    /** Takes back what stands under a key of a compacted topic that this stage owns. */
    protected final void retract(Topic<?> topic, String key) {
        context.forward(new Record<>(key, null, timestamp(), headers(key)), StageTopology.sink(topic));
        add("produced/" + topic.name(), 1);
    }

    /** Writes a copy of a record to every partition of a topic, counted once a partition. */
    protected final void emitToAll(Topic<?> topic, String key, SpecificRecord value) {
        for (int partition = 0; partition < topic.partitions(pairPartitions); partition++) {
            emitTo(partition, topic, key, value);
        }
    }

    /** Writes a record to one partition of a topic, whatever its key. */
    protected final void emitTo(int partition, Topic<?> topic, String key, SpecificRecord value) {
        RecordHeaders headers = headers(key);
        headers.add(StageTopology.PARTITION_HEADER, new byte[] {(byte) (partition >> 8), (byte) partition});
        context.forward(new Record<>(key, value, timestamp(), headers), StageTopology.sink(topic));
        add("produced/" + topic.name(), 1);
    }

    /** Makes the record with this key a dead letter; the error's message must hold no content. */
    protected final void deadLetter(String topic, String key, Throwable error) {
        DeadLetter letter = DeadLetter.newBuilder()
                .setStage(stage)
                .setTopic(topic)
                .setPartition(partition())
                .setOffset(context.recordMetadata().map(m -> m.offset()).orElse(-1L))
                .setKind("processing")
                .setError(error.getClass().getSimpleName()
                        + (error.getMessage() == null ? "" : ": " + error.getMessage()))
                .setPairId(key)
                .setValue(null)
                .build();
        emit(Topics.deadLetters(stage), key, letter);
        add("failed/" + topic, 1);
    }

    /** Shows a number of this task as one of the client's metrics, in group prefstream-figures, until the task is closed. */
    protected final void gauge(String figure, DoubleSupplier value) {
        MetricName name = new MetricName(
                figure, FIGURES, "", Map.of("task", context.taskId().toString()));
        show(FIGURES + "/" + figure, name, value);
    }

    /** This task, for parts of the processor. */
    protected final Task task() {
        return new Parts();
    }

    private final class Parts implements Task {
        @Override
        public <V> KeyValueStore<String, V> store(Store<V> store) {
            return StageProcessor.this.store(store);
        }

        @Override
        public void emit(Topic<?> topic, String key, SpecificRecord value) {
            StageProcessor.this.emit(topic, key, value);
        }

        @Override
        public void emitToAll(Topic<?> topic, String key, SpecificRecord value) {
            StageProcessor.this.emitToAll(topic, key, value);
        }

        @Override
        public void later() {
            StageProcessor.this.later();
        }

        @Override
        public void done(String topic, long n) {
            StageProcessor.this.done(topic, n);
        }

        @Override
        public int partition() {
            return StageProcessor.this.partition();
        }
    }

    /** A store of this stage. */
    protected final <V> KeyValueStore<String, V> store(Store<V> store) {
        return context.getStateStore(store.name());
    }

    /** Calls {@code step} again and again, as often as the task has time, until the task is closed. */
    protected final void every(Duration pause, Runnable step) {
        context.schedule(pause, PunctuationType.WALL_CLOCK_TIME, now -> step.run());
    }

    /** Partition of this task, from 0. */
    protected final int partition() {
        return context.taskId().partition();
    }

    /** Number of partitions for pairs in this installation. */
    protected final int pairPartitions() {
        return pairPartitions;
    }

    /** Records that this task has written since the beginning, by topic. */
    protected final Map<String, Long> written() {
        return edges("produced/");
    }

    /** Records that this task has read and is done with since the beginning, by topic. */
    protected final Map<String, Long> read() {
        return edges("consumed/");
    }

    private long timestamp() {
        return Math.max(0, context.currentStreamTimeMs());
    }

    private RecordHeaders headers(String key) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("stage", stage.getBytes(StandardCharsets.UTF_8));
        headers.add("pair", key.getBytes(StandardCharsets.UTF_8));
        return headers;
    }

    private void add(String edge, long n) {
        long now = counts.merge(edge, n, Long::sum);
        countStore.put(edge, now);
        show(edge);
        unreported = true;
    }

    /** Makes a count one of the client's metrics, in group prefstream. */
    private void show(String edge) {
        if (shown.containsKey(edge)) {
            return;
        }
        int slash = edge.indexOf('/');
        MetricName name = new MetricName(
                edge.substring(0, slash),
                "prefstream",
                "",
                Map.of(
                        "stage",
                        stage,
                        "topic",
                        edge.substring(slash + 1),
                        "task",
                        context.taskId().toString()));
        show(edge, name, () -> counts.getOrDefault(edge, 0L));
    }

    private void show(String what, MetricName name, DoubleSupplier value) {
        Sensor sensor = context.metrics()
                .addSensor(name.group() + "/" + context.taskId() + "/" + what, Sensor.RecordingLevel.INFO);
        sensor.add(name, new Shown(value));
        shown.put(what, sensor);
    }

    /** A number, as a metric that nothing need be recorded to. */
    private record Shown(DoubleSupplier value) implements MeasurableStat {

        @Override
        public double measure(MetricConfig config, long now) {
            return value.getAsDouble();
        }

        @Override
        public void record(MetricConfig config, double value, long now) {}
    }

    private void report(long now) {
        if (!unreported) {
            return;
        }
        unreported = false;
        Progress progress = Progress.newBuilder()
                .setStage(stage)
                .setPartition(partition())
                .setConsumed(edges("consumed/"))
                .setProduced(edges("produced/"))
                .setFailed(edges("failed/"))
                .build();
        String key = stage + "/" + partition();
        context.forward(new Record<>(key, progress, now, headers(key)), StageTopology.sink(Topics.PROGRESS));
    }

    private Map<String, Long> edges(String kind) {
        Map<String, Long> edges = new TreeMap<>();
        counts.forEach((edge, n) -> {
            if (edge.startsWith(kind)) {
                edges.put(edge.substring(kind.length()), n);
            }
        });
        return edges;
    }
}
