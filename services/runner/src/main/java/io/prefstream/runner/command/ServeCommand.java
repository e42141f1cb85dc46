package io.prefstream.runner.command;

import io.prefstream.runner.app.LocalSystem;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs broker, registry and stages until it is told to stop. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Runs broker, registry and all stages on a folder until SIGTERM, for Kafka clients and UIs.")
final class ServeCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--data-dir", required = true, paramLabel = "DIR", description = "Folder of topics and state.")
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Option(names = "--partitions", defaultValue = "4", description = "Partitions of a new folder (${DEFAULT-VALUE}).")
    private int partitions;

    @Option(names = "--kafka-port", defaultValue = "9092", description = "Kafka's port on loopback (${DEFAULT-VALUE}).")
    private int kafkaPort;

    @Option(
            names = "--registry-port",
            defaultValue = "8081",
            description = "The registry's port on loopback (${DEFAULT-VALUE}).")
    private int registryPort;

    @Option(names = "--no-stages", description = "Only broker and registry; the stages run in processes of their own.")
    private boolean noStages;

    @Mixin
    private RunOptions run = new RunOptions();

    @Override
    public Integer call() throws InterruptedException {
        Map<String, String> settings = noStages ? Map.of() : run.stageSettings();
        CountDownLatch stop = new CountDownLatch(1);
        LocalSystem system = LocalSystem.start(folder, partitions, new LocalSystem.Ports(kafkaPort, registryPort));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            system.close();
            stop.countDown();
        }));
        if (!noStages) {
            system.startStages(settings);
        }
        spec.commandLine()
                .getOut()
                .println("Kafka on " + system.installation().bootstrap() + ", registry on "
                        + system.installation().registry() + ". Stop with Ctrl-C.");
        spec.commandLine().getOut().flush();
        stop.await();
        return 0;
    }
}
