package io.prefstream.rewardscorer.app;

import io.prefstream.kit.run.Installation;
import io.prefstream.kit.run.Stage;
import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.stage.Wire;
import io.prefstream.rewardscorer.client.ControlTopicShelf;
import io.prefstream.rewardscorer.topology.ScorerTopology;
import java.util.Map;
import org.apache.kafka.streams.Topology;

/** The reward scorer as a stage: its topology, and the thread that follows the control topic. */
public final class ScorerStage implements Stage {

    private final ControlTopicShelf shelf;
    private final boolean atOnce;

    /** A scorer that follows the control topic of an installation. */
    public ScorerStage(Installation installation, Wire wire, Map<String, String> settings) {
        atOnce = settings.getOrDefault("decide", "").equals("at-once");
        shelf = new ControlTopicShelf(installation, wire);
    }

    @Override
    public Topology topology(StageEnvironment environment) {
        return ScorerTopology.of(environment, shelf, atOnce);
    }

    @Override
    public void close() {
        shelf.close();
    }
}
