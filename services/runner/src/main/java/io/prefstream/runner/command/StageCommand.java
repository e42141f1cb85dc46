package io.prefstream.runner.command;

import io.prefstream.kit.registry.RegistryWire;
import io.prefstream.kit.run.Installation;
import io.prefstream.kit.run.StageApp;
import io.prefstream.kit.topic.TopicSetup;
import io.prefstream.kit.topic.Topics;
import io.prefstream.runner.app.StageCatalogue;
import io.prefstream.runner.domain.UserError;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs one stage against any Kafka and any Confluent-compatible registry. */
@Command(
        name = "stage",
        mixinStandardHelpOptions = true,
        description = "Runs one stage by itself against any Kafka and any Confluent-compatible registry.")
final class StageCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "NAME",
            description =
                    "ingest, attribute-tagger, retrieval, label-verifier, reward-scorer, trainer or consistency-filter.")
    @SuppressWarnings("NullAway.Init")
    private String name;

    @Option(
            names = "--bootstrap",
            defaultValue = "${env:PREFSTREAM_BOOTSTRAP:-localhost:9092}",
            description = "Kafka's bootstrap servers (${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String bootstrap;

    @Option(
            names = "--registry",
            defaultValue = "${env:PREFSTREAM_REGISTRY:-http://localhost:8081}",
            description = "URL of the schema registry (${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String registry;

    @Option(
            names = "--prefix",
            defaultValue = "${env:PREFSTREAM_PREFIX:-}",
            description = "Put before every topic name.")
    @SuppressWarnings("NullAway.Init")
    private String prefix;

    @Option(
            names = "--partitions",
            defaultValue = "${env:PREFSTREAM_PARTITIONS:-4}",
            description = "Partitions of pair-keyed topics (${DEFAULT-VALUE}).")
    private int partitions;

    @Option(
            names = "--replication",
            defaultValue = "${env:PREFSTREAM_REPLICATION:-1}",
            description = "Replication factor of new topics (${DEFAULT-VALUE}).")
    private short replication;

    @Option(
            names = "--state-dir",
            defaultValue = "${env:PREFSTREAM_STATE_DIR:-state}",
            description = "Folder of the state stores, stable over restarts (${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private Path stateDir;

    @Option(
            names = "--instance",
            defaultValue = "${env:PREFSTREAM_INSTANCE:-one}",
            description = "Name of this instance, stable over restarts (${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String instance;

    @Option(
            names = "--threads",
            defaultValue = "${env:PREFSTREAM_THREADS:-1}",
            description = "Stream threads (${DEFAULT-VALUE}).")
    private int threads;

    @Option(
            names = "--session-timeout",
            defaultValue = "${env:PREFSTREAM_SESSION_TIMEOUT:-60}",
            description = "Seconds after which a silent instance loses its tasks (${DEFAULT-VALUE}).")
    private int sessionSeconds;

    @Mixin
    private RunOptions run = new RunOptions();

    @Override
    public Integer call() throws InterruptedException {
        if (!Topics.STAGES.contains(name)) {
            throw new UserError("there is no stage " + name + ": it is one of " + String.join(", ", Topics.STAGES), 2);
        }
        Map<String, String> settings = name.equals("label-verifier") ? run.stageSettings() : run.settings();
        Installation installation = new Installation(
                bootstrap,
                registry,
                prefix,
                partitions,
                replication,
                stateDir,
                instance,
                threads,
                Duration.ofSeconds(1),
                Duration.ofSeconds(sessionSeconds),
                Map.of());
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                10_000,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                20_000))) {
            new TopicSetup(admin, prefix, partitions, replication).createAndCheck(Topics.all());
        } catch (IllegalStateException e) {
            throw new UserError("Kafka at " + bootstrap + ": " + e.getMessage());
        }
        RegistryWire wire = new RegistryWire(registry, Map.of());
        StageCatalogue catalogue = new StageCatalogue(installation, wire);
        StageApp app = catalogue.app(name, settings);
        CountDownLatch stop = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            app.close();
            catalogue.close();
            stop.countDown();
        }));
        var _ = app.failed().thenAccept(error -> stop.countDown());
        app.start();
        while (!stop.await(1, TimeUnit.SECONDS)) {
            catalogue.fault().ifPresent(fault -> {
                throw new UserError(fault);
            });
        }
        if (app.failed().isDone()) {
            throw new UserError(String.valueOf(app.failed().join().getMessage()));
        }
        return 0;
    }
}
