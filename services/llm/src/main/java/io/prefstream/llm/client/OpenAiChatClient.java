package io.prefstream.llm.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.ResponseFormatJsonSchema;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.completions.CompletionUsage;
import io.prefstream.core.judge.Judge;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Set;

/**
 * Any endpoint that speaks OpenAI's chat completions. It asks for an answer by the question's schema, and goes on without one
 * once the endpoint has refused it. It never tries again by itself: who asks knows the limits and the breaker.
 */
public final class OpenAiChatClient implements ChatClient {

    private static final Set<Integer> REFUSES_US = Set.of(401, 402, 403, 404);
    private static final Set<Integer> REFUSES_THE_QUESTION = Set.of(400, 413, 422);
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int LONGEST_DETAIL = 200;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Judge judge;
    private final OpenAIClient client;
    private volatile boolean takesSchemas = true;

    /** A client of a judge's endpoint; nothing is sent yet. */
    public OpenAiChatClient(Judge judge, String apiKey) {
        this.judge = judge;
        this.client = OpenAIOkHttpClient.builder()
                .baseUrl(judge.url())
                .apiKey(apiKey.isEmpty() ? "none" : apiKey)
                .timeout(judge.timeout())
                .maxRetries(0)
                .build();
    }

    @Override
    public Reply ask(Question question) throws ChatFailure {
        boolean withSchema = takesSchemas && !question.schema().isEmpty();
        try {
            return once(question, withSchema);
        } catch (ChatFailure refused) {
            if (!withSchema || refused.kind() != ChatFailure.Kind.QUESTION) {
                throw refused;
            }
            Reply reply = once(question, false);
            takesSchemas = false; // the schema was the trouble
            return reply;
        }
    }

    private Reply once(Question question, boolean withSchema) throws ChatFailure {
        ChatCompletionCreateParams.Builder params = ChatCompletionCreateParams.builder()
                .model(question.model())
                .addSystemMessage(question.system())
                .addUserMessage(question.user())
                .maxCompletionTokens(judge.maxOutputTokens())
                .putAdditionalHeader("X-Request-Id", question.id());
        if (judge.temperature() != null) {
            params.temperature(judge.temperature());
        }
        if (withSchema) {
            params.responseFormat(format(question.schema()));
        }
        try {
            return reply(client.chat().completions().create(params.build()));
        } catch (OpenAIServiceException refused) {
            throw failure(question.model(), refused);
        } catch (OpenAIException away) {
            Throwable cause = away.getCause() == null ? away : away.getCause();
            throw new ChatFailure(
                    ChatFailure.Kind.FOR_NOW,
                    judge.url()
                            + (cause instanceof JsonProcessingException
                                    ? " answered something that is no JSON"
                                    : " cannot be reached: " + cause.getMessage()),
                    away);
        }
    }

    /**
     * Kept apart, with the kind in a local. Written as an argument of the constructor where the refusal was caught, it was
     * compiled wrongly by JDK 25.0: after some 401, every other status was FOR_GOOD too, unless this class was excluded from
     * compilation. JudgedCurationIT runs into it.
     */
    private ChatFailure failure(String model, OpenAIServiceException refused) {
        int status = refused.statusCode();
        ChatFailure.Kind kind = kind(status);
        Duration wait = retryAfter(refused);
        String message =
                judge.url() + " answered " + status + " for model " + model + ": " + detail(refused) + cure(status);
        return new ChatFailure(kind, message, wait, refused);
    }

    private static Reply reply(ChatCompletion answer) {
        CompletionUsage usage = answer.usage().orElse(null);
        String text = "";
        String flaw = "the endpoint gave no choice";
        if (!answer.choices().isEmpty()) {
            ChatCompletion.Choice choice = answer.choices().getFirst();
            text = choice.message().content().orElse("");
            String finish = choice._finishReason()
                    .asKnown()
                    .map(ChatCompletion.Choice.FinishReason::asString)
                    .orElse("stop");
            flaw = flaw(finish, choice.message().refusal().isPresent(), text);
        }
        return new Reply(
                answer.model(),
                text,
                flaw,
                usage == null ? 0 : usage.promptTokens(),
                usage == null ? 0 : usage.completionTokens());
    }

    /** Why an answer can't be taken; empty when it can. */
    static String flaw(String finish, boolean refused, String text) {
        return refused
                ? "the model refused to answer"
                : switch (finish) {
                    case "length" -> "the answer was cut off at the most tokens that it may have";
                    case "content_filter" -> "the endpoint filtered the answer";
                    default -> text.isBlank() ? "the answer is empty" : "";
                };
    }

    private static ResponseFormatJsonSchema format(String schema) {
        try {
            ResponseFormatJsonSchema.JsonSchema.Schema.Builder parts =
                    ResponseFormatJsonSchema.JsonSchema.Schema.builder();
            JSON.readValue(schema, new TypeReference<Map<String, Object>>() {})
                    .forEach((key, value) -> parts.putAdditionalProperty(key, JsonValue.from(value)));
            return ResponseFormatJsonSchema.builder()
                    .jsonSchema(ResponseFormatJsonSchema.JsonSchema.builder()
                            .name("answer")
                            .strict(true)
                            .schema(parts.build())
                            .build())
                    .build();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a JSON schema", e);
        }
    }

    static ChatFailure.Kind kind(int status) {
        if (REFUSES_US.contains(status)) {
            return ChatFailure.Kind.FOR_GOOD;
        }
        if (REFUSES_THE_QUESTION.contains(status)) {
            return ChatFailure.Kind.QUESTION;
        }
        return status == TOO_MANY_REQUESTS ? ChatFailure.Kind.BUSY : ChatFailure.Kind.FOR_NOW;
    }

    /** Retry-After in seconds or as a date; zero when there is none that can be read. */
    private static Duration retryAfter(OpenAIServiceException refused) {
        for (String value : refused.headers().values("Retry-After")) {
            try {
                Duration wait = value.strip().matches("\\d{1,9}(\\.\\d+)?")
                        ? Duration.ofMillis(Math.round(1000 * Double.parseDouble(value.strip())))
                        : Duration.between(
                                ZonedDateTime.now(java.time.ZoneOffset.UTC),
                                ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME));
                return wait.isNegative() ? Duration.ZERO : wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
            } catch (DateTimeParseException e) {
                return Duration.ZERO;
            }
        }
        return Duration.ZERO;
    }

    private String cure(int status) {
        return switch (status) {
            case 401, 403 -> " (is the key right, in " + judge.keySetting() + "?)";
            case 404 -> " (does the URL end in /v1, and has the endpoint this model?)";
            default -> "";
        };
    }

    private static String detail(OpenAIServiceException refused) {
        String message = String.valueOf(refused.getMessage()).replaceAll("\\s+", " ");
        return message.length() <= LONGEST_DETAIL ? message : message.substring(0, LONGEST_DETAIL);
    }

    @Override
    public void close() {
        client.close();
    }
}
