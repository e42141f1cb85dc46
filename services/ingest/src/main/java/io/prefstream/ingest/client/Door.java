package io.prefstream.ingest.client;

import io.prefstream.kit.topic.Topic;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** Writes records to the topics that outsiders write. Thread-safe; it blocks rather than grow. */
public interface Door {

    /**
     * Sends a record.
     *
     * @param done called once, with null when all replicas have it, or with what went wrong
     */
    <T extends SpecificRecord> void send(Topic<T> topic, String key, T value, Consumer<@Nullable Exception> done);
}
