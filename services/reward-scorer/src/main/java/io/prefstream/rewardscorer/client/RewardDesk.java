package io.prefstream.rewardscorer.client;

import io.prefstream.core.language.LanguageGate;
import io.prefstream.core.pair.Message;
import io.prefstream.kit.run.Installation;
import io.prefstream.kit.run.WorkerConsumer;
import io.prefstream.kit.stage.Wire;
import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import io.prefstream.models.reward.AnswerScorer;
import io.prefstream.models.reward.ModelRefused;
import io.prefstream.models.reward.UnscorableText;
import io.prefstream.wire.RewardAnswer;
import io.prefstream.wire.RewardCall;
import io.prefstream.wire.RewardScore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker that scores pairs by text models beside the stream. It takes some hundreds of calls, scores them by each checkpoint
 * that they name, and writes the answers in one transaction with the place that it has read to: a killed worker repeats them
 * whole or not at all, and a call names its checkpoints, so that no swap can mix two models.
 */
public final class RewardDesk implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RewardDesk.class);
    private static final Duration TRY_AGAIN = Duration.ofMillis(500);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration LONGEST_BATCH = Duration.ofMinutes(30);
    private static final int MOST_CALLS = 256;

    private final Installation installation;
    private final Wire wire;
    private final TextModels models;
    private final RecordedScores recorded;
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private final KafkaProducer<String, byte[]> producer;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Thread thread;
    private volatile boolean closed;

    /** A desk that is open. */
    public RewardDesk(Installation installation, Wire wire, TextModels models, RecordedScores recorded) {
        this.installation = installation;
        this.wire = wire;
        this.models = models;
        this.recorded = recorded;
        this.producer = producer();
        Properties patience = new Properties();
        patience.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, (int) LONGEST_BATCH.toMillis());
        this.consumer = WorkerConsumer.open(installation, "reward-desk", MOST_CALLS, patience);
        this.thread = Thread.ofPlatform().name("reward-desk").daemon().start(this::run);
    }

    /** What the desk has died of; empty while all is well. */
    public Optional<String> fault() {
        return failure.isDone() ? Optional.of(String.valueOf(failure.join().getMessage())) : Optional.empty();
    }

    private void run() {
        try (consumer) {
            producer.initTransactions();
            consumer.subscribe(List.of(installation.prefix() + Topics.REWARD_CALLS.name()));
            while (!closed) {
                ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
                if (!records.isEmpty()) {
                    answer(records);
                }
            }
        } catch (WakeupException closing) {
            // The way out.
        } catch (RuntimeException fault) {
            LOG.error("the reward models' desk failed", fault);
            failure.complete(fault);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } finally {
            models.close();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the commit throws what a send failed of
    private void answer(ConsumerRecords<String, byte[]> records) throws InterruptedException {
        List<RewardCall> calls = new ArrayList<>();
        Map<TopicPartition, OffsetAndMetadata> read = new HashMap<>();
        for (ConsumerRecord<String, byte[]> record : records) {
            if (record.value() != null) { // a call that was taken back has its answer
                calls.add(wire.topicSerde(record.topic(), RewardCall.class)
                        .deserializer()
                        .deserialize(record.topic(), record.value()));
            }
            read.put(
                    new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
        }
        List<RewardAnswer> answers = score(calls);
        String topic = installation.prefix() + Topics.REWARD_ANSWERS.name();
        producer.beginTransaction();
        for (RewardAnswer answer : answers) {
            byte[] bytes =
                    wire.topicSerde(topic, RewardAnswer.class).serializer().serialize(topic, answer);
            producer.send(new ProducerRecord<>(topic, answer.getPairId(), bytes));
        }
        try {
            producer.sendOffsetsToTransaction(read, consumer.groupMetadata());
            producer.commitTransaction();
        } catch (CommitFailedException | RebalanceInProgressException moved) {
            LOG.info("calls have moved to another worker, which scores them again: {}", moved.getMessage());
            producer.abortTransaction();
            rewind();
        }
    }

    /** Reads again from where the group has committed: partitions that are still ours may have been read further. */
    private void rewind() {
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(consumer.assignment());
        for (TopicPartition partition : consumer.assignment()) {
            OffsetAndMetadata place = committed.get(partition);
            if (place == null) {
                consumer.seekToBeginning(List.of(partition));
            } else {
                consumer.seek(partition, place);
            }
        }
    }

    private List<RewardAnswer> score(List<RewardCall> calls) throws InterruptedException {
        List<RewardAnswer> answers = calls.stream()
                .map(call -> new RewardAnswer(call.getPairId(), new ArrayList<>()))
                .toList();
        Set<String> checkpoints = new LinkedHashSet<>();
        calls.forEach(call -> checkpoints.addAll(call.getCheckpoints()));
        for (String checkpoint : checkpoints) {
            List<RewardCall> due = new ArrayList<>();
            List<RewardAnswer> open = new ArrayList<>();
            for (int i = 0; i < calls.size(); i++) {
                if (calls.get(i).getCheckpoints().contains(checkpoint)) {
                    Optional<RewardScore> before = recorded.score(calls.get(i).getPairId(), checkpoint);
                    if (before.isPresent()) {
                        answers.get(i).getScores().add(before.get());
                    } else {
                        due.add(calls.get(i));
                        open.add(answers.get(i));
                    }
                }
            }
            List<RewardScore> scores = due.isEmpty() ? List.of() : score(checkpoint, due);
            for (int i = 0; i < due.size(); i++) {
                open.get(i).getScores().add(scores.get(i));
            }
        }
        return answers;
    }

    private List<RewardScore> score(String checkpoint, List<RewardCall> calls) throws InterruptedException {
        AnswerScorer model;
        try {
            model = models.of(checkpoint);
            while (model == null) { // it is on its way here
                if (closed) {
                    throw new InterruptedException("closing");
                }
                Thread.sleep(TRY_AGAIN);
                model = models.of(checkpoint);
            }
        } catch (ModelRefused e) {
            return calls.stream()
                    .map(call -> new RewardScore(checkpoint, 0.0, 0.0, String.valueOf(e.getMessage()), true))
                    .toList();
        }
        return score(model, calls);
    }

    /** Scores calls; a pair with a text that the model cannot score gets the reason in place of scores. */
    private static List<RewardScore> score(AnswerScorer model, List<RewardCall> calls) {
        List<List<Message>> conversations = new ArrayList<>();
        for (RewardCall call : calls) {
            conversations.add(conversation(call, call.getChosen()));
            conversations.add(conversation(call, call.getRejected()));
        }
        List<Integer> open = new ArrayList<>();
        RewardScore[] scores = new RewardScore[calls.size()];
        for (int i = 0; i < scores.length; i++) {
            open.add(i);
        }
        while (!open.isEmpty()) {
            try {
                double[] found = model.score(open.stream()
                        .flatMap(i -> Stream.of(conversations.get(2 * i), conversations.get(2 * i + 1)))
                        .toList());
                for (int k = 0; k < open.size(); k++) {
                    RewardCall call = calls.get(open.get(k));
                    scores[open.get(k)] =
                            new RewardScore(model.id(), found[2 * k], found[2 * k + 1], distrust(call), false);
                }
                break;
            } catch (UnscorableText e) {
                int pair = open.get(e.place() / 2);
                open.remove(Integer.valueOf(pair));
                String which = e.place() % 2 == 0 ? "chosen: " : "rejected: ";
                scores[pair] = new RewardScore(model.id(), 0.0, 0.0, which + e.getMessage(), false);
            }
        }
        return List.of(scores);
    }

    /** Why scores of a pair do not count: what is no language can score high by accident. Null when they do. */
    private static @Nullable String distrust(RewardCall call) {
        LanguageGate.Verdict chosen = LanguageGate.of(call.getChosen());
        LanguageGate.Verdict rejected = LanguageGate.of(call.getRejected());
        if (chosen.trusted() && rejected.trusted()) {
            return null;
        }
        return chosen.trusted() ? "rejected: " + rejected.why() : "chosen: " + chosen.why();
    }

    private static List<Message> conversation(RewardCall call, String answer) {
        return Stream.concat(
                        call.getHistory().stream().map(turn -> new Message(turn.getRole(), turn.getContent())),
                        Stream.of(new Message("assistant", answer)))
                .toList();
    }

    private KafkaProducer<String, byte[]> producer() {
        Properties p = new Properties();
        p.putAll(installation.client());
        p.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, installation.bootstrap());
        p.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, installation.prefix() + "reward-desk-" + installation.instance());
        p.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        p.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topic.MAX_BYTES);
        return new KafkaProducer<>(p, new StringSerializer(), new ByteArraySerializer());
    }

    /** Closes the desk; calls under way are scored again at the next start. */
    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ofSeconds(5));
    }
}
