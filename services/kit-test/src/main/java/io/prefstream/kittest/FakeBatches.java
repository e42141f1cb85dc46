package io.prefstream.kittest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Files and batches of the fake endpoint. A batch is done when it is asked after for the second time. */
public final class FakeBatches {

    /** What becomes of a batch. */
    public enum Fate {
        /** Every second call fails with a server's error; those stand in the error file. */
        HALF_FAILS,
        /** Every second call is missing, since the batch expired. */
        EXPIRES
    }

    /** Says what the model answers to a line. */
    interface Model {
        ObjectNode answer(String customId, JsonNode body);
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Model model;
    private final Map<String, String> files = new ConcurrentHashMap<>();
    private final Map<String, ObjectNode> batches = new ConcurrentHashMap<>();
    private final Queue<Fate> fates = new ConcurrentLinkedQueue<>();
    private final AtomicInteger number = new AtomicInteger();
    private final List<List<String>> submitted = new CopyOnWriteArrayList<>();

    FakeBatches(Model model) {
        this.model = model;
    }

    /** What becomes of the next batch. */
    public void next(Fate fate) {
        fates.add(fate);
    }

    /** Ids of the calls in each batch, in the order of the batches. */
    public List<List<String>> submitted() {
        return List.copyOf(submitted);
    }

    void files(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (exchange.getRequestMethod().equals("POST")) {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                String id = "file-" + number.incrementAndGet();
                List<String> lines = body.lines()
                        .filter(line -> line.startsWith("{\"custom_id\""))
                        .toList();
                files.put(id, String.join("\n", lines));
                ObjectNode file = JSON.createObjectNode();
                file.put("id", id)
                        .put("object", "file")
                        .put("bytes", body.length())
                        .put("created_at", 0);
                file.put("filename", "calls.jsonl").put("purpose", "batch").put("status", "processed");
                FakeLlmServer.send(exchange, 200, file.toString());
            } else {
                String id = path.replaceAll(".*/files/([^/]+)/content", "$1");
                FakeLlmServer.send(exchange, 200, files.getOrDefault(id, ""));
            }
        }
    }

    void batches(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (exchange.getRequestMethod().equals("POST")) {
                JsonNode asked = JSON.readTree(exchange.getRequestBody());
                String id = "batch-" + number.incrementAndGet();
                String input = asked.path("input_file_id").asText();
                ObjectNode batch = JSON.createObjectNode();
                batch.put("id", id).put("object", "batch").put("endpoint", "/v1/chat/completions");
                batch.put("input_file_id", input).put("completion_window", "24h");
                batch.put("status", "in_progress").put("created_at", 0);
                batches.put(id, batch);
                List<String> ids = new ArrayList<>();
                for (String line : files.getOrDefault(input, "").lines().toList()) {
                    ids.add(JSON.readTree(line).path("custom_id").asText());
                }
                submitted.add(ids);
                FakeLlmServer.send(exchange, 200, batch.toString());
            } else {
                String id = exchange.getRequestURI().getPath().replaceAll(".*/batches/", "");
                ObjectNode batch = Objects.requireNonNull(batches.get(id), id);
                String now = batch.toString();
                if (batch.path("status").asText().equals("in_progress")) {
                    finish(batch);
                }
                FakeLlmServer.send(exchange, 200, now);
            }
        }
    }

    private void finish(ObjectNode batch) throws IOException {
        Fate fate = fates.poll();
        StringBuilder output = new StringBuilder();
        StringBuilder errors = new StringBuilder();
        int n = 0;
        for (String line : files.getOrDefault(batch.path("input_file_id").asText(), "")
                .lines()
                .toList()) {
            JsonNode call = JSON.readTree(line);
            String id = call.path("custom_id").asText();
            boolean fails = fate != null && n++ % 2 == 1;
            ObjectNode row = JSON.createObjectNode().put("id", "line-" + n).put("custom_id", id);
            if (!fails) {
                row.putNull("error")
                        .putObject("response")
                        .put("status_code", 200)
                        .put("request_id", "r")
                        .set("body", model.answer(id, call.path("body")));
                output.append(row).append('\n');
            } else if (fate == Fate.HALF_FAILS) {
                row.putNull("error")
                        .putObject("response")
                        .put("status_code", 500)
                        .put("request_id", "r")
                        .putObject("body")
                        .putObject("error")
                        .put("message", "scripted fault");
                errors.append(row).append('\n');
            }
        }
        String outputId = "file-" + number.incrementAndGet();
        files.put(outputId, output.toString());
        batch.put("output_file_id", outputId);
        if (!errors.isEmpty()) {
            String errorId = "file-" + number.incrementAndGet();
            files.put(errorId, errors.toString());
            batch.put("error_file_id", errorId);
        }
        batch.put("status", fate == Fate.EXPIRES ? "expired" : "completed");
    }
}
