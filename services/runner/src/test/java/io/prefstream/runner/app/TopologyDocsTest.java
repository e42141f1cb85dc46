package io.prefstream.runner.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.attributetagger.topology.TaggerTopology;
import io.prefstream.consistencyfilter.app.FilterStage;
import io.prefstream.ingest.app.IngestStage;
import io.prefstream.kit.config.Setting;
import io.prefstream.kit.service.Metric;
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
import java.util.List;
import java.util.Locale;
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
        pages.put("settings.md", settings());
        pages.put("metrics.md", metrics());
        return pages.entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
    }

    static Stream<Arguments> topologies() {
        return stages().entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
    }

    private static Map<String, Topology> stages() {
        Map<String, Topology> stages = new TreeMap<>();
        stages.put("ingest", IngestStage.topology(environment("ingest"), Map.of()));
        stages.put(
                "attribute-tagger",
                TaggerTopology.of(
                        environment("attribute-tagger"),
                        history -> {
                            throw new IllegalStateException();
                        },
                        "",
                        List.of()));
        stages.put("retrieval", RetrievalStage.topology(environment("retrieval"), Map.of(), new MiniLmTextFeatures()));
        stages.put("label-verifier", VerifierTopology.of(environment("label-verifier"), List.of(), false));
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

    private static String settings() {
        StringBuilder text = new StringBuilder("""
                <!-- Generated from Setting by TopologyDocsTest. Do not edit. -->
                # Settings

                A default is overridden by the file that `--config` or `PREFSTREAM_CONFIG` names, that by the environment, and that by
                a flag. The file is YAML or properties with its keys under `prefstream.`, and `${NAME}` in a value is a variable of the
                environment. Every fault is said at once, an unknown name with the nearest known one, and ends the process with 2.

                `prefstream.kafka.*` are settings of Kafka's clients by Kafka's names, such as `prefstream.kafka.security.protocol`
                (`PREFSTREAM_KAFKA_SECURITY_PROTOCOL`); `prefstream.schema-registry.*` those of the registry's client by Confluent's
                names, such as `prefstream.schema-registry.basic.auth.user.info`. Neither has a flag. Settings of kind run are recorded
                with the first run of a folder and hold for all of its runs; those of kind judged run too, if LLMs judge. Secrets are
                neither printed nor recorded.

                | name | variable | flag | default | kind | what it is |
                |---|---|---|---|---|---|
                """);
        for (Setting<?> setting : Setting.ALL) {
            String standard = setting.standard();
            text.append("| ")
                    .append(setting.name())
                    .append(" | ")
                    .append(setting.variable())
                    .append(" | ")
                    .append(setting.hasFlag() ? setting.flag() + " " + setting.value() : "")
                    .append(" | ")
                    .append(standard == null ? "" : standard)
                    .append(" | ")
                    .append(setting.use().name().toLowerCase(Locale.ROOT).replace('_', ' '))
                    .append(" | ")
                    .append(setting.doc())
                    .append(" |\n");
        }
        return text.toString();
    }

    private static String metrics() {
        StringBuilder text = new StringBuilder("""
                <!-- Generated from Metric by TopologyDocsTest. Do not edit. -->
                # Metrics and health

                `prefstream serve` and every stage answer on `http-port`: `/prometheus`, `/health/liveness` (down when only a new
                process can help), `/health/readiness` (up while every stage has its tasks and gets on with its records) and `/health`
                (both), with the reason in words. Beside our own metrics there are those of the JVM and, as `kafka_...`, of Kafka's
                clients, with a tag for the stage.

                | metric | tags | what it says |
                |---|---|---|
                """);
        for (Metric metric : Metric.values()) {
            text.append("| ")
                    .append(metric.prometheusName())
                    .append(" | ")
                    .append(metric.tags())
                    .append(" | ")
                    .append(metric.meaning())
                    .append(" |\n");
        }
        return text.toString();
    }
}
