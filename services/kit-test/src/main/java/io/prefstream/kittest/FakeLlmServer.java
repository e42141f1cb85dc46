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
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An OpenAI-compatible endpoint on loopback whose answers and faults the test writes. */
public final class FakeLlmServer implements AutoCloseable {

    /**
     * A question as it came.
     *
     * @param system system message
     * @param user user message
     */
    public record Question(String model, String system, String user) {}

    /**
     * A fault to answer with instead.
     *
     * @param status HTTP status
     * @param retryAfter value of Retry-After, in seconds; null for none
     */
    public record Fault(int status, @Nullable String retryAfter) {}

    /** Thrown by a mind that answers with a fault. */
    public static final class Refusal extends RuntimeException {
        private final transient Fault fault;

        /** Answers with this fault. */
        public Refusal(Fault fault) {
            super("status " + fault.status());
            this.fault = fault;
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final Function<Question, String> mind;
    private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();

    private FakeLlmServer(HttpServer server, Function<Question, String> mind) {
        this.server = server;
        this.mind = mind;
    }

    /** Starts an endpoint that says what {@code mind} says. */
    public static FakeLlmServer start(Function<Question, String> mind) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            FakeLlmServer fake = new FakeLlmServer(server, mind);
            server.createContext("/v1/chat/completions", fake::answer);
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

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.incrementAndGet();
            JsonNode asked = JSON.readTree(exchange.getRequestBody());
            Fault fault = faults.poll();
            if (fault != null) {
                refuse(exchange, fault);
                return;
            }
            JsonNode messages = asked.path("messages");
            String text;
            try {
                text = mind.apply(new Question(
                        asked.path("model").asText(),
                        messages.path(0).path("content").asText(),
                        messages.path(1).path("content").asText()));
            } catch (Refusal refusal) {
                refuse(exchange, refusal.fault);
                return;
            }
            ObjectNode reply = JSON.createObjectNode();
            reply.put("id", "fake").put("object", "chat.completion").put("created", 0);
            reply.put("model", asked.path("model").asText());
            ObjectNode choice = reply.putArray("choices").addObject();
            choice.put("index", 0).put("finish_reason", "stop");
            choice.putObject("message").put("role", "assistant").put("content", text);
            reply.putObject("usage")
                    .put("prompt_tokens", 100)
                    .put("completion_tokens", 10)
                    .put("total_tokens", 110);
            answered.incrementAndGet();
            send(exchange, 200, JSON.writeValueAsString(reply));
        }
    }

    private static void refuse(HttpExchange exchange, Fault fault) throws IOException {
        if (fault.retryAfter() != null) {
            exchange.getResponseHeaders().add("Retry-After", fault.retryAfter());
        }
        send(exchange, fault.status(), "{\"error\": {\"message\": \"scripted fault\"}}");
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
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
