package io.prefstream.kit.registry;

import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;

/** A library, besides our own code, that speaks to registries; found on the class path as a service. */
public interface RegistryLibrary {

    /** What the setting {@code schema-registry.library} calls it. */
    String name();

    /** Its client. The settings have Confluent's names. */
    RegistryClient client(Map<String, String> settings);

    /** Its serde of a record type, for values of topics. */
    <T extends SpecificRecord> Serde<T> serde(Map<String, String> settings, Class<T> type);
}
