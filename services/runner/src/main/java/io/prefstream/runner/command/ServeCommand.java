package io.prefstream.runner.command;

import io.prefstream.ingest.app.WaysIn;
import io.prefstream.ingest.client.IngestServer;
import io.prefstream.kit.config.Setting;
import io.prefstream.kit.config.SettingFlags;
import io.prefstream.kit.config.Settings;
import io.prefstream.kit.config.UserError;
import io.prefstream.kit.service.Monitor;
import io.prefstream.runner.app.Benchmarks;
import io.prefstream.runner.app.Curation;
import io.prefstream.runner.app.FetchedModels;
import io.prefstream.runner.app.LiveProcess;
import io.prefstream.runner.app.LocalSystem;
import io.prefstream.runner.domain.RoundPolicy;
import io.prefstream.runner.models.CheckpointFollower;
import io.prefstream.runner.models.Models;
import io.prefstream.runner.models.ServedModels;
import io.prefstream.runner.serving.ScoringServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs broker, registry and stages until it is told to stop. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {
            "Runs broker, registry and all stages on a folder until SIGTERM, for Kafka clients and UIs.",
            "Pairs, conversations and labels come through curate and ingest on the same folder, by HTTP, from files that it"
                    + " follows, or from any producer on pairs-in, conversations-in and annotations-in.",
            "Trainers have answers scored by HTTP, by the best model of the last run."
        })
final class ServeCommand implements Callable<Integer> {

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--data-dir", required = true, paramLabel = "DIR", description = "Folder of topics and state.")
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Option(
            names = "--benchmark",
            paramLabel = "FILE",
            description = "A benchmark's prompts, in its owner's format; pairs that share text with them are refused."
                    + " May be given several times; \"prefstream benchmarks add\" loads one later.")
    private List<Path> benchmarks = List.of();

    @Option(names = "--no-stages", description = "Only broker and registry; the stages run in processes of their own.")
    private boolean noStages;

    /** Settings that the command has flags for. */
    static final List<Setting<?>> SETTINGS = Stream.of(Setting.OF_SERVE, Setting.OF_A_RUN, Setting.OF_MODELS)
            .<Setting<?>>flatMap(List::stream)
            .toList();

    @Override
    public Integer call() throws InterruptedException {
        Settings settings = SettingFlags.gather(spec);
        IngestServer.limitSlowClients();
        Map<String, String> stages = noStages
                ? Map.of()
                : new TreeMap<>(Judges.probed(
                        settings.stages(),
                        message -> spec.commandLine().getErr().println("prefstream: " + message)));
        LocalSystem system = LocalSystem.start(
                folder,
                settings.get(Setting.PARTITIONS),
                new LocalSystem.Ports(settings.get(Setting.KAFKA_PORT), settings.get(Setting.REGISTRY_PORT)),
                LiveProcess.Role.SERVE);
        String monitored = "";
        if (!noStages) {
            Monitor monitor = Monitor.start(
                    settings.get(Setting.HTTP_HOST),
                    settings.get(Setting.HTTP_PORT),
                    system::stages,
                    system::faultBesideTheStreams);
            new Curation(system, message -> {}).check(settings.run());
            stages.put("decide", "at-once");
            system.startStages(stages);
            if (!benchmarks.isEmpty()) {
                Benchmarks all = new Benchmarks(system.installation(), system.wire());
                all.load(benchmarks, spec.commandLine().getErr()::println);
                all.await(system::fault);
            }
            system.tellOthers(settings.run());
            system.askForRuns(
                    new RoundPolicy(settings.get(Setting.ROUNDS_LABELS), settings.get(Setting.ROUNDS_EVERY)),
                    settings.run());
            system.stages().forEach(monitor::measure);
            monitored = ", health and metrics on " + monitor.url();
        }
        WaysIn ways = WaysIn.open(system.installation(), system.wire(), settings);
        system.closeFirst(ways);
        Models source = new Models(new FetchedModels(settings, folder));
        ServedModels models = new ServedModels(ServedModels.BEST);
        ScoringServer scoring = ScoringServer.start(models, settings);
        system.closeFirst(scoring);
        system.closeFirst(new CheckpointFollower(system.installation(), system.wire(), source, models));
        system.closeFirst(models);
        spec.commandLine()
                .getOut()
                .println("Kafka on " + system.installation().bootstrap() + ", registry on "
                        + system.installation().registry() + monitored + ", ingest on "
                        + ways.url() + ", scoring on " + scoring.url() + ". Stop with Ctrl-C.");
        spec.commandLine().getOut().flush();
        while (true) { // until a signal, which closes the system
            Thread.sleep(LOOK_EVERY);
            String died = system.fault().or(ways::fault).orElse(null);
            if (died != null) {
                system.close();
                throw new UserError(died);
            }
        }
    }
}
