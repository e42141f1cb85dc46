package io.prefstream.kit.service;

import io.prefstream.kit.config.Setting;
import io.prefstream.kit.config.SettingFlags;
import io.prefstream.kit.config.Settings;
import io.prefstream.kit.config.UserError;
import io.prefstream.kit.registry.RegistryWire;
import io.prefstream.kit.run.Installation;
import io.prefstream.kit.run.Stage;
import io.prefstream.kit.run.StageApp;
import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.topic.TopicSetup;
import io.prefstream.kit.topic.Topics;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** One stage as a process of its own, against any Kafka and any Confluent-compatible registry. */
public final class StageService {

    /** Settings that such a process has flags for. */
    public static final List<Setting<?>> SETTINGS = Stream.of(Setting.OF_A_STAGE, Setting.OF_A_RUN, Setting.OF_MODELS)
            .<Setting<?>>flatMap(List::stream)
            .toList();

    private StageService() {}

    /** The main of a stage's service: runs it until SIGTERM, and exits with 1 on failure and 2 on wrong usage. */
    public static void main(String stage, Stage.Factory factory, String[] args) {
        logToTheTerminal();
        System.exit(line(stage, factory).execute(args));
    }

    private static CommandLine line(String stage, Stage.Factory factory) {
        CommandSpec[] holder = new CommandSpec[1];
        CommandSpec command = CommandSpec.wrapWithoutInspection((Callable<Integer>) () -> run(
                stage,
                factory,
                SettingFlags.gather(holder[0]),
                holder[0].commandLine().getOut()));
        holder[0] = command;
        command.name("prefstream-" + stage).mixinStandardHelpOptions(true);
        command.usageMessage()
                .description("Runs the stage " + stage + " against any Kafka and any Confluent-compatible registry.");
        SettingFlags.addTo(command, SETTINGS);
        return new CommandLine(command).setExecutionExceptionHandler((error, line, parsed) -> {
            line.getErr().println("prefstream: " + error.getMessage());
            return error instanceof UserError user ? user.exitCode() : 1;
        });
    }

    /** Sends the log of this process to the terminal's error stream; to be called before anything logs. */
    public static void logToTheTerminal() {
        System.setProperty("prefstream.log.to", "TERMINAL");
    }

    /** Where a process with these settings runs. */
    public static Installation installation(Settings settings) {
        return new Installation(
                settings.get(Setting.BOOTSTRAP),
                settings.get(Setting.REGISTRY),
                settings.get(Setting.PREFIX),
                settings.get(Setting.PARTITIONS),
                settings.get(Setting.REPLICATION),
                settings.get(Setting.STATE_DIR),
                settings.get(Setting.INSTANCE),
                settings.get(Setting.THREADS),
                Duration.ofSeconds(1),
                settings.get(Setting.SESSION_TIMEOUT),
                settings.kafka());
    }

    /**
     * Runs the stage until the process is told to stop.
     *
     * @return the exit code
     * @throws UserError when it can't start, or has stopped by a fault
     */
    public static int run(String stage, Stage.Factory factory, Settings settings, PrintWriter out)
            throws InterruptedException {
        Installation installation = installation(settings);
        makeTopics(installation);
        RegistryWire wire = new RegistryWire(installation.registry(), settings.schemaRegistry());
        Stage opened = factory.open(installation, wire, settings.stages());
        StageApp app = new StageApp(
                stage,
                opened.topology(
                        new StageEnvironment(stage, installation.prefix(), installation.pairPartitions(), wire)),
                installation,
                wire);
        Monitor monitor = Monitor.start(
                settings.get(Setting.HTTP_HOST), settings.get(Setting.HTTP_PORT), () -> List.of(app), opened::fault);
        CountDownLatch stop = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            app.close();
            opened.close();
            monitor.close();
            stop.countDown();
        }));
        var _ = app.failed().thenAccept(error -> stop.countDown());
        app.start();
        monitor.measure(app);
        out.println(stage + " runs; health and metrics are on " + monitor.url() + ".");
        out.flush();
        while (!stop.await(1, TimeUnit.SECONDS)) {
            opened.fault().ifPresent(fault -> {
                throw new UserError(fault);
            });
        }
        if (app.failed().isDone()) {
            throw new UserError(String.valueOf(app.failed().join().getMessage()));
        }
        return 0;
    }

    private static void makeTopics(Installation installation) {
        Map<String, Object> client = new HashMap<>(installation.client());
        client.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, installation.bootstrap());
        client.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        client.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 20_000);
        try (Admin admin = Admin.create(client)) {
            new TopicSetup(admin, installation.prefix(), installation.pairPartitions(), installation.replication())
                    .createAndCheck(Topics.all());
        } catch (IllegalStateException e) {
            throw new UserError("Kafka at " + installation.bootstrap() + ": " + e.getMessage());
        }
    }
}
