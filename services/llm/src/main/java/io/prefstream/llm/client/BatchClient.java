package io.prefstream.llm.client;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The batch API of an endpoint: many questions in a file, answered within a day at half the price. Thread-safe; blocks. */
public interface BatchClient extends AutoCloseable {

    /** Where a batch stands. */
    enum State {
        /** It is being worked on. */
        OPEN,
        /** It has ended, whole or in part; what is not among its answers was not answered. */
        ENDED
    }

    /**
     * What became of one question of a batch: a reply or a failure, the other is null.
     *
     * @param failure why there is no reply; a question may be given again when it is FOR_NOW
     */
    record Outcome(
            ChatClient.@Nullable Reply reply, @Nullable ChatFailure failure) {}

    /** Gives the endpoint a batch, each question under its id, and returns the batch's id. */
    String submit(List<ChatClient.Question> questions) throws ChatFailure;

    /** Where the batch stands. */
    State state(String batchId) throws ChatFailure;

    /** Outcomes of a batch that has ended, by question id, out of its output and its error file. */
    Map<String, Outcome> outcomes(String batchId) throws ChatFailure;

    @Override
    void close();
}
