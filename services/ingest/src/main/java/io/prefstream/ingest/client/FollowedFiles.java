package io.prefstream.ingest.client;

import io.prefstream.kit.run.Installation;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.stage.Wire;
import io.prefstream.kit.topic.Topics;
import io.prefstream.wire.FollowPosition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Follows a file or a folder, as long as it is open, from where the last process stopped. */
public final class FollowedFiles implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(500);

    private final KafkaDoor door;
    private final Loop loop;

    private FollowedFiles(KafkaDoor door, Loop loop) {
        this.door = door;
        this.loop = loop;
    }

    /** Starts to follow. */
    public static FollowedFiles open(Path root, Installation installation, Wire wire) {
        KafkaDoor door = KafkaDoor.transactional(installation, wire, "follow"); // which ends a killed one's transaction
        Map<String, FollowPosition> positions = new HashMap<>();
        try (TopicReader reader = new TopicReader(installation, wire, List.of(Topics.FOLLOW_POSITIONS))) {
            reader.readToEnd((topic, key, value) -> positions.put(key, (FollowPosition) value));
        }
        return new FollowedFiles(door, Loop.start("follow", PAUSE, new Follower(root, positions, door)::step));
    }

    /** What it has died of; empty while all is well. */
    public Optional<String> fault() {
        return loop.fault();
    }

    @Override
    public void close() {
        loop.close();
        door.close();
    }
}
