package io.prefstream.llm.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.MultipartField;
import com.openai.core.http.HttpResponse;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.batches.Batch;
import com.openai.models.batches.BatchCreateParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FilePurpose;
import io.prefstream.core.judge.Judge;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The batch API that OpenAI's endpoints have: a file of questions whose {@code custom_id} is the call's id. */
public final class OpenAiBatchClient implements BatchClient {

    private static final int TRIES_AGAIN = 4;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Judge judge;
    private final OpenAIClient client;

    /** A client of a judge's endpoint; nothing is sent yet. */
    public OpenAiBatchClient(Judge judge, String apiKey) {
        this.judge = judge;
        this.client = OpenAIOkHttpClient.builder()
                .baseUrl(judge.url())
                .apiKey(apiKey.isEmpty() ? "none" : apiKey)
                .timeout(judge.timeout())
                .maxRetries(TRIES_AGAIN)
                .build();
    }

    @Override
    public String submit(List<ChatClient.Question> questions) throws ChatFailure {
        StringBuilder lines = new StringBuilder();
        for (ChatClient.Question question : questions) {
            lines.append(line(question)).append('\n');
        }
        byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
        return told(() -> {
            String file = client.files()
                    .create(FileCreateParams.builder()
                            .purpose(FilePurpose.BATCH)
                            .file(MultipartField.<InputStream>builder()
                                    .value(new ByteArrayInputStream(bytes))
                                    .filename("calls.jsonl")
                                    .build())
                            .build())
                    .id();
            return client.batches()
                    .create(BatchCreateParams.builder()
                            .inputFileId(file)
                            .endpoint(BatchCreateParams.Endpoint.V1_CHAT_COMPLETIONS)
                            .completionWindow(BatchCreateParams.CompletionWindow._24H)
                            .build())
                    .id();
        });
    }

    private String line(ChatClient.Question question) {
        ObjectNode line = JSON.createObjectNode();
        line.put("custom_id", question.id()).put("method", "POST").put("url", "/v1/chat/completions");
        ObjectNode body = line.putObject("body");
        body.put("model", question.model());
        body.putArray("messages")
                .add(JSON.createObjectNode().put("role", "system").put("content", question.system()))
                .add(JSON.createObjectNode().put("role", "user").put("content", question.user()));
        body.put("max_completion_tokens", judge.maxOutputTokens());
        if (judge.temperature() != null) {
            body.put("temperature", judge.temperature());
        }
        try {
            if (!question.schema().isEmpty()) {
                ObjectNode format = body.putObject("response_format").put("type", "json_schema");
                format.putObject("json_schema")
                        .put("name", "answer")
                        .put("strict", true)
                        .set("schema", JSON.readTree(question.schema()));
            }
            return JSON.writeValueAsString(line);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a JSON schema", e);
        }
    }

    @Override
    public State state(String batchId) throws ChatFailure {
        return told(() -> {
            Batch.Status status = client.batches().retrieve(batchId).status();
            boolean isOpen = List.of(
                            Batch.Status.VALIDATING,
                            Batch.Status.IN_PROGRESS,
                            Batch.Status.FINALIZING,
                            Batch.Status.CANCELLING)
                    .contains(status);
            return isOpen ? State.OPEN : State.ENDED;
        });
    }

    @Override
    public Map<String, Outcome> outcomes(String batchId) throws ChatFailure {
        Batch batch = told(() -> client.batches().retrieve(batchId));
        Map<String, Outcome> found = new HashMap<>();
        for (Optional<String> file : List.of(batch.errorFileId(), batch.outputFileId())) {
            if (file.isPresent()) {
                read(file.get(), found);
            }
        }
        return found;
    }

    private void read(String file, Map<String, Outcome> to) throws ChatFailure {
        String lines = told(() -> {
            try (HttpResponse content = client.files().content(file)) {
                return new String(content.body().readAllBytes(), StandardCharsets.UTF_8);
            }
        });
        try {
            for (String line : lines.lines().filter(text -> !text.isBlank()).toList()) {
                JsonNode row = JSON.readTree(line);
                to.put(row.path("custom_id").asText(), outcome(row));
            }
        } catch (JsonProcessingException e) {
            throw new ChatFailure(ChatFailure.Kind.FOR_NOW, judge.url() + ": file " + file + " can't be read", e);
        }
    }

    private Outcome outcome(JsonNode row) {
        int status = row.path("response").path("status_code").asInt(0);
        JsonNode body = row.path("response").path("body");
        if (status == 200) {
            JsonNode choice = body.path("choices").path(0);
            String text = choice.path("message").path("content").asText("");
            String finish = choice.path("finish_reason").asText("stop");
            boolean refused = choice.path("message").hasNonNull("refusal");
            return new Outcome(
                    new ChatClient.Reply(
                            body.path("model").asText(judge.model()),
                            text,
                            OpenAiChatClient.flaw(finish, refused, text),
                            body.path("usage").path("prompt_tokens").asLong(0),
                            body.path("usage").path("completion_tokens").asLong(0)),
                    null);
        }
        String why = row.path("error")
                .path("message")
                .asText(body.path("error").path("message").asText("no answer"));
        // An endpoint that expires or fails a call gives no status; what it refused has one.
        ChatFailure.Kind kind = status == 0 ? ChatFailure.Kind.FOR_NOW : OpenAiChatClient.kind(status);
        return new Outcome(
                null, new ChatFailure(kind, judge.url() + " answered in a batch: " + why, new IOException(why)));
    }

    private interface Request<T> {
        T send() throws IOException;
    }

    private <T> T told(Request<T> request) throws ChatFailure {
        try {
            return request.send();
        } catch (OpenAIServiceException refused) {
            throw new ChatFailure(
                    OpenAiChatClient.kind(refused.statusCode()),
                    judge.url() + " answered " + refused.statusCode() + " to a batch for model " + judge.model(),
                    refused);
        } catch (OpenAIException | IOException away) {
            throw new ChatFailure(
                    ChatFailure.Kind.FOR_NOW, judge.url() + " cannot be reached: " + away.getMessage(), away);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
