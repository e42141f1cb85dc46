package io.prefstream.labelverifier.app;

import io.prefstream.core.judge.Judge;
import io.prefstream.kit.run.Installation;
import io.prefstream.kit.run.Stage;
import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.stage.Wire;
import io.prefstream.kit.topic.Topics;
import io.prefstream.labelverifier.topology.VerifierTopology;
import io.prefstream.llm.client.Endpoints;
import io.prefstream.llm.desk.CallDesk;
import io.prefstream.llm.desk.Recorded;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.Topology;
import org.jspecify.annotations.Nullable;

/** The label verifier as a stage: its topology, and, with an endpoint, the desk that asks the judges beside the stream. */
public final class VerifierStage implements Stage {

    private final List<Judge> judges;
    private final boolean preVerifies;
    private final @Nullable CallDesk desk;

    /** A verifier on an installation; the settings say whether LLMs judge. */
    public VerifierStage(Installation installation, Wire wire, Map<String, String> settings) {
        this(installation, wire, settings, Recorded.NONE);
    }

    /** The same with what the models answered in a run that is replayed. */
    public VerifierStage(Installation installation, Wire wire, Map<String, String> settings, Recorded recorded) {
        judges = Judge.all(settings);
        preVerifies = settings.getOrDefault("judge.pre-verify", "false").equals("true");
        desk = judges.isEmpty()
                ? null
                : new CallDesk(
                        "label-verifier",
                        installation,
                        wire,
                        Topics.JUDGE_CALLS,
                        Topics.JUDGE_ANSWERS,
                        judges,
                        Endpoints.openAi(settings),
                        recorded);
    }

    /** Also opens the desk. */
    @Override
    public Topology topology(StageEnvironment environment) {
        if (desk != null) {
            desk.open();
        }
        return VerifierTopology.of(environment, judges, preVerifies);
    }

    @Override
    public Optional<String> fault() {
        return desk == null ? Optional.empty() : desk.fault();
    }

    @Override
    public void close() {
        if (desk != null) {
            desk.close();
        }
    }
}
