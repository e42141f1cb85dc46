package io.prefstream.llm.domain;

import java.nio.charset.StandardCharsets;

/**
 * What a model charges.
 *
 * @param input US dollars per million tokens read, 0 or more
 * @param output US dollars per million tokens written, 0 or more
 */
public record Prices(double input, double output) {

    /** A model of one's own. */
    public static final Prices FREE = new Prices(0, 0);

    private static final double MILLION = 1e6;
    private static final int CHAT_FORM = 64;

    /** Prices from {@code IN,OUT}. */
    public static Prices of(String price) {
        int comma = price.indexOf(',');
        return new Prices(
                Double.parseDouble(price.substring(0, comma)), Double.parseDouble(price.substring(comma + 1)));
    }

    /** Whether anything is charged. */
    public boolean charged() {
        return input > 0 || output > 0;
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
