package io.prefstream.kittest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An OpenAI-compatible endpoint on loopback whose answers and faults the test writes; it counts what each call is paid. */
public final class FakeLlmServer implements AutoCloseable {

    /**
     * A question as it came.
     *
     * @param id id of the call, as its header says; empty without one
     * @param system system message
     * @param user user message
     * @param schema JSON schema of the answer; empty without one
     */
    public record Question(String id, String model, String system, String user, String schema) {}

    /** Ways to fail. */
    public enum Kind {
        /** An HTTP status, with Retry-After if one is given. */
        STATUS,
        /** Nothing for as long as the client waits; the call is paid. */
        HANG,
        /** A body that isn't JSON; the call is paid. */
        BROKEN_BODY,
        /** The connection ends in the middle of the body; the call is paid. */
        CUT,
        /** An answer that was cut off: {@code finish_reason} is {@code length}. */
        LENGTH,
        /** The model refuses. */
        REFUSAL
    }

    /**
     * A fault to answer with instead.
     *
     * @param status HTTP status of kind STATUS
     * @param retryAfter value of Retry-After, in seconds; null for none
     */
    public record Fault(Kind kind, int status, @Nullable String retryAfter) {

        /** A status. */
        public Fault(int status, @Nullable String retryAfter) {
            this(Kind.STATUS, status, retryAfter);
        }

        /** A fault without a status of its own. */
        public Fault(Kind kind) {
            this(kind, 200, null);
        }
    }

    /** Thrown by a mind that answers with a fault. */
    public static final class Refusal extends RuntimeException {
        private final transient Fault fault;

        /** Answers with this fault. */
        public Refusal(Fault fault) {
            super(fault.toString());
            this.fault = fault;
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long LONGEST_HANG_MILLIS = 60_000;

    private final HttpServer server;
    private final Function<Question, String> mind;
    private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final Map<String, Integer> paid = new ConcurrentHashMap<>();
    private final Map<String, Integer> delivered = new ConcurrentHashMap<>();

    private final FakeBatches batches;

    private FakeLlmServer(HttpServer server, Function<Question, String> mind) {
        this.server = server;
        this.mind = mind;
        this.batches = new FakeBatches(this::completion);
    }

    /** Starts an endpoint that says what {@code mind} says. */
    public static FakeLlmServer start(Function<Question, String> mind) {
        return start(0, mind);
    }

    /** Starts it on a port of loopback; 0 takes a free one. */
    public static FakeLlmServer start(int port, Function<Question, String> mind) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            FakeLlmServer fake = new FakeLlmServer(server, mind);
            server.createContext("/v1/chat/completions", fake::answer);
            FakeBatches batches = fake.batches;
            server.createContext("/v1/files", batches::files);
            server.createContext("/v1/batches", batches::batches);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.start();
            return fake;
        } catch (IOException e) {
            throw new IllegalStateException("cannot open a port on loopback", e);
        }
    }

    /** Base URL, for clients. */
    public String url() {
        return "http://localhost:" + server.getAddress().getPort() + "/v1";
    }

    /** The batch API beside it. */
    public FakeBatches batches() {
        return batches;
    }

    /** Answers the next request with a fault. */
    public void fail(Fault fault) {
        faults.add(fault);
    }

    /** Requests that came, faults included. */
    public int requests() {
        return requests.get();
    }

    /** Requests that got an answer. */
    public int answered() {
        return answered.get();
    }

    /** How often each call was charged for, by id: every request that reached the model, whether its answer arrived or not. */
    public Map<String, Integer> paid() {
        return Map.copyOf(paid);
    }

    /** How often each call was answered whole, by id: more than once is paid for twice. */
    public Map<String, Integer> delivered() {
        return Map.copyOf(delivered);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.incrementAndGet();
            JsonNode asked = JSON.readTree(exchange.getRequestBody());
            String id = exchange.getRequestHeaders().getFirst("X-Request-Id");
            Fault fault = faults.poll();
            String text = "";
            if (fault == null) {
                JsonNode messages = asked.path("messages");
                try {
                    text = mind.apply(new Question(
                            id == null ? "" : id,
                            asked.path("model").asText(),
                            messages.path(0).path("content").asText(),
                            messages.path(1).path("content").asText(),
                            asked.path("response_format")
                                    .path("json_schema")
                                    .path("schema")
                                    .toString()));
                } catch (Refusal refusal) {
                    fault = refusal.fault;
                }
            }
            if (fault != null && fault.kind() == Kind.STATUS) {
                refuse(exchange, fault);
                return;
            }
            if (id != null) {
                paid.merge(id, 1, Integer::sum);
            }
            deliver(exchange, asked.path("model").asText(), text, fault, id);
        }
    }

    private static Question question(String id, JsonNode asked) {
        JsonNode messages = asked.path("messages");
        return new Question(
                id,
                asked.path("model").asText(),
                messages.path(0).path("content").asText(),
                messages.path(1).path("content").asText(),
                asked.path("response_format").path("json_schema").path("schema").toString());
    }

    /** What the model says to one line of a batch. */
    private ObjectNode completion(String id, JsonNode body) {
        paid.merge(id, 1, Integer::sum);
        delivered.merge(id, 1, Integer::sum);
        return reply(body.path("model").asText(), mind.apply(question(id, body)), null);
    }

    private void deliver(HttpExchange exchange, String model, String text, @Nullable Fault fault, @Nullable String id)
            throws IOException {
        Kind kind = fault == null ? null : fault.kind();
        if (kind == Kind.HANG) {
            try {
                Thread.sleep(LONGEST_HANG_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return;
        }
        if (kind == Kind.BROKEN_BODY) {
            send(exchange, 200, "<html>upstream error</html>");
            return;
        }
        String body = JSON.writeValueAsString(reply(model, text, kind));
        if (kind == Kind.CUT) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes, 0, bytes.length / 2);
            exchange.getResponseBody().flush();
            return;
        }
        answered.incrementAndGet();
        send(exchange, 200, body);
        if (id != null) {
            delivered.merge(id, 1, Integer::sum);
        }
    }

    private static ObjectNode reply(String model, String text, @Nullable Kind kind) {
        ObjectNode reply = JSON.createObjectNode();
        reply.put("id", "fake").put("object", "chat.completion").put("created", 0);
        reply.put("model", model);
        ObjectNode choice = reply.putArray("choices").addObject();
        choice.put("index", 0).put("finish_reason", kind == Kind.LENGTH ? "length" : "stop");
        ObjectNode message = choice.putObject("message").put("role", "assistant");
        if (kind == Kind.REFUSAL) {
            message.putNull("content").put("refusal", "I can't help with that.");
        } else {
            message.put("content", kind == Kind.LENGTH ? text.substring(0, text.length() / 2) : text);
        }
        reply.putObject("usage")
                .put("prompt_tokens", 100)
                .put("completion_tokens", 10)
                .put("total_tokens", 110);
        return reply;
    }

    private static void refuse(HttpExchange exchange, Fault fault) throws IOException {
        if (fault.retryAfter() != null) {
            exchange.getResponseHeaders().add("Retry-After", fault.retryAfter());
        }
        send(exchange, fault.status(), "{\"error\": {\"message\": \"scripted fault\"}}");
    }

    static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
