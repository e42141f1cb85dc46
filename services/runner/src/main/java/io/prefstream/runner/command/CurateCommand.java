package io.prefstream.runner.command;

import io.prefstream.kit.registry.RegistryWire;
import io.prefstream.kit.run.Installation;
import io.prefstream.runner.app.Curation;
import io.prefstream.runner.app.LocalSystem;
import io.prefstream.runner.app.Progress;
import io.prefstream.runner.domain.UserError;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
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
            "Without enough human labels everything waits in quarantine, and to-label.jsonl in the",
            "output says whom to ask next; fill in its verdicts and give it back with --gold."
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

    @Option(names = "--gold", paramLabel = "FILE", description = "Human labels, JSON lines with id and verdict.")
    private @Nullable Path gold;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Folder of topics and state (OUT/.prefstream).")
    private @Nullable Path dataDir;

    @Option(
            names = "--partitions",
            defaultValue = "4",
            description = "Partitions of a new data folder (${DEFAULT-VALUE}).")
    private int partitions;

    @Option(names = "--progress", defaultValue = "text", description = "text, json or none (${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String progress;

    @Option(names = "--strict", description = "Fail when any row was refused.")
    private boolean strict;

    @Option(
            names = "--bootstrap",
            paramLabel = "SERVERS",
            description = "Feed stages that run elsewhere on this Kafka, instead of starting them.")
    private @Nullable String bootstrap;

    @Option(
            names = "--registry",
            defaultValue = "http://localhost:8081",
            paramLabel = "URL",
            description = "Schema registry beside --bootstrap (${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String registry;

    @Mixin
    private RunOptions run = new RunOptions();

    @Override
    public Integer call() throws IOException {
        Map<String, String> settings = run.settings();
        if (partitions < 1 || partitions > 256) {
            throw new UserError("--partitions must be in 1..256, got " + partitions, 2);
        }
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
                bootstrap == null ? here(settings, shown, err) : elsewhere(bootstrap, settings, shown, err);
        return report(result, spec.commandLine().getOut(), err);
    }

    private Curation.Result here(Map<String, String> settings, Progress shown, PrintWriter err) throws IOException {
        Path folder = dataDir == null ? out.resolve(".prefstream") : dataDir;
        Map<String, String> stages = run.stageSettings();
        try (LocalSystem system = LocalSystem.start(folder, partitions, new LocalSystem.Ports(0, 0))) {
            system.startStages(stages);
            return new Curation(system, err::println).run(inputs, gold, settings, out, shown);
        }
    }

    private Curation.Result elsewhere(String servers, Map<String, String> settings, Progress shown, PrintWriter err)
            throws IOException {
        Installation installation = new Installation(
                servers,
                registry,
                "",
                partitions,
                (short) 1,
                out,
                "curate",
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(60),
                Map.of());
        RegistryWire wire = new RegistryWire(registry, Map.of());
        return new Curation(installation, wire, Optional::empty, err::println).run(inputs, gold, settings, out, shown);
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
