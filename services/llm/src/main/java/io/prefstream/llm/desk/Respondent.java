package io.prefstream.llm.desk;

import io.prefstream.core.judge.Judge;
import io.prefstream.llm.client.ChatClient;
import io.prefstream.llm.client.ChatFailure;

/** One judge as the desk asks it: call by call, or through a batch API. Thread-safe; a question blocks its caller. */
interface Respondent extends AutoCloseable {

    /** An answer, with the requests it took and the milliseconds that the last one took. */
    record Answered(ChatClient.Reply reply, int tries, long millis) {}

    /** The endpoint has answered nothing for longer than it is waited for. */
    final class Silent extends Exception {
        Silent(ChatFailure last) {
            super(last.getMessage(), last);
        }
    }

    /** What is done right before the first request. */
    interface Step {
        void run() throws InterruptedException;
    }

    /** Who is asked. */
    Judge judge();

    /**
     * Asks until there is an answer, or the tries are used up.
     *
     * @param beforeFirst done once, right before the first request
     * @throws ChatFailure the last failure: the question was refused, the tries were used up, or the endpoint refuses us
     * @throws Silent when the endpoint has answered nothing for longer than it is waited for
     */
    Answered ask(ChatClient.Question question, Step beforeFirst) throws ChatFailure, Silent, InterruptedException;

    @Override
    void close();
}
