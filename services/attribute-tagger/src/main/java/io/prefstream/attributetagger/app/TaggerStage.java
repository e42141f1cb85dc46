package io.prefstream.attributetagger.app;

import io.prefstream.attributetagger.domain.Classifier;
import io.prefstream.attributetagger.topology.TaggerTopology;
import io.prefstream.core.judge.Judge;
import io.prefstream.kit.run.Installation;
import io.prefstream.kit.run.Stage;
import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.stage.Wire;
import io.prefstream.kit.topic.Topics;
import io.prefstream.llm.client.Endpoints;
import io.prefstream.llm.desk.CallDesk;
import io.prefstream.llm.desk.Recorded;
import io.prefstream.models.encoder.Encoder;
import io.prefstream.models.encoder.VectorCache;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.Topology;
import org.jspecify.annotations.Nullable;

/** The attribute tagger as a stage: its topology, and, with a model to ask, the desk that asks it beside the stream. */
public final class TaggerStage implements Stage {

    private final BuiltInTagger tagger;
    private final List<Judge> generators;
    private final @Nullable CallDesk desk;

    /** A tagger on an installation; the settings say whether language models describe pairs too. */
    public TaggerStage(Installation installation, Wire wire, Map<String, String> settings) {
        this(installation, wire, settings, Recorded.NONE);
    }

    /** The same with what the models answered in a run that is replayed. */
    public TaggerStage(Installation installation, Wire wire, Map<String, String> settings, Recorded recorded) {
        tagger = new BuiltInTagger(VectorCache.shared());
        generators = Judge.taggers(settings);
        desk = generators.isEmpty()
                ? null
                : new CallDesk(
                        "attribute-tagger",
                        installation,
                        wire,
                        Topics.TAG_CALLS,
                        Topics.TAG_ANSWERS,
                        generators,
                        Endpoints.openAi(settings),
                        recorded);
    }

    /** Also opens the desk. */
    @Override
    public Topology topology(StageEnvironment environment) {
        if (desk != null) {
            desk.open();
        }
        return TaggerTopology.of(environment, tagger, Classifier.REVISION, generators);
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
        tagger.close();
        Encoder.closeShared();
    }
}
