package io.prefstream.kit.registry.confluent;

import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import io.prefstream.kit.registry.RegistryClient;
import io.prefstream.kit.registry.RegistryLibrary;
import io.prefstream.kit.stage.TrustedRecords;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** Confluent's client and serdes as a library that the setting {@code schema-registry.library = confluent} takes. */
public final class ConfluentLibrary implements RegistryLibrary {

    @Override
    public String name() {
        return "confluent";
    }

    @Override
    public RegistryClient client(Map<String, String> settings) {
        return new ConfluentRegistryClient(settings);
    }

    @Override
    public <T extends SpecificRecord> Serde<T> serde(Map<String, String> settings, Class<T> type) {
        TrustedRecords.trust();
        Map<String, Object> all = new HashMap<>(ConfluentRegistryClient.credentials(settings));
        all.put("specific.avro.reader", true);
        all.put("avro.remove.java.properties", true);
        KafkaAvroSerializer serializer = new KafkaAvroSerializer();
        serializer.configure(all, false);
        KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer();
        deserializer.configure(all, false);
        return Serdes.serdeFrom(
                (topic, value) -> serializer.serialize(topic, value),
                (topic, bytes) -> type.cast(deserializer.deserialize(topic, bytes)));
    }
}
