package io.prefstream.llm.client;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.completions.CompletionUsage;
import io.prefstream.llm.domain.LlmSettings;

/** Any endpoint that speaks OpenAI's chat completions. The library tries again by itself and heeds Retry-After. */
public final class OpenAiChatClient implements ChatClient {

    private static final int TRIES_AGAIN = 4;
    private static final int LONGEST_DETAIL = 200;

    private final LlmSettings settings;
    private final OpenAIClient client;

    /** A client of the endpoint in the settings; nothing is sent yet. */
    public OpenAiChatClient(LlmSettings settings) {
        this(settings, TRIES_AGAIN);
    }

    private OpenAiChatClient(LlmSettings settings, int triesAgain) {
        this.settings = settings;
        this.client = OpenAIOkHttpClient.builder()
                .baseUrl(settings.url())
                .apiKey(settings.apiKey().isEmpty() ? "none" : settings.apiKey())
                .timeout(settings.timeout())
                .maxRetries(triesAgain)
                .build();
    }

    /**
     * Asks every model one short question, to learn early that the endpoint is there and takes us.
     *
     * @throws ChatFailure saying what is wrong
     */
    public static void probe(LlmSettings settings) throws ChatFailure {
        try (OpenAiChatClient client = new OpenAiChatClient(settings, 1)) {
            for (String model : settings.models()) {
                client.ask(model, "You answer with one word.", "Say: ready");
            }
        }
    }

    @Override
    public Reply ask(String model, String system, String user) throws ChatFailure {
        ChatCompletionCreateParams.Builder question = ChatCompletionCreateParams.builder()
                .model(model)
                .addSystemMessage(system)
                .addUserMessage(user)
                .maxCompletionTokens(settings.maxOutputTokens());
        if (settings.temperature() != null) {
            question.temperature(settings.temperature());
        }
        try {
            ChatCompletion answer = client.chat().completions().create(question.build());
            CompletionUsage usage = answer.usage().orElse(null);
            return new Reply(
                    answer.model(),
                    answer.choices().isEmpty()
                            ? ""
                            : answer.choices().getFirst().message().content().orElse(""),
                    usage == null ? 0 : usage.promptTokens(),
                    usage == null ? 0 : usage.completionTokens());
        } catch (OpenAIServiceException refused) {
            throw new ChatFailure(
                    kind(refused.statusCode()),
                    settings.url() + " answered " + refused.statusCode() + " for model " + model + ": "
                            + detail(refused) + cure(refused.statusCode()),
                    refused);
        } catch (OpenAIException away) {
            Throwable cause = away.getCause() == null ? away : away.getCause();
            throw new ChatFailure(
                    ChatFailure.Kind.FOR_NOW, settings.url() + " cannot be reached: " + cause.getMessage(), away);
        }
    }

    static ChatFailure.Kind kind(int status) {
        return switch (status) {
            case 401, 402, 403, 404 -> ChatFailure.Kind.FOR_GOOD;
            case 400, 413, 422 -> ChatFailure.Kind.QUESTION;
            default -> ChatFailure.Kind.FOR_NOW;
        };
    }

    private static String cure(int status) {
        return switch (status) {
            case 401, 403 -> " (is " + ApiKey.VARIABLE + " set and right?)";
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
