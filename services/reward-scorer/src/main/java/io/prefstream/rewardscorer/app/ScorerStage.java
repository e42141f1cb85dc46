package io.prefstream.rewardscorer.app;

import io.prefstream.kit.run.Installation;
import io.prefstream.kit.run.Stage;
import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.stage.Wire;
import io.prefstream.rewardscorer.client.ControlTopicShelf;
import io.prefstream.rewardscorer.client.FetchedTextModels;
import io.prefstream.rewardscorer.client.RecordedScores;
import io.prefstream.rewardscorer.client.RewardDesk;
import io.prefstream.rewardscorer.client.TextModels;
import io.prefstream.rewardscorer.topology.ScorerTopology;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.Topology;
import org.jspecify.annotations.Nullable;

/**
 * The reward scorer as a stage: its topology, the thread that follows the control topic, and, from the first announcement of a
 * model that reads text, the desk that scores by such models beside the stream.
 */
public final class ScorerStage implements Stage {

    /** Models that stay loaded: the best and the gold one. */
    private static final int LOADED = 2;

    private final Installation installation;
    private final Wire wire;
    private final ControlTopicShelf shelf;
    private final TextModels.Opener opener;
    private final RecordedScores recorded;
    private final boolean atOnce;
    private @Nullable RewardDesk desk;
    private boolean closed;

    /** A scorer that follows the control topic of an installation. */
    public ScorerStage(Installation installation, Wire wire, Map<String, String> settings) {
        this(installation, wire, settings, RecordedScores.NONE);
    }

    /** The same with what text models gave in a run that is replayed. */
    public ScorerStage(Installation installation, Wire wire, Map<String, String> settings, RecordedScores recorded) {
        this.recorded = recorded;
        this.installation = installation;
        this.wire = wire;
        atOnce = settings.getOrDefault("decide", "").equals("at-once");
        opener = new FetchedTextModels(settings, installation.stateDir().resolveSibling("models"));
        shelf = new ControlTopicShelf(installation, wire, this::openDesk);
    }

    private synchronized void openDesk() {
        if (desk == null && !closed) {
            desk = new RewardDesk(installation, wire, new TextModels(shelf::text, opener, LOADED), recorded);
        }
    }

    @Override
    public Topology topology(StageEnvironment environment) {
        return ScorerTopology.of(environment, shelf, atOnce);
    }

    @Override
    public synchronized Optional<String> fault() {
        return desk == null ? Optional.empty() : desk.fault();
    }

    @Override
    public void close() {
        shelf.close();
        RewardDesk open;
        synchronized (this) {
            closed = true;
            open = desk;
        }
        if (open != null) {
            open.close();
        }
    }
}
