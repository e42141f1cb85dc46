package io.prefstream.runner.command;

import io.prefstream.kit.config.UserError;
import io.prefstream.runner.ablate.Ablation;
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
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Replays a run with one thing changed. */
@Command(
        name = "ablate",
        mixinStandardHelpOptions = true,
        description = {
            "Replays a run once for each variant of a plan, and reports what each changed. What a variant does not change is read"
                    + " as it was recorded: features, and what language and reward models said.",
            "A stopped one goes on from there when the same command is run again."
        })
final class AblateCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "PLAN.yaml", description = "What is changed; bench/plans has ready ones.")
    @SuppressWarnings("NullAway.Init")
    private Path plan;

    @Mixin
    private DataFolderOption data = new DataFolderOption();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder of the exports and the report.")
    @SuppressWarnings("NullAway.Init")
    private Path out;

    @Option(names = "--run", paramLabel = "N", defaultValue = "0", description = "Run to replay; the last by default.")
    private int run;

    @Option(
            names = "--from",
            paramLabel = "PLACE",
            description =
                    "First pair that takes part: an offset of the topic pairs, offsets as in 0:120,1:90, or a time.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "PLACE", description = "The first that takes no part any more.")
    private @Nullable String to;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "0",
            description = "Partitions of the replays' topics; the base's by default.")
    private int partitions;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Stream threads of a stage; 2 by default, 1 with one partition.")
    private int threads;

    @Option(names = "--keep", description = "Keep the replays' topics, to look into them.")
    private boolean keep;

    @Option(
            names = "--ask",
            description = "Ask language and reward models for what was not recorded; otherwise it counts as failed.")
    private boolean ask;

    @Option(names = "--progress", defaultValue = "text", description = "text, json or none (${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String progress;

    @Override
    public Integer call() throws IOException {
        if (!List.of("text", "json", "none").contains(progress)) {
            throw new UserError("--progress must be text, json or none, got " + progress, 2);
        }
        if (!Files.isReadable(plan)) {
            throw new UserError("there is no plan " + plan + ": bench/plans has ready ones");
        }
        if (partitions < 0 || partitions > 256 || threads < 0 || threads > 64) {
            throw new UserError("--partitions must be 1 to 256 and --threads 1 to 64", 2);
        }
        PrintWriter to = spec.commandLine().getOut();
        Progress shown = new Progress(
                progress.equals("none")
                        ? new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)
                        : System.err,
                progress.equals("json"));
        try (OpenFolder open = data.open()) {
            new Ablation(
                            open,
                            data.folder,
                            plan,
                            new Ablation.Options(run, from, this.to, partitions, threads, keep, ask),
                            out,
                            "prefstream "
                                    + String.join(
                                            " ",
                                            spec.commandLine()
                                                    .getParent()
                                                    .getParseResult()
                                                    .originalArgs()),
                            message -> {
                                to.println(message);
                                to.flush();
                            })
                    .run(shown);
        }
        return 0;
    }
}
