package io.prefstream.kit.registry;

import io.prefstream.kit.stage.Wire;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;

/**
 * Serdes of an installation with a schema registry. They are our own, unless the setting {@code library} (in files and the environment
 * {@code schema-registry.library}) names
 * another {@link RegistryLibrary}; bytes and requests are the same with each.
 */
public final class RegistryWire implements Wire {

    /** The library by default: our own client and serdes. */
    public static final String OWN = "own";

    private final Map<String, String> settings;
    private final @Nullable RegistryLibrary library;
    private final RegistryClient client;

    /**
     * Serdes over the registry at {@code url}; further settings have Confluent's names.
     *
     * @throws IllegalArgumentException when this build has no library of the name that the settings ask for
     */
    public RegistryWire(String url, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("schema.registry.url", url);
        String name = settings.getOrDefault("library", OWN);
        this.settings = Map.copyOf(all);
        this.library = name.equals(OWN) ? null : library(name);
        this.client = library == null ? new HttpRegistryClient(all) : library.client(all);
    }

    private static RegistryLibrary library(String name) {
        return ServiceLoader.load(RegistryLibrary.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(library -> library.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "schema-registry.library = " + name + ": this build has no such library. Take " + OWN
                                + ", or build with -Pconfluent for confluent"));
    }

    @Override
    public <T extends SpecificRecord> Serde<T> topicSerde(String topic, Class<T> type) {
        return library == null ? new AvroSerde<>(client, type) : library.serde(settings, type);
    }

    /** The registry's client. */
    public RegistryClient client() {
        return client;
    }
}
