package io.prefstream.llm.desk;

import io.prefstream.wire.LlmAnswer;
import io.prefstream.wire.LlmCall;
import java.util.Optional;

/** What language models answered in a run that is replayed. Thread-safe. */
@FunctionalInterface
public interface Recorded {

    /** Nothing was answered before. */
    Recorded NONE = call -> Optional.empty();

    /** What stands in place of asking; empty when the model is to be asked. */
    Optional<LlmAnswer> answer(LlmCall call);
}
