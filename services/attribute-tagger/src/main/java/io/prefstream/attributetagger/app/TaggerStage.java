package io.prefstream.attributetagger.app;

import io.prefstream.attributetagger.topology.TaggerTopology;
import io.prefstream.kit.stage.StageEnvironment;
import java.util.Map;
import org.apache.kafka.streams.Topology;

/** The attribute tagger, as a runner starts it. */
public final class TaggerStage {

    private TaggerStage() {}

    /** Its topology with the built-in tagger; it has no settings of its own. */
    public static Topology topology(StageEnvironment environment, Map<String, String> settings) {
        return TaggerTopology.of(environment, new RuleTagger(), RuleTagger.REVISION);
    }
}
