package io.prefstream.rewardscorer.domain;

import java.util.Optional;

/** Models that have been announced and have passed their golden pairs. Thread-safe. */
public interface Shelf {

    /** What became of an announced checkpoint: a model, or why it was refused; empty when it hasn't come yet. */
    Optional<Entry> get(String checkpointId);

    /** A checkpoint that has come. */
    sealed interface Entry {}

    /** It serves. */
    record Served(RewardModel model) implements Entry {}

    /** It was refused. */
    record Refused(String why) implements Entry {}
}
