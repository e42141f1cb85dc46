package io.prefstream.runner.ablate;

import io.prefstream.kit.stage.Wire;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** Serdes of a replay: its topics hold what the base's do, so they share the base's subjects and leave none behind. */
record ReplayWire(Wire base, String prefix) implements Wire {

    @Override
    public <T extends SpecificRecord> Serde<T> topicSerde(String topic, Class<T> type) {
        Serde<T> serde = base.topicSerde(plain(topic), type);
        return Serdes.serdeFrom(
                (to, value) -> serde.serializer().serialize(plain(to), value),
                (from, bytes) -> serde.deserializer().deserialize(plain(from), bytes));
    }

    private String plain(String topic) {
        return topic.startsWith(prefix) ? topic.substring(prefix.length()) : topic;
    }
}
