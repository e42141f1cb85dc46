package io.prefstream.retrieval.app;

import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.retrieval.domain.TextFeatures;
import io.prefstream.retrieval.topology.RetrievalTopology;
import java.util.Map;
import org.apache.kafka.streams.Topology;

/** Retrieval, as a runner starts it. */
public final class RetrievalStage {

    private RetrievalStage() {}

    /**
     * Its topology.
     *
     * @param settings {@code seed} is a whole number, 0 by default
     * @param texts one for the whole JVM, since it holds the encoder
     */
    public static Topology topology(StageEnvironment environment, Map<String, String> settings, TextFeatures texts) {
        return RetrievalTopology.of(environment, texts, Long.parseLong(settings.getOrDefault("seed", "0")));
    }
}
