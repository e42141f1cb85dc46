package io.prefstream.llm.desk;

import io.prefstream.core.judge.Judge;
import io.prefstream.kit.run.Installation;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.run.WorkerConsumer;
import io.prefstream.kit.stage.Wire;
import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import io.prefstream.llm.client.ChatClient;
import io.prefstream.llm.client.ChatFailure;
import io.prefstream.llm.client.Endpoints;
import io.prefstream.llm.domain.Prices;
import io.prefstream.wire.CallBatch;
import io.prefstream.wire.CallIntent;
import io.prefstream.wire.LlmAnswer;
import io.prefstream.wire.LlmCall;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a stage's questions beside its stream: reads committed questions from a topic, asks each judge's endpoint on virtual
 * threads, writes each answer under the question's key, and only then commits the question. Right before a question's first
 * request its intent is written, so that after a crash it is known which calls were under way: those may be paid for twice,
 * and no others, since a question that has its answer is not asked again.
 *
 * <p>A question that is refused, or whose tries are used up, gets an answer that says so. An endpoint that stays away or refuses
 * us stops the desk: {@link #fault} says why, and the questions wait for the next start.
 */
public final class CallDesk implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CallDesk.class);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final int LONGEST_TEXT = 4000;

    /** A question as it is answered: a new attempt is a new question. */
    private record Asked(String callId, int attempt) {}

    private final String name;
    private final Installation installation;
    private final Wire wire;
    private final Topic<LlmCall> calls;
    private final Topic<LlmAnswer> answers;
    private final List<Judge> judges;
    private final Endpoints endpoints;
    private final Recorded recorded;
    private final Map<String, Respondent> respondents = new ConcurrentHashMap<>();
    private final String start;
    private final int atOnce;
    private final Set<Asked> answered = ConcurrentHashMap.newKeySet();
    private final Map<TopicPartition, TreeMap<Long, Future<?>>> underWay = new HashMap<>();
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final KafkaProducer<String, byte[]> producer;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Thread thread;

    /**
     * A desk that is not open yet.
     *
     * @param name name of the desk, which its consumer group carries
     * @param judges who may be asked, each of another name
     * @param endpoints makes the clients of their endpoints
     * @param recorded answers of a run that is replayed
     */
    public CallDesk(
            String name,
            Installation installation,
            Wire wire,
            Topic<LlmCall> calls,
            Topic<LlmAnswer> answers,
            List<Judge> judges,
            Endpoints endpoints,
            Recorded recorded) {
        this.name = name;
        this.installation = installation;
        this.wire = wire;
        this.calls = calls;
        this.answers = answers;
        this.judges = List.copyOf(judges);
        this.endpoints = endpoints;
        this.recorded = recorded;
        this.atOnce = judges.stream()
                .mapToInt(judge -> judge.batch() ? 2 * BatchEndpoint.MOST : 4 * judge.concurrency())
                .sum();
        this.start = installation.instance() + "/" + System.currentTimeMillis();
        this.producer = producer();
        this.consumer = WorkerConsumer.open(installation, name + "-desk", atOnce);
        this.thread = Thread.ofPlatform().name(name + "-desk").daemon().unstarted(this::run);
    }

    /** Opens the desk. */
    public void open() {
        thread.start();
    }

    /** What the desk has died of; empty while all is well. */
    public Optional<String> fault() {
        return failure.isDone() ? Optional.of(String.valueOf(failure.join().getMessage())) : Optional.empty();
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
                if (waiting >= atOnce) {
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
        Set<String> names = judges.stream().map(Judge::name).collect(Collectors.toSet());
        Set<Asked> begun = new HashSet<>();
        Set<Asked> ended = new HashSet<>();
        Map<String, CallBatch> batches = new LinkedHashMap<>();
        List<Topic<?>> topics = List.of(answers, Topics.CALL_INTENTS, Topics.CALL_BATCHES);
        try (TopicReader reader = new TopicReader(installation, wire, topics)) {
            reader.readToEnd((topic, key, value) -> {
                if (value instanceof LlmAnswer answer) {
                    ended.add(new Asked(answer.getCallId(), answer.getAttempt()));
                    if (answer.getError() == null) {
                        answered.add(new Asked(answer.getCallId(), answer.getAttempt()));
                    }
                } else if (value instanceof CallIntent intent && names.contains(intent.getJudge())) {
                    begun.add(new Asked(intent.getCallId(), intent.getAttempt()));
                } else if (value instanceof CallBatch batch) {
                    batches.put(batch.getBatchId(), batch);
                }
            });
        }
        judges.forEach(judge -> respondents.put(judge.name(), respondent(judge, batches.values())));
        begun.removeAll(ended);
        if (!begun.isEmpty()) {
            LOG.warn(
                    "{}: {} calls were under way when their process ended; they are asked again, and those may be paid"
                            + " for twice",
                    name,
                    begun.size());
        }
    }

    private Respondent respondent(Judge judge, Collection<CallBatch> batches) {
        if (!judge.batch()) {
            return new Endpoint(judge, endpoints.chat(judge));
        }
        Map<String, List<String>> open = new LinkedHashMap<>();
        batches.stream()
                .filter(batch -> batch.getOpen() && batch.getJudge().equals(judge.name()))
                .forEach(batch -> open.put(batch.getBatchId(), batch.getCallIds()));
        return new BatchEndpoint(
                judge,
                endpoints.batch(judge),
                (id, calls, isOpen) -> send(Topics.CALL_BATCHES, id, new CallBatch(id, judge.name(), calls, isOpen)),
                BatchEndpoint.Pace.STANDARD,
                open);
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
        Asked asked = new Asked(call.getCallId(), call.getAttempt());
        if (answered.contains(asked)) {
            return null;
        }
        Optional<LlmAnswer> before = recorded.answer(call);
        if (before.isPresent()) {
            send(answers, key, before.get());
            answered.add(asked);
            return null;
        }
        String judge = call.getJudge().isEmpty() ? call.getModel() : call.getJudge();
        LlmAnswer.Builder answer = LlmAnswer.newBuilder()
                .setCallId(call.getCallId())
                .setPairId(call.getPairId())
                .setModel(call.getModel())
                .setJudge(judge)
                .setAttempt(call.getAttempt());
        Respondent respondent = respondents.get(judge);
        if (respondent == null) {
            answer.setError("no judge has the name " + judge + " any more");
        } else {
            ask(respondent, call, key, answer);
        }
        LlmAnswer given = answer.build();
        send(answers, key, given);
        if (given.getError() == null) {
            answered.add(asked);
        }
        return null;
    }

    private void ask(Respondent respondent, LlmCall call, String key, LlmAnswer.Builder answer)
            throws InterruptedException, ExecutionException {
        ChatClient.Question question = new ChatClient.Question(
                call.getCallId(), call.getModel(), call.getSystem(), call.getUser(), call.getAnswerSchema());
        CallIntent intent =
                new CallIntent(call.getCallId(), call.getAttempt(), call.getPairId(), answer.getJudge(), start);
        try {
            Respondent.Answered came = respondent.ask(question, () -> send(Topics.CALL_INTENTS, key, intent));
            ChatClient.Reply reply = came.reply();
            answer.setModel(reply.model())
                    .setText(
                            reply.text().length() > LONGEST_TEXT
                                    ? reply.text().substring(0, LONGEST_TEXT)
                                    : reply.text())
                    .setError(reply.flaw().isEmpty() ? null : reply.flaw())
                    .setInputTokens(reply.inputTokens())
                    .setOutputTokens(reply.outputTokens())
                    .setCostUsd(Prices.of(respondent.judge()).of(reply.inputTokens(), reply.outputTokens()))
                    .setTries(came.tries())
                    .setMillis(came.millis());
        } catch (ChatFailure refused) {
            if (refused.kind() == ChatFailure.Kind.FOR_GOOD) {
                throw stop(refused);
            }
            answer.setError(refused.getMessage());
        } catch (Respondent.Silent silent) {
            throw stop(silent);
        }
    }

    /** Stops the desk; the question stays uncommitted, and is asked at the next start. */
    private ExecutionException stop(Exception cause) {
        failure.complete(new IllegalStateException(
                "language model: " + cause.getMessage() + "; start again with the same folder to go on", cause));
        return new ExecutionException(cause);
    }

    private <T extends SpecificRecord> void send(Topic<T> to, String key, T value) throws InterruptedException {
        String topic = installation.prefix() + to.name();
        byte[] bytes = wire.topicSerde(topic, to.type()).serializer().serialize(topic, value);
        try {
            producer.send(new ProducerRecord<>(topic, key, bytes)).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot write to " + topic, e);
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
        respondents.values().forEach(Respondent::close);
        producer.close(Duration.ofSeconds(5));
    }
}
