package io.prefstream.kit.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prefstream.kit.registry.RegistryApi.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A schema registry in this JVM, on loopback only, with Confluent's REST API and record format: subjects, versions, ids,
 * compatibility, configuration and deletion of Avro schemas. Any client of that API works against it.
 */
public final class SchemaRegistryServer implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_BODY = 4 << 20;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final SchemaLog log;
    private final RegistryApi api;

    private SchemaRegistryServer(HttpServer server, SchemaLog log) {
        this.server = server;
        this.log = log;
        this.api = new RegistryApi(log);
    }

    /** Starts a registry whose state is the topic {@code _schemas} of a broker; port 0 takes any free one. */
    public static SchemaRegistryServer start(String bootstrap, int port) throws IOException {
        return start(new KafkaSchemaLog(bootstrap), port);
    }

    /** Starts a registry on a log. */
    public static SchemaRegistryServer start(SchemaLog log, int port) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        SchemaRegistryServer registry = new SchemaRegistryServer(http, log);
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

    private void serve(HttpExchange exchange) throws IOException {
        int status = 200;
        String body;
        try {
            body = JSON.writeValueAsString(api.answer(request(exchange)));
        } catch (Fault fault) {
            status = fault.status();
            body = error(fault.code(), fault.getMessage());
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

    private static RegistryApi.Request request(HttpExchange exchange) throws Fault, IOException {
        URI uri = exchange.getRequestURI();
        List<String> path = Arrays.stream(uri.getRawPath().split("/"))
                .filter(part -> !part.isEmpty())
                .map(SchemaRegistryServer::decode)
                .toList();
        Map<String, String> query = new HashMap<>();
        for (String pair :
                uri.getRawQuery() == null ? new String[0] : uri.getRawQuery().split("&")) {
            int equals = pair.indexOf('=');
            query.put(
                    decode(equals < 0 ? pair : pair.substring(0, equals)),
                    equals < 0 ? "" : decode(pair.substring(equals + 1)));
        }
        return new RegistryApi.Request(exchange.getRequestMethod(), path, query, body(exchange));
    }

    private static String decode(String part) {
        return URLDecoder.decode(part, StandardCharsets.UTF_8);
    }

    private static JsonNode body(HttpExchange exchange) throws Fault, IOException {
        byte[] bytes = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
        if (bytes.length > MAX_BODY) {
            throw new Fault(413, "the body is over 4 MiB");
        }
        try {
            return bytes.length == 0 ? MissingNode.getInstance() : JSON.readTree(bytes);
        } catch (IOException e) {
            throw new Fault(400, "the body is not JSON");
        }
    }
}
