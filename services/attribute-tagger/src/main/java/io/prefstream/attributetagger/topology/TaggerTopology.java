package io.prefstream.attributetagger.topology;

import io.prefstream.attributetagger.processor.Tagger;
import io.prefstream.attributetagger.processor.TaggerProcessor;
import io.prefstream.core.judge.Judge;
import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.stage.StageTopology;
import io.prefstream.kit.topic.Topics;
import java.util.List;
import org.apache.kafka.streams.Topology;

/**
 * Says of every pair what it is about and how it is to be judged.
 *
 * <pre>
 * pairs             -> attribute-tagger [tagged, texts]    -> pair-attributes (built-in), costs (quoted)
 * tag-requests      -> attribute-tagger [asked]            -> tag-calls ~> language models, beside the stream ~> tag-answers
 * tag-answers       -> attribute-tagger [answers, answered] -> pair-attributes (llm), costs (spent)
 * human-annotations -> attribute-tagger [corrections]      -> pair-attributes (human-edited)
 * </pre>
 */
public final class TaggerTopology {

    private TaggerTopology() {}

    /**
     * The attribute tagger's topology.
     *
     * @param revision revision of the built-in tagger, which stands in every fact's provenance
     * @param generators language models that describe pairs; none without one
     */
    public static Topology of(StageEnvironment environment, Tagger tagger, String revision, List<Judge> generators) {
        return StageTopology.of(
                environment,
                List.of(Topics.PAIRS, Topics.TAG_REQUESTS, Topics.TAG_ANSWERS, Topics.HUMAN_ANNOTATIONS),
                TaggerProcessor.STORES,
                List.of(Topics.PAIR_ATTRIBUTES, Topics.TAG_CALLS, Topics.COSTS),
                () -> new TaggerProcessor(environment, tagger, revision, generators));
    }
}
