package io.prefstream.trainer.processor;

import io.prefstream.kit.topic.Topic;
import io.prefstream.trainer.domain.Step;
import io.prefstream.wire.Round;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.specific.SpecificRecord;

/** The work between two steps, done off the stream thread. The same facts and settings give the same result. */
public interface StepWork {

    /** A record to write. */
    record Out(Topic<?> topic, String key, SpecificRecord value) {}

    /**
     * What the work found.
     *
     * @param round the next step, to be announced
     * @param records what goes out with it
     */
    record Found(Round round, List<Out> records) {}

    /**
     * Works out what follows on {@code last}, which has drained.
     *
     * @param settings the run's settings
     */
    CompletableFuture<Found> after(Step last, Map<String, String> settings);
}
