package io.prefstream.kit.registry;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Where a registry keeps what it knows: records of Confluent's {@code _schemas} topic. */
public interface SchemaLog extends AutoCloseable {

    /** Gives every record from the beginning, key and value as JSON. */
    void replay(BiConsumer<String, @Nullable String> records);

    /** Appends a record, a tombstone when the value is null, and returns when it is safe. */
    void append(String key, @Nullable String value);

    @Override
    void close();
}
