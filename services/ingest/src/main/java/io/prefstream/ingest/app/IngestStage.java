package io.prefstream.ingest.app;

import io.prefstream.ingest.domain.ExtractionRules;
import io.prefstream.ingest.domain.PiiPolicy;
import io.prefstream.ingest.topology.IngestTopology;
import io.prefstream.kit.config.Setting;
import io.prefstream.kit.stage.StageEnvironment;
import java.util.Map;
import org.apache.kafka.streams.Topology;

/** Ingest, as a runner starts it. */
public final class IngestStage {

    private IngestStage() {}

    /** Its topology, by the settings that say how conversations become pairs and what happens to personal data. */
    public static Topology topology(StageEnvironment environment, Map<String, String> settings) {
        return IngestTopology.of(
                environment,
                ExtractionRules.of(
                        settings.get(Setting.INGEST_RULES.name()), settings.get(Setting.INGEST_RANKINGS.name())),
                PiiPolicy.of(settings));
    }
}
