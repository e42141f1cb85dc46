package io.prefstream.runner.command;

import io.prefstream.kit.config.UserError;
import io.prefstream.llm.client.ApiKey;
import io.prefstream.llm.client.ChatFailure;
import io.prefstream.llm.client.OpenAiChatClient;
import io.prefstream.llm.domain.LlmSettings;
import java.util.Map;

/** Asks every model one question before anything starts. */
final class Judges {

    private Judges() {}

    /**
     * The settings as they came.
     *
     * @throws UserError when they name an endpoint that can't be reached or refuses
     */
    static Map<String, String> probed(Map<String, String> stages) {
        LlmSettings llm = LlmSettings.of(stages, ApiKey.of(stages)).orElse(null);
        if (llm != null) {
            try {
                OpenAiChatClient.probe(llm);
                LlmSettings tagger =
                        LlmSettings.ofTagger(stages, ApiKey.of(stages)).orElse(null);
                if (tagger != null && !llm.models().containsAll(tagger.models())) {
                    OpenAiChatClient.probe(tagger);
                }
            } catch (ChatFailure e) {
                throw new UserError("judge.url: " + e.getMessage());
            }
        }
        return stages;
    }
}
