package io.prefstream.attributetagger.app;

import io.prefstream.attributetagger.processor.Tagger;
import io.prefstream.attributetagger.topology.TaggerTopology;
import io.prefstream.kit.stage.StageEnvironment;
import java.util.Map;
import org.apache.kafka.streams.Topology;

/** The attribute tagger, as a runner starts it. */
public final class TaggerStage {

    private TaggerStage() {}

    /** Its topology with a tagger of the given revision; it has no settings of its own. */
    public static Topology topology(
            StageEnvironment environment, Map<String, String> settings, Tagger tagger, String revision) {
        return TaggerTopology.of(environment, tagger, revision);
    }
}
