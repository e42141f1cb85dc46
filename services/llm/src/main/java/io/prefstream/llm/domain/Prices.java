package io.prefstream.llm.domain;

import io.prefstream.core.judge.Judge;
import java.nio.charset.StandardCharsets;

/**
 * What a model charges.
 *
 * @param input US dollars per million tokens read, 0 or more
 * @param output US dollars per million tokens written, 0 or more
 */
public record Prices(double input, double output) {

    private static final double MILLION = 1e6;
    private static final double BATCH = 0.5;
    private static final int CHAT_FORM = 64;

    /** What a judge's calls are charged; through a batch API half of the list price. */
    public static Prices of(Judge judge) {
        double share = judge.batch() ? BATCH : 1;
        return new Prices(share * judge.inputPrice(), share * judge.outputPrice());
    }

    /** US dollars for an answer. */
    public double of(long inputTokens, long outputTokens) {
        return (inputTokens * input + outputTokens * output) / MILLION;
    }

    /**
     * The most that a question can cost: a token is one byte or more, and the chat's form takes a few.
     *
     * @param outputTokens most tokens that the answer may have
     */
    public double worst(String system, String user, int outputTokens) {
        long bytes =
                (long) system.getBytes(StandardCharsets.UTF_8).length + user.getBytes(StandardCharsets.UTF_8).length;
        return of(bytes + CHAT_FORM, outputTokens);
    }
}
