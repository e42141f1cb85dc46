package io.prefstream.runner.models;

import io.prefstream.kit.run.Installation;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.stage.Wire;
import io.prefstream.kit.topic.Topics;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointRole;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the control topic on a thread of its own, and serves each best and gold model once it is loaded and checked. One
 * that fails leaves the one before in its place.
 */
public final class CheckpointFollower implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointFollower.class);
    private static final Set<CheckpointRole> SERVED = Set.of(CheckpointRole.BEST, CheckpointRole.GOLD);

    private final ServedModels models;
    private final Set<String> refused = new HashSet<>();
    private final Models source;
    private final Thread thread;
    private volatile boolean closed;

    /** Starts to follow. */
    public CheckpointFollower(Installation installation, Wire wire, Models source, ServedModels models) {
        this.source = source;
        this.models = models;
        thread = Thread.ofPlatform().name("served-models").daemon().start(() -> follow(installation, wire));
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
                Map<String, Checkpoint> latest = new LinkedHashMap<>();
                // Of what was announced before, only the last of each role is loaded.
                reader.readToEnd((topic, key, value) -> note((Checkpoint) value, latest));
                while (!closed) {
                    latest.values().forEach(this::take);
                    latest.clear();
                    reader.poll(Duration.ofMillis(50), (topic, key, value) -> note((Checkpoint) value, latest));
                }
            } catch (KafkaException | IllegalStateException e) {
                LOG.warn("the control topic cannot be read; trying again", e);
            }
        }
    }

    private void note(Checkpoint checkpoint, Map<String, Checkpoint> latest) {
        boolean head = checkpoint.getInline() != null;
        if (SERVED.contains(checkpoint.getRole())) {
            latest.remove(checkpoint.getRole().name());
            latest.put(checkpoint.getRole().name(), checkpoint);
        } else if (head
                && checkpoint.getRole() == CheckpointRole.CANDIDATE
                && !models.has(checkpoint.getCheckpointId())) {
            latest.put(checkpoint.getCheckpointId(), checkpoint);
        }
    }

    private void take(Checkpoint checkpoint) {
        String id = checkpoint.getCheckpointId();
        String role = checkpoint.getRole().name().toLowerCase(Locale.ROOT);
        try {
            if (!SERVED.contains(checkpoint.getRole())) {
                if (source.of(checkpoint).scorer() instanceof HeadScorer head) {
                    models.keep(head);
                }
            } else {
                if (!models.serve(role, id)) {
                    models.serve(role, source.of(checkpoint).scorer());
                }
                LOG.info("{} is now {}", role, id);
            }
        } catch (RuntimeException e) { // whatever a damaged model breaks, the thread must live
            if (refused.add(id)) {
                LOG.error("checkpoint {} is not served, the models before it go on: {}", id, e.getMessage());
            }
        }
    }
}
