package io.prefstream.rewardscorer.client;

import io.prefstream.kit.run.Installation;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.stage.Wire;
import io.prefstream.kit.topic.Topics;
import io.prefstream.rewardscorer.domain.Shelf;
import io.prefstream.wire.Checkpoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the control topic on a thread of its own, and loads and checks each checkpoint off the stream thread. */
public final class ControlTopicShelf implements Shelf, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlTopicShelf.class);

    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final Map<String, Checkpoint> texts = new ConcurrentHashMap<>();
    private final Runnable onText;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * Starts to follow the control topic of an installation.
     *
     * @param onText called, on another thread, whenever a model that reads text has been announced
     */
    public ControlTopicShelf(Installation installation, Wire wire, Runnable onText) {
        this.onText = onText;
        thread = Thread.ofPlatform().name("control-topic").daemon().start(() -> follow(installation, wire));
    }

    @Override
    public Optional<Entry> get(String checkpointId) {
        return Optional.ofNullable(entries.get(checkpointId));
    }

    /** The announcement of a model that reads text; empty when it hasn't come yet. */
    public Optional<Checkpoint> text(String checkpointId) {
        return Optional.ofNullable(texts.get(checkpointId));
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

    private void follow(Installation installation, Wire wire) {
        while (!closed) {
            try (TopicReader reader = new TopicReader(installation, wire, List.of(Topics.CHECKPOINTS))) {
                while (!closed) {
                    reader.poll(Duration.ofMillis(50), (topic, key, value) -> take((Checkpoint) value));
                }
            } catch (KafkaException e) {
                LOG.warn("the control topic cannot be read; trying again", e);
            }
        }
    }

    private void take(Checkpoint checkpoint) {
        if (checkpoint.getKind().equals(Checkpoints.TEXT)) {
            texts.put(checkpoint.getCheckpointId(), checkpoint);
            entries.put(checkpoint.getCheckpointId(), new Text());
            onText.run();
            return;
        }
        try {
            entries.put(checkpoint.getCheckpointId(), new Served(Checkpoints.load(checkpoint)));
        } catch (RuntimeException e) { // whatever a damaged model breaks, the thread must live
            String why = e instanceof IllegalArgumentException
                    ? String.valueOf(e.getMessage())
                    : "checkpoint " + checkpoint.getCheckpointId() + " is damaged: "
                            + e.getClass().getSimpleName();
            LOG.error("checkpoint refused, the models before it go on serving: {}", why);
            entries.putIfAbsent(checkpoint.getCheckpointId(), new Refused(why));
        }
    }
}
