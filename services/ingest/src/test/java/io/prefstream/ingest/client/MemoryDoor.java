package io.prefstream.ingest.client;

import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import io.prefstream.wire.FollowPosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** A door that keeps what it is given, or fails. */
final class MemoryDoor implements Transactions {

    record Sent(String topic, String key, SpecificRecord value) {}

    private final List<Sent> sent = new ArrayList<>();
    private final List<Sent> open = new ArrayList<>();
    private boolean transaction;
    private @Nullable Exception failure;

    @Override
    public synchronized <T extends SpecificRecord> void send(
            Topic<T> topic, String key, T value, Consumer<@Nullable Exception> done) {
        (transaction ? open : sent).add(new Sent(topic.name(), key, value));
        done.accept(failure);
    }

    @Override
    public synchronized void begin() {
        transaction = true;
    }

    @Override
    public synchronized void commit() {
        sent.addAll(open);
        abort();
    }

    @Override
    public synchronized void abort() {
        open.clear();
        transaction = false;
    }

    synchronized List<Sent> sent() {
        return List.copyOf(sent);
    }

    /** Positions that were saved, the last of each file. */
    synchronized Map<String, FollowPosition> positions() {
        Map<String, FollowPosition> last = new HashMap<>();
        for (Sent one : sent) {
            if (one.topic().equals(Topics.FOLLOW_POSITIONS.name())) {
                last.put(one.key(), (FollowPosition) one.value());
            }
        }
        return last;
    }

    synchronized void failWith(Exception failure) {
        this.failure = failure;
    }
}
