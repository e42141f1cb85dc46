package io.prefstream.consistencyfilter.topology;

import io.prefstream.consistencyfilter.processor.FilterProcessor;
import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.stage.StageTopology;
import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.Topology;

/**
 * Decides every pair.
 *
 * <pre>
 * pairs, pair-features, labels, pair-scores, judge-votes, selections, dead letters -> consistency-filter [facts]
 * pairs, rejected-input, contaminations, near-duplicates -> consistency-filter [contaminated, alike] -> cleaning-counts
 * rounds -> consistency-filter [decision, cursor] -> verdicts, curated-pairs, recycled-pairs, discarded-pairs
 * </pre>
 */
public final class FilterTopology {

    private static final String STAGE = "consistency-filter";

    private FilterTopology() {}

    /** The consistency filter's topology, deciding when a run says so. */
    public static Topology of(StageEnvironment environment) {
        return of(environment, false);
    }

    /** The same; {@code atOnce} says whether it decides between runs too. */
    public static Topology of(StageEnvironment environment, boolean atOnce) {
        List<Topic<?>> reads = new ArrayList<>(List.of(
                Topics.PAIRS,
                Topics.REJECTED_INPUT,
                Topics.CONTAMINATIONS,
                Topics.NEAR_DUPLICATES,
                Topics.PAIR_FEATURES,
                Topics.LABELS,
                Topics.PAIR_SCORES,
                Topics.JUDGE_VOTES,
                Topics.SELECTIONS,
                Topics.ROUNDS));
        Topics.STAGES.stream()
                .filter(stage -> !stage.equals(STAGE) && !stage.equals("trainer"))
                .map(Topics::deadLetters)
                .forEach(reads::add);
        return StageTopology.of(
                environment,
                reads,
                FilterProcessor.STORES,
                List.of(
                        Topics.VERDICTS,
                        Topics.CURATED_PAIRS,
                        Topics.RECYCLED_PAIRS,
                        Topics.DISCARDED_PAIRS,
                        Topics.CLEANING_COUNTS),
                () -> new FilterProcessor(environment, atOnce));
    }
}
