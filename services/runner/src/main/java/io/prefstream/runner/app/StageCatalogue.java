package io.prefstream.runner.app;

import io.prefstream.attributetagger.app.TaggerStage;
import io.prefstream.consistencyfilter.app.FilterStage;
import io.prefstream.ingest.app.IngestStage;
import io.prefstream.kit.run.Installation;
import io.prefstream.kit.run.StageApp;
import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.stage.Wire;
import io.prefstream.labelverifier.app.VerifierStage;
import io.prefstream.models.encoder.Encoder;
import io.prefstream.retrieval.app.MiniLmTextFeatures;
import io.prefstream.retrieval.app.RetrievalStage;
import io.prefstream.rewardscorer.app.ScorerStage;
import io.prefstream.runner.domain.UserError;
import io.prefstream.trainer.app.TrainerStage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.streams.Topology;

/** Makes stages by name, for one process or for a process each. Closes what they hold beside the stream. */
public final class StageCatalogue implements AutoCloseable {

    private final Installation installation;
    private final Wire wire;
    private final List<AutoCloseable> held = new ArrayList<>();
    private final List<Supplier<Optional<String>>> faults = new ArrayList<>();

    /** Stages of an installation. */
    public StageCatalogue(Installation installation, Wire wire) {
        this.installation = installation;
        this.wire = wire;
    }

    /**
     * A stage, not started.
     *
     * @throws UserError when there is none of this name
     */
    public StageApp app(String stage, Map<String, String> settings) {
        StageEnvironment environment =
                new StageEnvironment(stage, installation.prefix(), installation.pairPartitions(), wire);
        return new StageApp(stage, topology(stage, environment, settings), installation, wire);
    }

    private Topology topology(String stage, StageEnvironment environment, Map<String, String> settings) {
        return switch (stage) {
            case "ingest" -> IngestStage.topology(environment, settings);
            case "attribute-tagger" -> TaggerStage.topology(environment, settings);
            case "retrieval" -> RetrievalStage.topology(environment, settings, new MiniLmTextFeatures());
            case "label-verifier" -> verifier(settings).topology(environment);
            case "reward-scorer" -> hold(new ScorerStage(installation, wire)).topology(environment);
            case "trainer" -> hold(new TrainerStage(installation, wire)).topology(environment);
            case "consistency-filter" -> FilterStage.topology(environment, settings);
            default -> throw new UserError("there is no stage " + stage, 2);
        };
    }

    private VerifierStage verifier(Map<String, String> settings) {
        VerifierStage stage = hold(new VerifierStage(installation, wire, settings));
        faults.add(stage::fault);
        return stage;
    }

    /** What the work beside a stream has died of; empty while all is well. */
    public Optional<String> fault() {
        return faults.stream().flatMap(fault -> fault.get().stream()).findFirst();
    }

    private <T extends AutoCloseable> T hold(T stage) {
        held.add(stage);
        return stage;
    }

    @Override
    public void close() {
        for (AutoCloseable stage : held) {
            try {
                stage.close();
            } catch (Exception e) {
                throw new IllegalStateException("cannot close a stage", e);
            }
        }
        Encoder.closeShared();
    }
}
