package io.prefstream.runner.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.attributetagger.app.TaggerStage;
import io.prefstream.consistencyfilter.app.FilterStage;
import io.prefstream.ingest.app.IngestStage;
import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import io.prefstream.kittest.PlainWire;
import io.prefstream.labelverifier.topology.VerifierTopology;
import io.prefstream.retrieval.app.MiniLmTextFeatures;
import io.prefstream.retrieval.app.RetrievalStage;
import io.prefstream.rewardscorer.topology.ScorerTopology;
import io.prefstream.trainer.domain.Barrier;
import io.prefstream.trainer.topology.TrainerTopology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Fails when a topology or the topic table has moved without its page. Update with {@code mvn verify
 * -Dtest=TopologyDocsTest -Dsurefire.failIfNoSpecifiedTests=false -Dgolden.update=true}; before that, think of the state
 * that running installations hold: a renamed store or topic starts empty.
 */
class TopologyDocsTest {

    private static final Path DOCS = Path.of("..", "..", "topology-docs");

    @ParameterizedTest
    @MethodSource("pages")
    void describesWhatRuns(String page, String now) throws IOException {
        Path file = DOCS.resolve(page);
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(file, now);
        }

        assertThat(now).isEqualTo(Files.readString(file));
    }

    @ParameterizedTest
    @MethodSource("topologies")
    void readsWhatTheBarrierCounts(String stage, Topology topology) {
        String described = topology.describe().toString();

        Barrier.READERS.forEach((topic, readers) -> {
            boolean reads = Pattern.compile("topics: \\[" + Pattern.quote(topic) + "]")
                    .matcher(described)
                    .find();
            assertThat(readers.contains(stage)).as("%s reads %s", stage, topic).isEqualTo(reads);
        });
    }

    static Stream<Arguments> pages() {
        Map<String, String> pages = new TreeMap<>();
        stages().forEach((stage, topology) ->
                pages.put(stage + ".topology.txt", topology.describe().toString()));
        pages.put("topics.md", topics());
        return pages.entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
    }

    static Stream<Arguments> topologies() {
        return stages().entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
    }

    private static Map<String, Topology> stages() {
        Map<String, Topology> stages = new TreeMap<>();
        stages.put("ingest", IngestStage.topology(environment("ingest"), Map.of()));
        stages.put("attribute-tagger", TaggerStage.topology(environment("attribute-tagger"), Map.of()));
        stages.put("retrieval", RetrievalStage.topology(environment("retrieval"), Map.of(), new MiniLmTextFeatures()));
        stages.put("label-verifier", VerifierTopology.of(environment("label-verifier"), null));
        stages.put("reward-scorer", ScorerTopology.of(environment("reward-scorer"), id -> Optional.empty()));
        stages.put(
                "trainer", TrainerTopology.of(environment("trainer"), (last, settings) -> new CompletableFuture<>()));
        stages.put("consistency-filter", FilterStage.topology(environment("consistency-filter"), Map.of()));
        return stages;
    }

    private static StageEnvironment environment(String stage) {
        return new StageEnvironment(stage, "", 4, new PlainWire());
    }

    private static String topics() {
        StringBuilder text =
                new StringBuilder("<!-- Generated from Topics by TopologyDocsTest. Do not edit. -->\n# Topics\n\n");
        text.append("""
                Keys are UTF-8 strings; headers name stage and pair. Retention is unlimited on every topic. N is the number
                of partitions of the installation, 4 by default.

                """);
        text.append("| topic | record | written by | key | partitions | kept |\n|---|---|---|---|---|---|\n");
        for (Topic<?> topic : Topics.all()) {
            text.append("| ")
                    .append(topic.name())
                    .append(" | ")
                    .append(topic.type().getSimpleName())
                    .append(" | ")
                    .append(topic.owner())
                    .append(" | ")
                    .append(topic.key())
                    .append(" | ")
                    .append(topic.spread() == Topic.Spread.SINGLE ? "1" : "N")
                    .append(" | ")
                    .append(topic.compacted() ? "last of a key" : "all")
                    .append(" |\n");
        }
        return text.toString();
    }
}
