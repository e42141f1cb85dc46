package io.prefstream.llm.client;

/** A language model behind an endpoint. Thread-safe; a call blocks, so call it on a virtual thread. */
public interface ChatClient extends AutoCloseable {

    /**
     * A question.
     *
     * @param id sent as the header {@code X-Request-Id}, so that an endpoint's log can be told from ours
     * @param schema JSON schema that the answer is to have; empty for none
     */
    record Question(String id, String model, String system, String user, String schema) {}

    /**
     * An answer.
     *
     * @param model model that answered, as the endpoint names it
     * @param text what it said; empty when it said nothing
     * @param flaw why it can't be taken, such as that it was cut off; empty when it can
     * @param inputTokens tokens read; 0 when the endpoint doesn't count
     * @param outputTokens tokens written; 0 when the endpoint doesn't count
     */
    record Reply(String model, String text, String flaw, long inputTokens, long outputTokens) {}

    /**
     * Asks one question once.
     *
     * @throws ChatFailure when there is no answer
     */
    Reply ask(Question question) throws ChatFailure;

    @Override
    void close();
}
