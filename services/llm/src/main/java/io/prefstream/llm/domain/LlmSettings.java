package io.prefstream.llm.domain;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How language models are reached and asked.
 *
 * @param url base URL of an OpenAI-compatible endpoint, such as http://localhost:8000/v1
 * @param models models that are asked; of judges, one judge each
 * @param apiKey bearer key; empty when the endpoint takes none
 * @param samples answers asked for in each order, 1 or more
 * @param temperature sampling temperature; null leaves it to the endpoint, as some models demand
 * @param maxOutputTokens most tokens of an answer
 * @param concurrency calls under way at once
 * @param timeout longest that one try may take
 * @param patience how long an endpoint that cannot be reached is tried again before the stage gives up
 * @param prices what the models charge
 */
public record LlmSettings(
        String url,
        List<String> models,
        String apiKey,
        int samples,
        @Nullable Double temperature,
        int maxOutputTokens,
        int concurrency,
        Duration timeout,
        Duration patience,
        Prices prices) {

    /** The judges' settings; empty when no endpoint is configured. */
    public static Optional<LlmSettings> of(Map<String, String> settings, String apiKey) {
        String url = settings.get("judge.url");
        if (url == null) {
            return Optional.empty();
        }
        String temperature = settings.getOrDefault("judge.temperature", "0");
        return Optional.of(new LlmSettings(
                url,
                Stream.of(settings.getOrDefault("judge.model", "").split(","))
                        .map(String::strip)
                        .filter(model -> !model.isEmpty())
                        .toList(),
                apiKey,
                Integer.parseInt(settings.getOrDefault("judge.samples", "1")),
                temperature.equals("default") ? null : (Double) Double.parseDouble(temperature),
                Integer.parseInt(settings.getOrDefault("judge.max-output-tokens", "512")),
                Integer.parseInt(settings.getOrDefault("judge.concurrency", "16")),
                Duration.ofSeconds(Integer.parseInt(settings.getOrDefault("judge.timeout", "120"))),
                Duration.ofSeconds(Integer.parseInt(settings.getOrDefault("judge.patience", "600"))),
                Prices.of(settings.getOrDefault("judge.price", "0,0"))));
    }

    /** The tagger's settings: the judges' endpoint and its own models; empty when either is not configured. */
    public static Optional<LlmSettings> ofTagger(Map<String, String> settings, String apiKey) {
        String model = settings.get("tagger.model");
        if (model == null) {
            return Optional.empty();
        }
        Map<String, String> own = new HashMap<>(settings);
        own.put("judge.model", model);
        own.put("judge.samples", "1");
        return of(own, apiKey);
    }

    /** The settings without the key. */
    @Override
    public String toString() {
        return url + " " + models;
    }
}
