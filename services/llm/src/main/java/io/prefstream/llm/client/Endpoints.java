package io.prefstream.llm.client;

import io.prefstream.core.judge.Judge;
import java.util.Map;

/** Makes the clients of judges' endpoints. */
public interface Endpoints {

    /** Calls one by one. */
    ChatClient chat(Judge judge);

    /** Calls in batches. */
    BatchClient batch(Judge judge);

    /** Endpoints that speak OpenAI's API, with the keys in the settings. */
    static Endpoints openAi(Map<String, String> settings) {
        return new Endpoints() {
            @Override
            public ChatClient chat(Judge judge) {
                return new OpenAiChatClient(judge, ApiKey.of(settings, judge));
            }

            @Override
            public BatchClient batch(Judge judge) {
                return new OpenAiBatchClient(judge, ApiKey.of(settings, judge));
            }
        };
    }
}
