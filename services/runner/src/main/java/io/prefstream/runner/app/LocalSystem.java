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
import io.prefstream.runner.domain.RoundPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
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
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Broker, registry and all stages in this process, on one data folder. The same stages run apart on a cluster. SIGTERM and
 * Ctrl-C close it before the process ends.
 */
public final class LocalSystem implements OpenFolder {

    private static final Duration LONGEST_START =
            Duration.ofMinutes(5); // seconds on an idle machine, minutes on a busy one

    private final DataFolder folder;
    private final EmbeddedBroker broker;
    private final SchemaRegistryServer registry;
    private final Installation installation;
    private final RegistryWire wire;
    private final LiveProcess.Role role;
    private final List<Stage> opened = new CopyOnWriteArrayList<>();
    private volatile List<StageApp> stages = List.of();
    private final Thread onSignal = new Thread(this::close, "stop-on-signal");
    private final List<AutoCloseable> waysIn = new CopyOnWriteArrayList<>();
    private @Nullable Rounds rounds;
    private boolean closed;

    private LocalSystem(
            DataFolder folder,
            EmbeddedBroker broker,
            SchemaRegistryServer registry,
            Installation installation,
            RegistryWire wire,
            LiveProcess.Role role) {
        this.folder = folder;
        this.broker = broker;
        this.registry = registry;
        this.installation = installation;
        this.wire = wire;
        this.role = role;
        Runtime.getRuntime().addShutdownHook(onSignal);
    }

    /** Ports of the servers; 0 takes any free one. */
    public record Ports(int kafka, int registry) {}

    /** As {@link #start(Path, int, Ports, LiveProcess.Role)}, for one batch. */
    public static LocalSystem start(Path path, int partitions, Ports ports) {
        return start(path, partitions, ports, LiveProcess.Role.CURATE);
    }

    /**
     * Starts broker and registry on the folder and makes the topics; {@link #startStages} starts the rest.
     *
     * @param partitions partitions of pair-keyed topics, refused when the folder has others; 0 takes those it has
     * @param role what others are told that this process does
     */
    public static LocalSystem start(Path path, int partitions, Ports ports, LiveProcess.Role role) {
        DataFolder folder = DataFolder.lock(path);
        System.getProperties()
                .putIfAbsent("prefstream.log", path.resolve("prefstream.log").toString());
        EmbeddedBroker broker = null;
        SchemaRegistryServer registry = null;
        try {
            refuseTaken(ports.kafka(), "--kafka-port");
            refuseTaken(ports.registry(), "--registry-port");
            broker = EmbeddedBroker.start(path.resolve("broker"), ports.kafka());
            registry = SchemaRegistryServer.start(broker.bootstrap(), ports.registry());
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
            LocalSystem system = new LocalSystem(
                    folder, broker, registry, installation, new RegistryWire(registry.url(), Map.of()), role);
            system.tellOthers(Map.of());
            return system;
        } catch (IOException e) {
            stop(folder, broker, registry);
            throw new UserError("cannot start the broker under " + path + ": " + e.getMessage());
        } catch (IllegalStateException e) {
            stop(folder, broker, registry);
            throw new UserError(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    /** Starts broker and registry on a folder that is only read. */
    public static LocalSystem read(Path path) {
        return start(path, 0, new Ports(0, 0), LiveProcess.Role.READ);
    }

    /**
     * Starts every stage and waits until all have their tasks.
     *
     * @param settings of the stages: those of the runs to come, and where the judges are
     */
    public void startStages(Map<String, String> settings) {
        abortLeftTransactions();
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
        stages.forEach(stage -> stage.awaitRunning(LONGEST_START));
    }

    /** Asks for runs by itself from now on, with these settings, for what comes from anywhere. */
    public void askForRuns(RoundPolicy policy, Map<String, String> settings) {
        rounds = new Rounds(installation, wire, policy, settings);
    }

    /** Hands over a way in, which is closed before what it writes to. */
    public void closeFirst(AutoCloseable wayIn) {
        waysIn.add(wayIn);
    }

    /**
     * Tells other commands, in the folder's process.json, how to reach this process.
     *
     * @param settings settings of the runs that it takes; empty when its stages run elsewhere or not at all
     */
    public void tellOthers(Map<String, String> settings) {
        try {
            new LiveProcess(
                            ProcessHandle.current().pid(),
                            role,
                            installation.bootstrap(),
                            installation.registry(),
                            installation.pairPartitions(),
                            settings)
                    .write(folder.path());
        } catch (IOException e) {
            throw new UserError("cannot write to " + folder.path() + " (" + e.getMessage() + ")");
        }
    }

    /**
     * Ends the transactions that a killed process left open. Readers of committed records would wait for them until they
     * time out. This process alone runs the stages and their source, so no living process owns one.
     */
    private void abortLeftTransactions() {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, installation.bootstrap()))) {
            List<String> left = admin
                    .listTransactions(new ListTransactionsOptions().filterStates(List.of(TransactionState.ONGOING)))
                    .all()
                    .get()
                    .stream()
                    .map(TransactionListing::transactionalId)
                    .filter(id -> id.startsWith("prefstream-"))
                    .toList();
            if (!left.isEmpty()) {
                // The logger is made this late since the log lies in the folder.
                LoggerFactory.getLogger(LocalSystem.class)
                        .info("ending {} transactions that a killed process left open", left.size());
                admin.fenceProducers(left).all().get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking the broker", e);
        } catch (ExecutionException e) {
            throw new UserError("cannot end the transactions of a killed process: " + e.getMessage());
        }
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

    @Override
    public Installation installation() {
        return installation;
    }

    @Override
    public Wire wire() {
        return wire;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (Thread.currentThread() != onSignal) {
            try {
                Runtime.getRuntime().removeShutdownHook(onSignal);
            } catch (IllegalStateException e) {
                // A signal came while this ran; the hook waits for it.
            }
        }
        LiveProcess.remove(folder.path());
        for (AutoCloseable wayIn : waysIn) {
            try {
                wayIn.close();
            } catch (Exception e) {
                LoggerFactory.getLogger(LocalSystem.class).warn("a way in did not close well", e);
            }
        }
        if (rounds != null) {
            rounds.close();
        }
        stages.parallelStream().forEach(StageApp::close);
        opened.forEach(Stage::close);
        registry.close();
        broker.close();
        folder.close();
    }

    private static void stop(
            DataFolder folder, @Nullable EmbeddedBroker broker, @Nullable SchemaRegistryServer registry) {
        if (registry != null) {
            registry.close();
        }
        if (broker != null) {
            broker.close();
        }
        folder.close();
    }

    private static void refuseTaken(int port, String option) {
        if (port == 0) {
            return;
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true); // what a process that is gone left behind is no hindrance
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new IllegalStateException(
                    "port " + port + " is taken: stop what listens there, or give another " + option);
        }
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
}
