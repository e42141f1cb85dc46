package io.prefstream.rewardscorer.client;

import io.prefstream.wire.RewardScore;
import java.util.Optional;

/** Scores that text models gave in a run that is replayed. Engines and cards differ in the last digits, so they are not made again. */
@FunctionalInterface
public interface RecordedScores {

    /** Nothing was scored before. */
    RecordedScores NONE = (pairId, checkpoint) -> Optional.empty();

    /** What stands in place of scoring; empty when the model is to score. */
    Optional<RewardScore> score(String pairId, String checkpoint);
}
