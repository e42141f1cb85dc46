package io.prefstream.rewardscorer.domain;

import java.util.Optional;

/** Models that have been announced. Thread-safe. */
public interface Shelf {

    /** What became of an announced checkpoint; empty when it hasn't come yet. */
    Optional<Entry> get(String checkpointId);

    /** A checkpoint that has come. */
    sealed interface Entry {}

    /** It has passed its golden pairs, and scores features in the stream. */
    record Served(RewardModel model) implements Entry {}

    /** It reads text, so that a worker beside the stream loads it, checks it and scores by it. */
    record Text() implements Entry {}

    /** It was refused. */
    record Refused(String why) implements Entry {}
}
