package io.prefstream.runner.app;

import io.prefstream.ingest.client.KafkaDoor;
import io.prefstream.kit.run.Installation;
import io.prefstream.kit.stage.Wire;
import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import io.prefstream.wire.RunRequest;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/**
 * Writes a batch and the order to curate it in one transaction, so that a batch is there whole or not at all, however
 * the process ends.
 */
final class Feeder implements AutoCloseable {

    private final KafkaDoor door;
    private final Map<String, Long> counts = new HashMap<>();

    /** A feeder of a name of its own: two of one name end each other's transactions. */
    Feeder(Installation installation, Wire wire, String name) {
        door = KafkaDoor.transactional(installation, wire, name);
        door.begin();
    }

    <T extends SpecificRecord> void send(Topic<T> topic, String key, T value) {
        door.send(topic, key, value, failure -> {}); // the commit fails when a send has failed
        counts.merge(topic.name(), 1L, Long::sum);
    }

    /** Records sent so far to a topic. */
    long sent(Topic<?> topic) {
        return counts.getOrDefault(topic.name(), 0L);
    }

    /** Sends the order and commits all. */
    void commit(RunRequest request) {
        send(Topics.RUNS, "run-" + request.getRun(), request);
        door.commit();
    }

    /** Commits what was sent, without an order. */
    void commit() {
        door.commit();
    }

    @Override
    public void close() {
        door.close();
    }
}
