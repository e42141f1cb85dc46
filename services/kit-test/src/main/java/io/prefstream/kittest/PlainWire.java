package io.prefstream.kittest;

import io.prefstream.kit.stage.StoreSerdes;
import io.prefstream.kit.stage.Wire;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;

/** Bare Avro without a registry, for tests that have none. */
public final class PlainWire implements Wire {

    @Override
    public <T extends SpecificRecord> Serde<T> topicSerde(String topic, Class<T> type) {
        return StoreSerdes.avro(type);
    }
}
