package io.prefstream.kit.run;

import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.stage.Wire;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.Topology;

/** A stage: its topology, and what it holds beside the stream. */
public interface Stage extends AutoCloseable {

    /** Its topology in an installation. */
    Topology topology(StageEnvironment environment);

    /** What the work beside the stream has died of; empty while all is well. */
    default Optional<String> fault() {
        return Optional.empty();
    }

    /** Lets go of what it holds, once its stream has stopped. */
    @Override
    default void close() {}

    /** Opens a stage. */
    interface Factory {
        /** The stage on an installation, with the settings that stages have. */
        Stage open(Installation installation, Wire wire, Map<String, String> settings);
    }
}
