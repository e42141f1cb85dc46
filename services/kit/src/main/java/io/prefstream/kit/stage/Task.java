package io.prefstream.kit.stage;

import io.prefstream.kit.topic.Topic;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.state.KeyValueStore;

/** What a part of a {@link StageProcessor} may do with the task that it is of. */
public interface Task {

    /** A store of the stage. */
    <V> KeyValueStore<String, V> store(Store<V> store);

    /** Writes a record to a topic that the stage owns. */
    void emit(Topic<?> topic, String key, SpecificRecord value);

    /** Writes a copy of a record to every partition of a topic. */
    void emitToAll(Topic<?> topic, String key, SpecificRecord value);

    /** Says that the record in hand isn't done when its processor returns; {@link #done} counts it. */
    void later();

    /** Counts {@code n} records of {@code topic} that were put off with {@link #later}. */
    void done(String topic, long n);

    /** Partition of the task, from 0. */
    int partition();
}
