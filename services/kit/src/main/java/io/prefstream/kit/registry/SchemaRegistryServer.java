package io.prefstream.kit.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.jspecify.annotations.Nullable;

/**
 * A schema registry in this JVM, on loopback only, with Confluent's REST API and record format: subjects, versions, ids,
 * compatibility and configuration. Any client of that API works against it.
 */
public final class SchemaRegistryServer implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_BODY = 4 << 20;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final SchemaLog log;
    private final Subjects subjects = new Subjects();

    private SchemaRegistryServer(HttpServer server, SchemaLog log) {
        this.server = server;
        this.log = log;
    }

    /** Starts a registry whose state is the topic {@code _schemas} of a broker; port 0 takes any free one. */
    public static SchemaRegistryServer start(String bootstrap, int port) throws IOException {
        return start(new KafkaSchemaLog(bootstrap), port);
    }

    /** Starts a registry on a log. */
    public static SchemaRegistryServer start(SchemaLog log, int port) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        SchemaRegistryServer registry = new SchemaRegistryServer(http, log);
        log.replay(registry::restore);
        http.setExecutor(registry.threads);
        http.createContext("/", registry::serve);
        http.start();
        return registry;
    }

    /** Where it listens. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
        log.close();
    }

    /** An answer that is an error of Confluent's API. */
    private static final class Fault extends Exception {
        private static final long serialVersionUID = 1L;
        private final int code;

        Fault(int code, String message) {
            super(message);
            this.code = code;
        }

        int status() {
            return code >= 1000 ? code / 100 : code;
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        int status = 200;
        String body;
        try {
            body = JSON.writeValueAsString(answer(exchange));
        } catch (Fault fault) {
            status = fault.status();
            body = error(fault.code, fault.getMessage());
        } catch (IOException | RuntimeException e) {
            status = 500;
            body = error(50001, "the registry failed: " + e.getClass().getSimpleName());
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static String error(int code, @Nullable String message) {
        return JSON.createObjectNode()
                .put("error_code", code)
                .put("message", message)
                .toString();
    }

    private synchronized Object answer(HttpExchange exchange) throws Fault, IOException {
        String method = exchange.getRequestMethod();
        String path = exchange.getRequestURI().getRawPath();
        List<String> parts = Arrays.stream(path.split("/"))
                .filter(part -> !part.isEmpty())
                .map(part -> URLDecoder.decode(part, StandardCharsets.UTF_8))
                .toList();
        String root = parts.isEmpty() ? "" : parts.getFirst();
        return switch (root) {
            case "" -> JSON.createObjectNode();
            case "schemas" -> schemas(parts);
            case "subjects" -> subjects(method, parts, exchange);
            case "compatibility" -> compatibility(parts, exchange);
            case "config" -> config(method, parts, exchange);
            case "mode" -> JSON.createObjectNode().put("mode", "READWRITE");
            default -> throw new Fault(404, "HTTP 404 Not Found");
        };
    }

    private Object schemas(List<String> parts) throws Fault {
        if (parts.size() == 2 && parts.get(1).equals("types")) {
            return List.of("AVRO");
        }
        if (parts.size() < 3 || !parts.get(1).equals("ids")) {
            throw new Fault(404, "HTTP 404 Not Found");
        }
        String schema = parts.get(2).matches("\\d{1,9}") ? subjects.schema(Integer.parseInt(parts.get(2))) : null;
        if (schema == null) {
            throw new Fault(40403, "Schema " + parts.get(2) + " not found");
        }
        return JSON.createObjectNode().put("schema", schema);
    }

    private Object subjects(String method, List<String> parts, HttpExchange exchange) throws Fault, IOException {
        if (parts.size() == 1) {
            return subjects.subjects();
        }
        String subject = parts.get(1);
        if (parts.size() == 2 && method.equals("POST")) {
            Schema schema = schema(exchange);
            known(subject);
            return node(subjects.find(subject, text(schema)).orElseThrow(() -> new Fault(40403, "Schema not found")));
        }
        if (parts.size() == 3 && method.equals("POST")) {
            return JSON.createObjectNode()
                    .put("id", register(subject, schema(exchange)).id());
        }
        if (parts.size() == 3) {
            known(subject);
            return subjects.versions(subject).stream()
                    .map(Subjects.Version::version)
                    .toList();
        }
        if (parts.size() >= 4) {
            Subjects.Version version = version(subject, parts.get(3));
            return parts.size() == 5 ? JSON.readTree(version.schema()) : node(version);
        }
        throw new Fault(405, "HTTP 405 Method Not Allowed");
    }

    private Subjects.Version register(String subject, Schema schema) throws Fault {
        String text = text(schema);
        Optional<Subjects.Version> known = subjects.find(subject, text);
        if (known.isPresent()) {
            return known.get();
        }
        Optional<String> why = subjects.incompatibility(subject, schema);
        if (why.isPresent()) {
            throw new Fault(
                    409,
                    "Schema being registered is incompatible with an earlier schema for subject \"" + subject + "\": "
                            + why.get());
        }
        Subjects.Version version = subjects.next(subject, text);
        ObjectNode key = JSON.createObjectNode()
                .put("keytype", "SCHEMA")
                .put("subject", subject)
                .put("version", version.version())
                .put("magic", 1);
        ObjectNode value = node(version).put("deleted", false);
        log.append(key.toString(), value.toString());
        subjects.restore(version);
        return version;
    }

    private Object compatibility(List<String> parts, HttpExchange exchange) throws Fault, IOException {
        if (parts.size() < 4) {
            throw new Fault(404, "HTTP 404 Not Found");
        }
        known(parts.get(2));
        boolean fits = subjects.incompatibility(parts.get(2), schema(exchange)).isEmpty();
        return JSON.createObjectNode().put("is_compatible", fits);
    }

    private Object config(String method, List<String> parts, HttpExchange exchange) throws Fault, IOException {
        String subject = parts.size() > 1 ? parts.get(1) : "";
        if (!method.equals("PUT")) {
            return JSON.createObjectNode().put("compatibilityLevel", subjects.level(subject));
        }
        String level = body(exchange).path("compatibility").asText();
        if (!level.matches("NONE|(BACKWARD|FORWARD|FULL)(_TRANSITIVE)?")) {
            throw new Fault(42203, "Invalid compatibility level");
        }
        ObjectNode key = JSON.createObjectNode()
                .put("keytype", "CONFIG")
                .put("subject", subject)
                .put("magic", 0);
        log.append(
                key.toString(),
                JSON.createObjectNode().put("compatibilityLevel", level).toString());
        subjects.setLevel(subject, level);
        return JSON.createObjectNode().put("compatibility", level);
    }

    private void restore(String key, @Nullable String value) {
        try {
            JsonNode k = JSON.readTree(key);
            if (value == null) {
                return;
            }
            JsonNode v = JSON.readTree(value);
            switch (k.path("keytype").asText()) {
                case "SCHEMA" ->
                    subjects.restore(new Subjects.Version(
                            v.path("subject").asText(),
                            v.path("version").asInt(),
                            v.path("id").asInt(),
                            v.path("schema").asText()));
                case "CONFIG" ->
                    subjects.setLevel(
                            k.path("subject").asText(""),
                            v.path("compatibilityLevel").asText());
                default -> {
                    // Other kinds of Confluent's records hold nothing that we serve.
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("the topic of schemas holds a record that isn't JSON", e);
        }
    }

    private void known(String subject) throws Fault {
        if (subjects.versions(subject).isEmpty()) {
            throw new Fault(40401, "Subject '" + subject + "' not found.");
        }
    }

    private Subjects.Version version(String subject, String wanted) throws Fault {
        known(subject);
        List<Subjects.Version> all = subjects.versions(subject);
        if (wanted.equals("latest") || wanted.equals("-1")) {
            return all.getLast();
        }
        return all.stream()
                .filter(v -> Integer.toString(v.version()).equals(wanted))
                .findFirst()
                .orElseThrow(() -> new Fault(40402, "Version " + wanted + " not found."));
    }

    private Schema schema(HttpExchange exchange) throws Fault, IOException {
        JsonNode body = body(exchange);
        String type = body.path("schemaType").asText("AVRO");
        if (!type.equals("AVRO")) {
            throw new Fault(42201, "Invalid schema type " + type);
        }
        try {
            return new Schema.Parser().parse(body.path("schema").asText());
        } catch (SchemaParseException e) {
            throw new Fault(42201, "Invalid schema: " + e.getMessage());
        }
    }

    private static JsonNode body(HttpExchange exchange) throws Fault, IOException {
        byte[] bytes = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
        if (bytes.length > MAX_BODY) {
            throw new Fault(413, "the body is over 4 MiB");
        }
        try {
            return JSON.readTree(bytes);
        } catch (IOException e) {
            throw new Fault(400, "the body is not JSON");
        }
    }

    private static String text(Schema schema) {
        return SchemaText.of(schema);
    }

    private static ObjectNode node(Subjects.Version version) {
        return JSON.createObjectNode()
                .put("subject", version.subject())
                .put("version", version.version())
                .put("id", version.id())
                .put("schema", version.schema());
    }
}
