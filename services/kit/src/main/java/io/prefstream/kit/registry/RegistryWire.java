package io.prefstream.kit.registry;

import io.prefstream.kit.stage.Wire;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;

/** Serdes of an installation with a schema registry. */
public final class RegistryWire implements Wire {

    private final RegistryClient client;

    /** Serdes over the registry at {@code url}; further settings have Confluent's names. */
    public RegistryWire(String url, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("schema.registry.url", url);
        this.client = new HttpRegistryClient(all);
    }

    @Override
    public <T extends SpecificRecord> Serde<T> topicSerde(String topic, Class<T> type) {
        return new AvroSerde<>(client, type);
    }

    /** The registry's client. */
    public RegistryClient client() {
        return client;
    }
}
