package io.prefstream.kit.stage;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;

/** Makes serdes for topics and stores; the only way in which a topology comes by one. Thread-safe. */
public interface Wire {

    /** Serde of a topic's values, in the registry's wire format. */
    <T extends SpecificRecord> Serde<T> topicSerde(String topic, Class<T> type);
}
