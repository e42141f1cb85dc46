package io.prefstream.kittest;

import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import io.prefstream.wire.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.jspecify.annotations.Nullable;

/** One stage's topology under the test driver, with one partition and realistic time. */
public final class StageFixture implements AutoCloseable {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final int STRIDES = 100;

    private final PlainWire wire = new PlainWire();
    private final TopologyTestDriver driver;
    private @Nullable Progress lastReport;

    /** Runs the topology that {@code build} makes for a stage of this name. */
    public StageFixture(String stage, Function<StageEnvironment, Topology> build) {
        this(stage, 1, build);
    }

    /** The same in an installation said to have {@code partitions} partitions; the driver runs the task of the first. */
    public StageFixture(String stage, int partitions, Function<StageEnvironment, Topology> build) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "prefstream-" + stage);
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        settings.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, ownFolder());
        driver =
                new TopologyTestDriver(build.apply(new StageEnvironment(stage, "", partitions, wire)), settings, START);
    }

    private static String ownFolder() {
        try {
            Path folder = Files.createTempDirectory("prefstream-stage");
            folder.toFile().deleteOnExit(); // empty by then: the driver clears what it has put there
            return folder.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Pipes one record in. */
    public <T extends SpecificRecord> void pipe(Topic<T> topic, String key, T value) {
        var serde = wire.topicSerde(topic.name(), topic.type());
        driver.createInputTopic(topic.name(), new StringSerializer(), serde.serializer(), START, Duration.ofMillis(1))
                .pipeInput(key, value);
    }

    /** Reads what has been written to a topic since the last call. */
    public <T extends SpecificRecord> List<T> read(Topic<T> topic) {
        var serde = wire.topicSerde(topic.name(), topic.type());
        return driver.createOutputTopic(topic.name(), new StringDeserializer(), serde.deserializer())
                .readValuesToList();
    }

    /** Lets wall-clock time pass in a hundred strides, so that steps by the clock run again and again. */
    public void pass(Duration time) {
        for (int i = 0; i < STRIDES; i++) {
            driver.advanceWallClockTime(time.dividedBy(STRIDES));
        }
    }

    /** The stage's last report of what it has read and written, after letting the clock run. */
    public Progress progress() {
        pass(Duration.ofSeconds(1));
        List<Progress> reports = read(Topics.PROGRESS);
        if (!reports.isEmpty()) {
            lastReport = reports.getLast();
        }
        return Objects.requireNonNull(lastReport, "the stage has reported nothing");
    }

    @Override
    public void close() {
        driver.close();
    }
}
