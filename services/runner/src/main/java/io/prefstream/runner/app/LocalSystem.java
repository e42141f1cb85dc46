package io.prefstream.runner.app;

import io.prefstream.kit.config.UserError;
import io.prefstream.kit.registry.RegistryWire;
import io.prefstream.kit.registry.SchemaRegistryServer;
import io.prefstream.kit.run.Installation;
import io.prefstream.kit.run.Stage;
import io.prefstream.kit.run.StageApp;
import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.stage.Wire;
import io.prefstream.kit.topic.TopicSetup;
import io.prefstream.kit.topic.Topics;
import io.prefstream.runner.broker.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** Broker, registry and all stages in this process, on one data folder. The same stages run apart on a cluster. */
public final class LocalSystem implements AutoCloseable {

    private final DataFolder folder;
    private final EmbeddedBroker broker;
    private final SchemaRegistryServer registry;
    private final Installation installation;
    private final RegistryWire wire;
    private final List<Stage> opened = new CopyOnWriteArrayList<>();
    private volatile List<StageApp> stages = List.of();

    private LocalSystem(
            DataFolder folder,
            EmbeddedBroker broker,
            SchemaRegistryServer registry,
            Installation installation,
            RegistryWire wire) {
        this.folder = folder;
        this.broker = broker;
        this.registry = registry;
        this.installation = installation;
        this.wire = wire;
    }

    /** Ports of the servers; 0 takes any free one. */
    public record Ports(int kafka, int registry) {}

    /**
     * Starts broker and registry on the folder and makes the topics; {@link #startStages} starts the rest.
     *
     * @param partitions partitions of pair-keyed topics, refused when the folder has others; 0 takes those it has
     */
    public static LocalSystem start(Path path, int partitions, Ports ports) {
        DataFolder folder = DataFolder.lock(path);
        try {
            EmbeddedBroker broker = EmbeddedBroker.start(path.resolve("broker"), ports.kafka());
            SchemaRegistryServer registry = SchemaRegistryServer.start(broker.bootstrap(), ports.registry());
            int pairPartitions = partitions > 0 ? partitions : partitionsOf(broker.bootstrap());
            Installation installation = new Installation(
                    broker.bootstrap(),
                    registry.url(),
                    "",
                    pairPartitions,
                    (short) 1,
                    path.resolve("state"),
                    "local",
                    Math.min(pairPartitions, 2),
                    Duration.ofMillis(100),
                    Duration.ofSeconds(10),
                    Map.of());
            try (Admin admin =
                    Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, installation.bootstrap()))) {
                new TopicSetup(admin, "", pairPartitions, (short) 1).createAndCheck(Topics.all());
            }
            writeProcess(path, broker, registry);
            return new LocalSystem(folder, broker, registry, installation, new RegistryWire(registry.url(), Map.of()));
        } catch (IOException e) {
            folder.close();
            throw new UserError("cannot start the broker under " + path + ": " + e.getMessage());
        } catch (IllegalStateException e) {
            folder.close();
            throw new UserError(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    /** Starts broker and registry on a folder that is only read. */
    public static LocalSystem read(Path path) {
        return start(path, 0, new Ports(0, 0));
    }

    /** Starts every stage and waits until all have their tasks. */
    public void startStages(Map<String, String> settings) {
        List<StageApp> made = new ArrayList<>();
        for (String name : Topics.STAGES) {
            Stage stage = StageCatalogue.factory(name).open(installation, wire, settings);
            opened.add(stage);
            StageEnvironment environment =
                    new StageEnvironment(name, installation.prefix(), installation.pairPartitions(), wire);
            made.add(new StageApp(name, stage.topology(environment), installation, wire));
        }
        stages = List.copyOf(made);
        stages.forEach(StageApp::start);
        stages.forEach(stage -> stage.awaitRunning(Duration.ofSeconds(90)));
    }

    /** The stages of this process; empty until all have been made. */
    public List<StageApp> stages() {
        return stages;
    }

    /** What the work beside the streams has died of; empty while all is well. */
    public Optional<String> faultBesideTheStreams() {
        return opened.stream().flatMap(stage -> stage.fault().stream()).findFirst();
    }

    /** What a stage that has stopped for good died of; empty while all are well. */
    public Optional<String> fault() {
        return stages.stream()
                .filter(stage -> stage.failed().isDone())
                .map(stage -> String.valueOf(stage.failed().join().getMessage()))
                .findFirst()
                .or(this::faultBesideTheStreams);
    }

    /** Where clients and tools connect. */
    public Installation installation() {
        return installation;
    }

    /** Serdes of this installation. */
    public Wire wire() {
        return wire;
    }

    @Override
    public void close() {
        stages.parallelStream().forEach(StageApp::close);
        opened.forEach(Stage::close);
        registry.close();
        broker.close();
        try {
            Files.deleteIfExists(folder.path().resolve("process.json"));
        } catch (IOException e) {
            // The next process writes its own.
        }
        folder.close();
    }

    private static int partitionsOf(String bootstrap) {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap))) {
            String name = Topics.PAIRS.name();
            return admin.describeTopics(List.of(name))
                    .allTopicNames()
                    .get()
                    .values()
                    .iterator()
                    .next()
                    .partitions()
                    .size();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking the broker", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the folder holds no topics of a run", e);
        }
    }

    private static void writeProcess(Path path, EmbeddedBroker broker, SchemaRegistryServer registry)
            throws IOException {
        Files.writeString(
                path.resolve("process.json"),
                "{\"pid\": " + ProcessHandle.current().pid() + ", \"bootstrap\": \"" + broker.bootstrap()
                        + "\", \"registry\": \"" + registry.url() + "\"}\n");
    }
}
