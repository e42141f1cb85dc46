package io.prefstream.runner.app;

import io.prefstream.kit.run.Installation;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.stage.Wire;
import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import io.prefstream.runner.domain.RaisedBudget;
import io.prefstream.runner.domain.RoundPolicy;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.Round;
import io.prefstream.wire.RunRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Asks for a run when enough has come, as long as a process serves. It counts the records that anybody wrote to the ways
 * in, since transaction markers make offsets no count. What comes during a run belongs to it: the order is written again
 * with the new counts, and the run goes on when a moment comes in which nothing is on its way.
 */
final class Rounds implements AutoCloseable {

    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Installation installation;
    private final Wire wire;
    private final RoundPolicy policy;
    private final Map<String, String> settings;
    private final Thread thread;
    private final Map<String, Long> counts = new HashMap<>();
    private final WaitingModels models = new WaitingModels();
    private volatile boolean closed;
    private @Nullable RunRequest last;
    private Map<String, Long> first = Map.of();
    private int ended;
    private long asked = System.nanoTime();

    /** Starts to follow the ways in; runs are asked for with {@code settings}. */
    Rounds(Installation installation, Wire wire, RoundPolicy policy, Map<String, String> settings) {
        this.installation = installation;
        this.wire = wire;
        this.policy = policy;
        this.settings = settings;
        Topics.WAYS_IN.forEach(topic -> counts.put(topic.name(), 0L));
        this.thread = Thread.ofPlatform().name("rounds").daemon().start(this::follow);
    }

    private void follow() {
        List<Topic<?>> topics = new ArrayList<>(Topics.WAYS_IN);
        topics.addAll(List.of(Topics.RUNS, Topics.ROUNDS, Topics.CHECKPOINTS));
        try (TopicReader reader = new TopicReader(installation, wire, topics)) {
            reader.readToEnd((topic, key, value) -> take(topic, value));
            long heard = System.nanoTime();
            long looked = heard;
            while (!closed) {
                long now = System.nanoTime();
                if (reader.poll(LOOK_EVERY, (topic, key, value) -> take(topic, value)) > 0) {
                    heard = now;
                }
                // A batch and its order come in one transaction, but not in one poll: in a pause all of it is here.
                if (now - heard > PAUSE.toNanos() || now - looked > LONGEST.toNanos()) {
                    looked = now;
                    look();
                }
            }
        } catch (KafkaException | IllegalStateException e) {
            if (!closed) {
                LoggerFactory.getLogger(Rounds.class).error("no more runs are asked for", e);
            }
        }
    }

    private void take(String topic, Object value) {
        models.take(value);
        switch (value) {
            case Checkpoint announced -> {}
            case RunRequest request -> known(request);
            case Round round -> ended = round.getPhase().equals("done") ? Math.max(ended, round.getRun()) : ended;
            default -> counts.merge(topic, 1L, Long::sum);
        }
    }

    private void known(RunRequest request) {
        if (last == null || request.getRun() > last.getRun()) {
            asked = System.nanoTime();
            first = request.getProduced();
        }
        last = request;
    }

    private void look() {
        RunRequest before = last;
        if (before != null && before.getRun() > ended) {
            List<Long> fresh = Topics.WAYS_IN.stream()
                    .map(topic -> fresh(before.getProduced(), topic))
                    .toList();
            // Fewer than ordered: its batch hasn't been read yet.
            if (fresh.stream().allMatch(n -> n >= 0) && fresh.stream().anyMatch(n -> n > 0)) {
                order(new RunRequest(
                        before.getRun(), before.getSettings(), Map.copyOf(counts), before.getReason(), List.of(), ""));
            }
            return;
        }
        // What came during the last run may have come too late for it, so it counts as new.
        long pairs = fresh(first, Topics.PAIRS_IN) + fresh(first, Topics.CONVERSATIONS_IN);
        long labels = fresh(first, Topics.ANNOTATIONS_IN);
        boolean richer = before != null && RaisedBudget.is(before.getSettings(), settings);
        policy.due(
                        pairs + fresh(first, Topics.BENCHMARKS_IN) + models.count(),
                        labels,
                        Duration.ofNanos(System.nanoTime() - asked),
                        richer,
                        models.promoted())
                .ifPresent(reason -> order(new RunRequest(
                        before == null ? 1 : before.getRun() + 1,
                        new TreeMap<>(settings),
                        Map.copyOf(counts),
                        reason.name().toLowerCase(Locale.ROOT),
                        List.of(),
                        "")));
    }

    private long fresh(Map<String, Long> before, Topic<?> topic) {
        return counts.getOrDefault(topic.name(), 0L) - before.getOrDefault(topic.name(), 0L);
    }

    private void order(RunRequest request) {
        LoggerFactory.getLogger(Rounds.class).info("asks for run {} over {}", request.getRun(), request.getProduced());
        try (Feeder feeder = new Feeder(installation, wire, "rounds")) {
            feeder.commit(request);
        }
        known(request);
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
