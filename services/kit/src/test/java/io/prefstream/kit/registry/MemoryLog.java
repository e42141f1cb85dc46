package io.prefstream.kit.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A log that outlives its registry, as a topic does. */
final class MemoryLog implements SchemaLog {

    private record Entry(String key, @Nullable String value) {}

    private final List<Entry> entries = new ArrayList<>();

    int size() {
        return entries.size();
    }

    @Override
    public void replay(BiConsumer<String, @Nullable String> each) {
        entries.forEach(entry -> each.accept(entry.key(), entry.value()));
    }

    @Override
    public void append(String key, @Nullable String value) {
        entries.add(new Entry(key, value));
    }

    @Override
    public void close() {}
}
