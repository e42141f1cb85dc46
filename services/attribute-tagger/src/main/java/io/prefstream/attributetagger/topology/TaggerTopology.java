package io.prefstream.attributetagger.topology;

import io.prefstream.attributetagger.processor.Tagger;
import io.prefstream.attributetagger.processor.TaggerProcessor;
import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.stage.StageTopology;
import io.prefstream.kit.topic.Topics;
import java.util.List;
import org.apache.kafka.streams.Topology;

/**
 * Says of every pair what it is about and how it is to be judged.
 *
 * <pre>
 * pairs -> attribute-tagger [tagged] -> pair-attributes
 * </pre>
 */
public final class TaggerTopology {

    private TaggerTopology() {}

    /**
     * The attribute tagger's topology.
     *
     * @param revision revision of the tagger, which stands in every fact's provenance
     */
    public static Topology of(StageEnvironment environment, Tagger tagger, String revision) {
        return StageTopology.of(
                environment,
                List.of(Topics.PAIRS),
                List.of(TaggerProcessor.TAGGED),
                List.of(Topics.PAIR_ATTRIBUTES),
                () -> new TaggerProcessor(environment, tagger, revision));
    }
}
