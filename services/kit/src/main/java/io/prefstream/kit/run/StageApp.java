package io.prefstream.kit.run;

import io.prefstream.kit.stage.Wire;
import io.prefstream.kit.topic.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stage at work: its Kafka Streams client from start to stop.
 *
 * <p>A corrupt state folder is put aside once and rebuilt from the changelogs. A failing stream thread is replaced at
 * most {@value #REPLACEMENTS} times in ten minutes; then the stage stops and says so through {@link #failed}.
 */
public final class StageApp implements AutoCloseable {

    static final int REPLACEMENTS = 3;
    private static final Duration REPLACEMENT_WINDOW = Duration.ofMinutes(10);
    private static final Logger LOG = LoggerFactory.getLogger(StageApp.class);

    private final String stage;
    private final Topology topology;
    private final Installation installation;
    private final Properties settings;
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private final CompletableFuture<Void> running = new CompletableFuture<>();
    private final Deque<Instant> replaced = new ArrayDeque<>();
    private final Restores restores = new Restores();
    private volatile KafkaStreams streams;
    private long done = -1;
    private long movedNanos = System.nanoTime();

    /** Prepares a stage; nothing runs before {@link #start}. */
    public StageApp(String stage, Topology topology, Installation installation, Wire wire) {
        this.stage = stage;
        this.topology = topology;
        this.installation = installation;
        this.settings = settings(stage, installation, wire);
        this.streams = client();
    }

    /** Starts the stage. Returns at once; {@link #awaitRunning} waits. */
    public void start() {
        try {
            streams.start();
        } catch (ProcessorStateException corrupt) {
            LOG.warn("{}: state under {} cannot be opened; putting it aside and rebuilding it", stage, stateFolder());
            streams.close(Duration.ofSeconds(10));
            putAside();
            streams = client();
            streams.start();
        }
    }

    /**
     * Waits until the stage has its tasks.
     *
     * @throws IllegalStateException when it fails or isn't there in time
     */
    public void awaitRunning(Duration timeout) {
        try {
            running.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    stage + " did not start within " + timeout.toSeconds() + " s; its state is " + streams.state(), e);
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new IllegalStateException(stage + " failed: " + cause.getMessage(), cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + stage + " started", e);
        }
    }

    /** Completes with the cause when the stage has stopped for good by a fault. */
    public CompletableFuture<Throwable> failed() {
        return failure;
    }

    /** The stage's name. */
    public String stage() {
        return stage;
    }

    /** Whether the stage is well; follows the state of its client and what it gets done between two calls. */
    public synchronized StageHealth health() {
        StageReading now = reading();
        if (now.done() != done || now.waiting() == 0) {
            done = now.done();
            movedNanos = System.nanoTime();
        }
        return StageHealth.of(
                streams.state(),
                running.isDone() && !running.isCompletedExceptionally(),
                failure.isDone() ? String.valueOf(failure.join().getMessage()) : null,
                restores.left(),
                now.waiting(),
                now.sincePoll(),
                Duration.ofNanos(System.nanoTime() - movedNanos));
    }

    /** What its clients say of themselves now. */
    public StageReading reading() {
        return StageReading.of(streams.metrics(), installation.prefix());
    }

    /** Records of its stores that are still to be restored. */
    public long restoring() {
        return restores.left();
    }

    /** Topics that it reads, without prefix. */
    public Set<String> reads() {
        return topics(node -> node instanceof TopologyDescription.Source source ? source.topicSet() : Set.of());
    }

    /** Topics that it writes, without prefix. */
    public Set<String> writes() {
        return topics(node -> node instanceof TopologyDescription.Sink sink ? Set.of(sink.topic()) : Set.of());
    }

    /** The client, for its metrics. */
    public KafkaStreams streams() {
        return streams;
    }

    /** Stops within the time; members stay in the group, so that a restart finds its tasks again. */
    @Override
    public void close() {
        streams.close(CloseOptions.timeout(Duration.ofSeconds(20))
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP));
    }

    private Set<String> topics(Function<TopologyDescription.Node, Set<String>> of) {
        return topology.describe().subtopologies().stream()
                .flatMap(part -> part.nodes().stream())
                .flatMap(node -> of.apply(node).stream())
                .map(topic -> topic.substring(installation.prefix().length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private KafkaStreams client() {
        KafkaStreams client = new KafkaStreams(topology, settings);
        client.setGlobalStateRestoreListener(restores);
        client.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.RUNNING) {
                running.complete(null);
            }
            if (now == KafkaStreams.State.ERROR) {
                IllegalStateException error = new IllegalStateException(stage + " stopped by a fault; see the log");
                running.completeExceptionally(error);
                failure.complete(error);
            }
        });
        client.setUncaughtExceptionHandler(error -> {
            LOG.error("{}: a stream thread failed", stage, error);
            return mayReplace()
                    ? StreamThreadExceptionResponse.REPLACE_THREAD
                    : StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        return client;
    }

    private synchronized boolean mayReplace() {
        Instant now = Instant.now();
        replaced.removeIf(at -> at.isBefore(now.minus(REPLACEMENT_WINDOW)));
        replaced.add(now);
        return replaced.size() <= REPLACEMENTS;
    }

    private Path stateFolder() {
        return installation.stateDir().resolve(settings.getProperty(StreamsConfig.APPLICATION_ID_CONFIG));
    }

    private void putAside() {
        Path folder = stateFolder();
        try {
            int n = 1;
            while (Files.exists(folder.resolveSibling(folder.getFileName() + ".corrupt-" + n))) {
                n++;
            }
            Files.move(folder, folder.resolveSibling(folder.getFileName() + ".corrupt-" + n));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot put the corrupt state aside: " + folder, e);
        }
    }

    /** Counts what is left to restore. The client's threads call it. */
    private static final class Restores implements StateRestoreListener {

        private final Map<String, Long> left = new ConcurrentHashMap<>();

        long left() {
            return left.values().stream().mapToLong(Long::longValue).sum();
        }

        @Override
        public void onRestoreStart(TopicPartition from, String store, long start, long end) {
            left.put(from + store, Math.max(0, end - start));
        }

        @Override
        public void onBatchRestored(TopicPartition from, String store, long end, long n) {
            left.computeIfPresent(from + store, (key, before) -> Math.max(0, before - n));
        }

        @Override
        public void onRestoreEnd(TopicPartition from, String store, long total) {
            left.remove(from + store);
        }

        @Override
        public void onRestoreSuspended(TopicPartition from, String store, long total) {
            left.remove(from + store);
        }
    }

    private static Properties settings(String stage, Installation installation, Wire wire) {
        Properties p = new Properties();
        p.putAll(installation.client());
        p.put(StreamsConfig.APPLICATION_ID_CONFIG, installation.prefix() + "prefstream-" + stage);
        p.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, installation.bootstrap());
        p.put(StreamsConfig.STATE_DIR_CONFIG, installation.stateDir().toString());
        p.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        p.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                installation.commitInterval().toMillis());
        p.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, installation.threads());
        p.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) installation.replication());
        p.put(StreamsConfig.TOPOLOGY_OPTIMIZATION_CONFIG, StreamsConfig.OPTIMIZE);
        p.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0L);
        p.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocks.class);
        p.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetterOnBadBytes.class);
        p.put(DeadLetterOnBadBytes.STAGE, stage);
        p.put(DeadLetterOnBadBytes.PREFIX, installation.prefix());
        p.put(DeadLetterOnBadBytes.WIRE, wire);
        p.put(StreamsConfig.consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), installation.instance());
        p.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), (int)
                installation.sessionTimeout().toMillis());
        p.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
                (int) installation.sessionTimeout().toMillis() / 4);
        p.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 500);
        p.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG), 4 << 20);
        p.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 60_000);
        p.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
        p.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 256 * 1024);
        p.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 20);
        p.put(StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), 64L << 20);
        p.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), Topic.MAX_BYTES);
        p.put(StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG), Topic.MAX_BYTES);
        return p;
    }
}
