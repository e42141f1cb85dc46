package io.prefstream.consistencyfilter.app;

import io.prefstream.consistencyfilter.topology.FilterTopology;
import io.prefstream.kit.stage.StageEnvironment;
import java.util.Map;
import org.apache.kafka.streams.Topology;

/** The consistency filter, as a runner starts it. */
public final class FilterStage {

    private FilterStage() {}

    /** Its topology; what it decides with comes in each run's own record. */
    public static Topology topology(StageEnvironment environment, Map<String, String> settings) {
        return FilterTopology.of(
                environment, settings.getOrDefault("decide", "").equals("at-once"));
    }
}
