package io.prefstream.kit.run;

import java.time.Duration;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;

/**
 * Whether a stage is well.
 *
 * @param live false when only a new process can help
 * @param ready whether it has its tasks and gets on with its records
 * @param reason what is the case, in words
 */
public record StageHealth(boolean live, boolean ready, String reason) {

    /** How long a thread may be silent, or waiting records untouched, until the stage counts as stuck. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    /**
     * Judges a stage. Its state alone says too little: a client that cannot write is RUNNING until it times out.
     *
     * @param hasRun whether it has had its tasks once
     * @param fault what it has died of; null while it lives
     * @param restoring records of its stores that are still to be restored
     * @param waiting records that wait to be fetched
     * @param sincePoll how long ago its slowest thread asked for records
     * @param sinceMove how long ago it last read or wrote a record, as far as is known
     */
    static StageHealth of(
            KafkaStreams.State state,
            boolean hasRun,
            @Nullable String fault,
            long restoring,
            long waiting,
            Duration sincePoll,
            Duration sinceMove) {
        if (fault != null) {
            return new StageHealth(false, false, fault);
        }
        return switch (state) {
            case CREATED -> starting("not started");
            case REBALANCING, RUNNING -> {
                if (!hasRun) {
                    yield starting(restoring > 0 ? "restores " + restoring + " records" : "waits for its tasks");
                }
                if (sincePoll.compareTo(PATIENCE) > 0) {
                    yield starting("a thread has asked for no records for " + sincePoll.toSeconds() + " s");
                }
                if (waiting > 0 && sinceMove.compareTo(PATIENCE) > 0) {
                    yield starting(
                            waiting + " records wait, and none has been read for " + sinceMove.toSeconds() + " s");
                }
                yield new StageHealth(true, true, state.name());
            }
            case PENDING_SHUTDOWN, NOT_RUNNING, PENDING_ERROR, ERROR ->
                new StageHealth(false, false, "its state is " + state);
        };
    }

    private static StageHealth starting(String reason) {
        return new StageHealth(true, false, reason);
    }
}
