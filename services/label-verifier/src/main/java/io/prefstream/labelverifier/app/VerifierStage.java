package io.prefstream.labelverifier.app;

import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.labelverifier.topology.VerifierTopology;
import java.util.Map;
import org.apache.kafka.streams.Topology;

/** The label verifier, as a runner starts it. */
public final class VerifierStage {

    private VerifierStage() {}

    /** Its topology; the built-in judges need no settings. */
    public static Topology topology(StageEnvironment environment, Map<String, String> settings) {
        return VerifierTopology.of(environment);
    }
}
