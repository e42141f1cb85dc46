package io.prefstream.kit.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Speaks Confluent's REST API, so that it works against any registry that does. Settings have Confluent's names: {@code
 * schema.registry.url} (a comma-separated list, tried in turn), {@code basic.auth.user.info} and {@code
 * auto.register.schemas}.
 */
public final class HttpRegistryClient implements RegistryClient {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final List<String> urls;
    private final @Nullable String authorization;
    private final boolean autoRegister;
    private final Map<Usage, Integer> ids = new ConcurrentHashMap<>();
    private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();

    /** A schema under a subject: what is asked once. A schema keeps its hash, so that a look-up costs little. */
    private record Usage(String subject, Schema schema) {}

    /** A client by Confluent's settings. */
    public HttpRegistryClient(Map<String, String> settings) {
        String url = settings.get("schema.registry.url");
        if (url == null || url.isBlank()) {
            throw new IllegalArgumentException("schema.registry.url is not set: give the registry's URL");
        }
        urls = List.of(url.split(",")).stream()
                .map(u -> u.strip().replaceAll("/+$", ""))
                .toList();
        String user = settings.get("basic.auth.user.info");
        authorization = user == null
                ? null
                : "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
        autoRegister = Boolean.parseBoolean(settings.getOrDefault("auto.register.schemas", "true"));
    }

    @Override
    public int register(String subject, Schema schema) {
        return ids.computeIfAbsent(new Usage(subject, schema), key -> {
            String body =
                    JSON.createObjectNode().put("schema", SchemaText.of(schema)).toString();
            String path = "/subjects/" + encode(subject) + (autoRegister ? "/versions" : "");
            int id = call("POST", path, body, "schema of " + subject).get("id").asInt();
            schemas.putIfAbsent(id, schema);
            return id;
        });
    }

    @Override
    public Schema byId(int id) {
        return schemas.computeIfAbsent(id, key -> {
            String text = call("GET", "/schemas/ids/" + key, null, "schema id " + key)
                    .get("schema")
                    .asText();
            return new Schema.Parser().parse(text);
        });
    }

    private JsonNode call(String method, String path, @Nullable String body, String what) {
        IOException last = null;
        for (String url : urls) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                    .timeout(TIMEOUT)
                    .header("Accept", MEDIA_TYPE)
                    .method(
                            method,
                            body == null
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofString(body));
            if (body != null) {
                request.header("Content-Type", MEDIA_TYPE);
            }
            if (authorization != null) {
                request.header("Authorization", authorization);
            }
            try {
                HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() / 100 == 2) {
                    return JSON.readTree(response.body());
                }
                throw new RegistryException("the schema registry at " + url + " refused the " + what + ": HTTP "
                        + response.statusCode() + " " + message(response.body()));
            } catch (IOException e) {
                last = e;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RegistryException("interrupted while asking the schema registry", e);
            }
        }
        throw new RegistryException(
                "no schema registry answers at " + String.join(", ", urls) + ": start it or set its URL",
                last == null ? new IOException("no URL") : last);
    }

    private static String message(String body) {
        try {
            JsonNode tree = JSON.readTree(body);
            return tree.path("error_code").asText() + " " + tree.path("message").asText();
        } catch (IOException e) {
            return "";
        }
    }

    private static String encode(String subject) {
        return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
