package io.prefstream.runner.command;

import io.prefstream.kit.config.Setting;
import io.prefstream.kit.config.SettingFlags;
import io.prefstream.kit.config.Settings;
import io.prefstream.kit.config.UserError;
import io.prefstream.kit.registry.RegistryWire;
import io.prefstream.kit.run.Installation;
import io.prefstream.kit.service.StageService;
import io.prefstream.runner.app.Curation;
import io.prefstream.runner.app.LiveProcess;
import io.prefstream.runner.app.LocalSystem;
import io.prefstream.runner.app.OpenFolder;
import io.prefstream.runner.app.Progress;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Curates files into a dataset. */
@Command(
        name = "curate",
        mixinStandardHelpOptions = true,
        description = {
            "Curates preference pairs: every row gets a verdict, and what is kept becomes a dataset.",
            "Without enough human labels everything waits in quarantine, and to-label.jsonl in the output says whom to ask"
                    + " next; fill in its verdicts and give it back with --gold."
        })
final class CurateCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "INPUT", description = "JSONL, JSON, CSV or Parquet, plain, .gz or .zst.")
    @SuppressWarnings("NullAway.Init")
    private List<Path> inputs;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder of the curated dataset.")
    @SuppressWarnings("NullAway.Init")
    private Path out;

    @Mixin
    private ColumnOption map = new ColumnOption();

    @Option(names = "--gold", paramLabel = "FILE", description = "Human labels, JSON lines with id and verdict.")
    private @Nullable Path gold;

    @Option(
            names = "--benchmark",
            paramLabel = "FILE",
            description = "A benchmark's prompts, in its owner's format; pairs that share text with them are refused."
                    + " May be given several times.")
    private List<Path> benchmarks = List.of();

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Folder of topics and state (OUT/.prefstream).")
    private @Nullable Path dataDir;

    @Option(names = "--progress", defaultValue = "text", description = "text, json or none (${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String progress;

    @Option(names = "--strict", description = "Fail when any row was refused.")
    private boolean strict;

    /** Settings that the command has flags for. */
    static final List<Setting<?>> SETTINGS = Stream.of(
                    Setting.OF_A_RUN,
                    Setting.OF_MODELS,
                    List.of(Setting.PARTITIONS, Setting.BOOTSTRAP, Setting.REGISTRY, Setting.PREFIX))
            .<Setting<?>>flatMap(List::stream)
            .toList();

    private volatile boolean running;

    @Override
    public Integer call() throws IOException {
        Settings settings = SettingFlags.gather(spec);
        if (!List.of("text", "json", "none").contains(progress)) {
            throw new UserError("--progress must be text, json or none, got " + progress, 2);
        }
        if (gold != null && !Files.isReadable(gold)) {
            throw new UserError(gold + " cannot be read: give --gold a file of labels");
        }
        PrintWriter err = spec.commandLine().getErr();
        Progress shown = new Progress(
                progress.equals("none")
                        ? new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)
                        : System.err,
                progress.equals("json"));
        Curation.Result result =
                settings.isGiven(Setting.BOOTSTRAP) ? elsewhere(settings, shown, err) : here(settings, shown, err);
        return report(result, spec.commandLine().getOut(), err);
    }

    private Curation.Result here(Settings settings, Progress shown, PrintWriter err) throws IOException {
        Path folder = dataDir == null ? out.resolve(".prefstream") : dataDir;
        Optional<LiveProcess> server =
                LiveProcess.of(folder).filter(process -> process.role() == LiveProcess.Role.SERVE);
        if (server.isPresent()) {
            return through(server.get(), folder, settings.run(), shown, err);
        }
        Map<String, String> stages = Judges.probed(settings.stages(), err::println);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (running) {
                err.println(System.lineSeparator()
                        + "prefstream: stopped; run the same command again, and it goes on from there");
            }
        }));
        shown.say("starting broker and stages");
        try (LocalSystem system =
                LocalSystem.start(folder, settings.get(Setting.PARTITIONS), new LocalSystem.Ports(0, 0))) {
            running = true;
            system.startStages(stages);
            system.tellOthers(settings.run());
            return new Curation(system, err::println)
                    .withColumns(map.columns)
                    .withBenchmarks(benchmarks)
                    .run(inputs, gold, settings.run(), out, shown);
        } finally {
            running = false;
        }
    }

    /** Feeds the process that serves the folder; its stages go by the options that it was started with. */
    private Curation.Result through(
            LiveProcess server, Path folder, Map<String, String> settings, Progress shown, PrintWriter err)
            throws IOException {
        Map<String, String> theirs = server.settings();
        settings.forEach((key, value) -> {
            String given = theirs.get(key);
            String before = given != null
                    ? given
                    : Setting.named(key).map(Setting::standard).orElse("not set");
            if (!theirs.isEmpty() && !value.equals(before)) {
                throw new UserError("the prefstream that serves " + folder + " (pid " + server.pid()
                        + ") was started with " + key + " = " + before + ", and now it is " + value
                        + ": give the same options to both");
            }
        });
        try (OpenFolder open = server.open(folder)) {
            return new Curation(open.installation(), open.wire(), server::fault, err::println)
                    .withColumns(map.columns)
                    .withBenchmarks(benchmarks)
                    .run(inputs, gold, settings, out, shown);
        }
    }

    private Curation.Result elsewhere(Settings settings, Progress shown, PrintWriter err) throws IOException {
        Installation installation = StageService.installation(settings);
        RegistryWire wire = new RegistryWire(installation.registry(), settings.schemaRegistry());
        return new Curation(installation, wire, Optional::empty, err::println)
                .withColumns(map.columns)
                .withBenchmarks(benchmarks)
                .run(inputs, gold, settings.run(), out, shown);
    }

    private int report(Curation.Result result, PrintWriter to, PrintWriter err) {
        Summary.print(result, to);
        to.println("Written to " + out + ": report.md tells how, verdicts.jsonl has a line for every row.");
        result.damaged().forEach(damage -> err.println("prefstream: " + damage));
        long refused = result.counts().getOrDefault("rejected_input", 0L);
        if (strict && refused > 0) {
            err.println("prefstream: " + refused + " rows were refused, and --strict makes that a failure");
            return 1;
        }
        return result.damaged().isEmpty() ? 0 : 1;
    }
}
