package io.prefstream.runner.command;

import io.prefstream.llm.client.ApiKey;
import io.prefstream.llm.client.ChatFailure;
import io.prefstream.llm.client.OpenAiChatClient;
import io.prefstream.llm.domain.LlmSettings;
import io.prefstream.runner.domain.UserError;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of LLM judges. Without them the built-in statistical judges vote. */
final class JudgeOptions {

    private static final int FORECAST_TOKENS_IN = 2500;
    private static final int FORECAST_TOKENS_OUT = 150;
    private static final Pattern PRIVATE_HOST =
            Pattern.compile("localhost|[^.]+|.*\\.(local|internal|localhost|svc|lan)|127\\..*|10\\..*|192\\.168\\..*"
                    + "|172\\.(1[6-9]|2[0-9]|3[01])\\..*|\\[::1\\]|\\[f[cd].*\\]");

    @Option(
            names = "--judge-url",
            paramLabel = "URL",
            description = {
                "OpenAI-compatible endpoint of LLM judges, such as http://localhost:8000/v1.",
                "Its key, if any, comes from OPENAI_API_KEY. Without it the built-in judges vote."
            })
    @Nullable
    String url;

    @Option(
            names = "--judge-model",
            paramLabel = "NAME",
            description = "Model that judges; several, comma-separated, vote.")
    @Nullable
    String model;

    @Option(
            names = "--judge-samples",
            paramLabel = "N",
            defaultValue = "1",
            description = "Answers of a judge in each order of the candidates (${DEFAULT-VALUE}).")
    int samples;

    @Option(
            names = "--judge-calls",
            paramLabel = "N",
            defaultValue = "20000",
            description = "Most calls of a run (${DEFAULT-VALUE}).")
    int maxCalls;

    @Option(
            names = "--judge-concurrency",
            paramLabel = "N",
            defaultValue = "16",
            description = "Calls under way at once (${DEFAULT-VALUE}).")
    int concurrency;

    @Option(
            names = "--judge-price",
            paramLabel = "IN,OUT",
            description = {
                "What the endpoint charges, US dollars per million tokens read and written;",
                "needed for any host that isn't private, 0,0 when it is free."
            })
    @Nullable
    String price;

    @Option(
            names = "--budget-usd",
            paramLabel = "USD",
            description = "Hard stop: no call starts that could pass it. Needed where calls cost money.")
    @Nullable
    Double budget;

    /** Settings that belong to the run: they decide what comes out. */
    Map<String, String> run() {
        Map<String, String> settings = new TreeMap<>();
        if (url == null) {
            check(model == null, "--judge-model needs --judge-url");
            return settings;
        }
        check(model != null && !model.isBlank(), "--judge-url needs --judge-model");
        check(url.matches("https?://.+"), "--judge-url must start with http:// or https://, got " + url);
        check(samples >= 1 && samples <= 32, "--judge-samples must be in 1..32, got " + samples);
        check(maxCalls >= 1, "--judge-calls must be 1 or more, got " + maxCalls);
        check(concurrency >= 1 && concurrency <= 4096, "--judge-concurrency must be in 1..4096, got " + concurrency);
        check(budget == null || budget >= 0, "--budget-usd must be 0 or more, got " + budget);
        settings.put("judge.model", String.valueOf(model));
        settings.put("judge.samples", Integer.toString(samples));
        settings.put("judges.max-calls", Integer.toString(maxCalls));
        double[] prices = prices();
        settings.put("judge.price.input-per-million", Double.toString(prices[0]));
        settings.put("judge.price.output-per-million", Double.toString(prices[1]));
        if (budget != null) {
            settings.put("budget.usd", Double.toString(budget));
        } else if (prices[0] > 0 || prices[1] > 0) {
            double forecast = maxCalls * (FORECAST_TOKENS_IN * prices[0] + FORECAST_TOKENS_OUT * prices[1]) / 1e6;
            throw new UserError(
                    String.format(
                            Locale.ROOT,
                            "calls to %s cost money, and no --budget-usd limits them: at most %d calls of about %d"
                                    + " tokens read and %d written come to $%.2f. Give --budget-usd, or fewer"
                                    + " --judge-calls with it",
                            url,
                            maxCalls,
                            FORECAST_TOKENS_IN,
                            FORECAST_TOKENS_OUT,
                            forecast),
                    2);
        }
        return settings;
    }

    /** Settings that say where and how the endpoint is reached; another run on the folder may have others. */
    Map<String, String> place() {
        return url == null ? Map.of() : Map.of("judge.url", url, "judge.concurrency", Integer.toString(concurrency));
    }

    /**
     * Asks the endpoint one question.
     *
     * @throws UserError when it can't be reached or refuses
     */
    void probe(Map<String, String> settings) {
        LlmSettings llm =
                LlmSettings.of(settings, ApiKey.of(settings, System.getenv())).orElse(null);
        if (llm == null) {
            return;
        }
        try {
            OpenAiChatClient.probe(llm);
        } catch (ChatFailure e) {
            throw new UserError("--judge-url: " + e.getMessage());
        }
    }

    private double[] prices() {
        if (price == null) {
            String host = String.valueOf(URI.create(String.valueOf(url)).getHost());
            check(
                    PRIVATE_HOST.matcher(host.toLowerCase(Locale.ROOT)).matches(),
                    "--judge-price must say what " + host + " charges, US dollars per million tokens read and written,"
                            + " such as 0.15,0.60; 0,0 when it is free");
            return new double[] {0, 0};
        }
        check(
                price.matches("\\d+(\\.\\d+)?,\\d+(\\.\\d+)?"),
                "--judge-price must be two numbers, IN,OUT, got " + price);
        String[] parts = price.split(",", -1);
        return new double[] {Double.parseDouble(parts[0]), Double.parseDouble(parts[1])};
    }

    private static void check(boolean holds, String fault) {
        if (!holds) {
            throw new UserError(fault, 2);
        }
    }
}
