package io.prefstream.llm.client;

/** A language model behind an endpoint. Thread-safe; a call blocks, so call it on a virtual thread. */
public interface ChatClient extends AutoCloseable {

    /**
     * An answer.
     *
     * @param model model that answered, as the endpoint names it
     * @param text what it said; empty when it said nothing
     * @param inputTokens tokens read; 0 when the endpoint doesn't count
     * @param outputTokens tokens written; 0 when the endpoint doesn't count
     */
    record Reply(String model, String text, long inputTokens, long outputTokens) {}

    /**
     * Asks one question.
     *
     * @throws ChatFailure when there is no answer
     */
    Reply ask(String model, String system, String user) throws ChatFailure;

    @Override
    void close();
}
