package io.prefstream.kit.registry.confluent;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.prefstream.kit.registry.RegistryClient;
import io.prefstream.kit.registry.RegistryException;
import io.prefstream.kit.registry.SchemaText;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;

/** Confluent's client. Schemas pass as text, so that its Avro need not be ours. */
public final class ConfluentRegistryClient implements RegistryClient {

    private static final int SCHEMAS = 1000;

    private final SchemaRegistryClient client;
    private final String urls;
    private final boolean autoRegister;
    private final Map<Usage, Integer> ids = new ConcurrentHashMap<>();
    private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();

    private record Usage(String subject, Schema schema) {}

    private interface Call<T> {
        T make() throws IOException, RestClientException;
    }

    /** A client by Confluent's settings. */
    public ConfluentRegistryClient(Map<String, String> settings) {
        String url = settings.get("schema.registry.url");
        if (url == null || url.isBlank()) {
            throw new IllegalArgumentException("schema.registry.url is not set: give the registry's URL");
        }
        List<String> all =
                Arrays.stream(url.split(",")).map(u -> u.strip().replaceAll("/+$", "")).toList();
        urls = String.join(", ", all);
        client = new CachedSchemaRegistryClient(all, SCHEMAS, credentials(settings));
        autoRegister = Boolean.parseBoolean(settings.getOrDefault("auto.register.schemas", "true"));
    }

    @Override
    public int register(String subject, Schema schema) {
        return ids.computeIfAbsent(new Usage(subject, schema), usage -> {
            AvroSchema text = new AvroSchema(SchemaText.of(schema));
            return call(
                    "schema of " + subject,
                    () -> autoRegister ? client.register(subject, text) : client.getId(subject, text));
        });
    }

    @Override
    public Schema byId(int id) {
        return schemas.computeIfAbsent(
                id,
                key -> new Schema.Parser()
                        .parse(call("schema id " + key, () -> client.getSchemaById(key).canonicalString())));
    }

    private <T> T call(String what, Call<T> call) {
        try {
            return call.make();
        } catch (RestClientException e) {
            throw new RegistryException("the schema registry at " + urls + " refused the " + what + ": HTTP "
                    + e.getStatus() + " " + e.getErrorCode() + " " + e.getMessage());
        } catch (IOException e) {
            throw new RegistryException(
                    "no schema registry answers at " + urls + ": start it or set its URL", e);
        }
    }

    /** Confluent's client takes a user only when it is told where the user comes from. */
    static Map<String, String> credentials(Map<String, String> settings) {
        if (!settings.containsKey("basic.auth.user.info")) {
            return settings;
        }
        Map<String, String> all = new HashMap<>(settings);
        all.putIfAbsent("basic.auth.credentials.source", "USER_INFO");
        return all;
    }
}
