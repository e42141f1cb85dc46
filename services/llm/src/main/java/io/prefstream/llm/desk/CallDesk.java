package io.prefstream.llm.desk;

import io.prefstream.kit.run.Installation;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.stage.Wire;
import io.prefstream.kit.topic.Topic;
import io.prefstream.llm.client.ChatClient;
import io.prefstream.llm.client.ChatFailure;
import io.prefstream.llm.domain.LlmSettings;
import io.prefstream.wire.LlmAnswer;
import io.prefstream.wire.LlmCall;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a stage's questions beside its stream: reads committed questions from a topic, asks on virtual threads, writes each
 * answer under the question's key, and only then commits the question. The committed question is the record of intent
 * that precedes a paid call; a question that has its answer is not asked again, whatever was killed when.
 *
 * <p>An endpoint that is away is tried again for the settings' patience. One that stays away or refuses us stops the desk:
 * {@link #failed} says why, and the questions wait for the next start.
 */
public final class CallDesk implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CallDesk.class);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final int LONGEST_TEXT = 4000;

    private final String name;
    private final Installation installation;
    private final Wire wire;
    private final Topic<LlmCall> calls;
    private final Topic<LlmAnswer> answers;
    private final ChatClient client;
    private final LlmSettings settings;
    private final Set<String> answered = ConcurrentHashMap.newKeySet();
    private final Map<TopicPartition, TreeMap<Long, Future<?>>> underWay = new HashMap<>();
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private final Semaphore seats;
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final KafkaProducer<String, byte[]> producer;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Thread thread;

    /**
     * A desk that is not open yet.
     *
     * @param name name of the desk, which its consumer group carries
     */
    public CallDesk(
            String name,
            Installation installation,
            Wire wire,
            Topic<LlmCall> calls,
            Topic<LlmAnswer> answers,
            ChatClient client,
            LlmSettings settings) {
        this.name = name;
        this.installation = installation;
        this.wire = wire;
        this.calls = calls;
        this.answers = answers;
        this.client = client;
        this.settings = settings;
        this.seats = new Semaphore(settings.concurrency());
        this.producer = producer();
        this.consumer = consumer();
        this.thread = Thread.ofPlatform().name(name + "-desk").daemon().unstarted(this::run);
    }

    /** Opens the desk. */
    public void open() {
        thread.start();
    }

    /** Completes with the cause when the desk has stopped by a fault. */
    public CompletableFuture<Throwable> failed() {
        return failure;
    }

    private void run() {
        try (consumer) {
            readAnswered();
            String topic = installation.prefix() + calls.name();
            consumer.subscribe(List.of(topic), new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsRevoked(java.util.Collection<TopicPartition> gone) {
                    commit();
                    gone.forEach(underWay::remove);
                }

                @Override
                public void onPartitionsAssigned(java.util.Collection<TopicPartition> got) {}
            });
            while (!failure.isDone()) {
                int waiting = underWay.values().stream().mapToInt(TreeMap::size).sum();
                if (waiting >= 4 * settings.concurrency()) {
                    consumer.pause(consumer.assignment());
                } else {
                    consumer.resume(consumer.paused());
                }
                for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                    take(record);
                }
                commit();
            }
        } catch (WakeupException closing) {
            // The way out.
        } catch (RuntimeException fault) {
            LOG.error("{}: the desk failed", name, fault);
            failure.complete(fault);
        }
    }

    private void readAnswered() {
        try (TopicReader reader = new TopicReader(installation, wire, List.of(answers))) {
            reader.readToEnd((topic, key, value) -> {
                if (value instanceof LlmAnswer answer && answer.getError() == null) {
                    answered.add(answer.getCallId());
                }
            });
        }
    }

    private void take(ConsumerRecord<String, byte[]> record) {
        LlmCall call = wire.topicSerde(record.topic(), LlmCall.class)
                .deserializer()
                .deserialize(record.topic(), record.value());
        underWay.computeIfAbsent(new TopicPartition(record.topic(), record.partition()), p -> new TreeMap<>())
                .put(record.offset(), callers.submit(() -> answer(record.key(), call)));
    }

    /** Commits, in each partition, up to the first question that has no answer yet. */
    private void commit() {
        Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();
        underWay.forEach((partition, questions) -> {
            while (!questions.isEmpty() && questions.firstEntry().getValue().state() == Future.State.SUCCESS) {
                done.put(
                        partition,
                        new OffsetAndMetadata(questions.pollFirstEntry().getKey() + 1));
            }
        });
        if (!done.isEmpty()) {
            consumer.commitSync(done);
        }
    }

    private Void answer(String key, LlmCall call) throws InterruptedException, ExecutionException {
        if (answered.contains(call.getCallId())) {
            return null;
        }
        LlmAnswer.Builder answer = LlmAnswer.newBuilder()
                .setCallId(call.getCallId())
                .setPairId(call.getPairId())
                .setModel(call.getModel());
        try {
            ChatClient.Reply reply = ask(call);
            answer.setModel(reply.model())
                    .setText(
                            reply.text().length() > LONGEST_TEXT
                                    ? reply.text().substring(0, LONGEST_TEXT)
                                    : reply.text())
                    .setInputTokens(reply.inputTokens())
                    .setOutputTokens(reply.outputTokens())
                    .setCostUsd(settings.prices().of(reply.inputTokens(), reply.outputTokens()));
        } catch (ChatFailure refused) {
            if (refused.kind() != ChatFailure.Kind.QUESTION) {
                failure.complete(new IllegalStateException(
                        "language model: " + refused.getMessage() + "; start again with the same folder to go on",
                        refused));
                throw new ExecutionException(refused); // stays uncommitted, and is asked at the next start
            }
            answer.setError(refused.getMessage());
        }
        String topic = installation.prefix() + answers.name();
        byte[] bytes = wire.topicSerde(topic, LlmAnswer.class).serializer().serialize(topic, answer.build());
        producer.send(new ProducerRecord<>(topic, key, bytes)).get();
        if (answer.getError() == null) {
            answered.add(call.getCallId());
        }
        return null;
    }

    private ChatClient.Reply ask(LlmCall call) throws ChatFailure, InterruptedException {
        Instant giveUp = null;
        Duration pause = FIRST_PAUSE;
        while (true) {
            seats.acquire();
            try {
                return client.ask(call.getModel(), call.getSystem(), call.getUser());
            } catch (ChatFailure failed) {
                Instant now = Instant.now();
                giveUp = giveUp == null ? now.plus(settings.patience()) : giveUp;
                if (failed.kind() != ChatFailure.Kind.FOR_NOW || now.isAfter(giveUp) || failure.isDone()) {
                    throw failed;
                }
                LOG.warn("{}: {}; trying again in {} s", name, failed.getMessage(), pause.toSeconds());
            } finally {
                seats.release();
            }
            Thread.sleep(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private KafkaProducer<String, byte[]> producer() {
        Properties p = new Properties();
        p.putAll(installation.client());
        p.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, installation.bootstrap());
        p.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        p.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        p.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topic.MAX_BYTES);
        return new KafkaProducer<>(p, new StringSerializer(), new ByteArraySerializer());
    }

    private KafkaConsumer<String, byte[]> consumer() {
        Properties p = new Properties();
        p.putAll(installation.client());
        p.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, installation.bootstrap());
        p.put(ConsumerConfig.GROUP_ID_CONFIG, installation.prefix() + "prefstream-" + name + "-desk");
        p.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, installation.instance());
        p.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int)
                installation.sessionTimeout().toMillis());
        p.put(
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                (int) installation.sessionTimeout().toMillis() / 4);
        p.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        p.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        p.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        p.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 4 * settings.concurrency());
        return new KafkaConsumer<>(p, new StringDeserializer(), new ByteArrayDeserializer());
    }

    /** Closes the desk; questions under way are dropped and asked again at the next start. */
    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        callers.shutdownNow();
        client.close();
        producer.close(Duration.ofSeconds(5));
    }
}
