package io.prefstream.runner.command;

import io.prefstream.kit.config.UserError;
import io.prefstream.runner.app.Benchmarks;
import io.prefstream.runner.app.LiveProcess;
import io.prefstream.runner.app.OpenFolder;
import io.prefstream.wire.Contamination;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Loads benchmarks into a folder that has pairs already. */
@Command(
        name = "benchmarks",
        mixinStandardHelpOptions = true,
        description = "Loads benchmarks against which pairs are held.",
        subcommands = BenchmarksCommand.Add.class)
final class BenchmarksCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getOut());
        return 0;
    }

    /** Loads files. */
    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = {
                "Loads the prompts of benchmarks, and lists old pairs that share text with them.",
                "While a process serves the folder, their verdicts change at once; otherwise with the next curate."
            })
    static final class Add implements Callable<Integer> {

        private static final int MOST_SHOWN = 20;

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Parameters(
                arity = "1..*",
                paramLabel = "FILE",
                description = "JSONL, JSON, CSV or Parquet, plain, .gz or .zst.")
        @SuppressWarnings("NullAway.Init")
        private List<Path> files;

        @Mixin
        private DataFolderOption data = new DataFolderOption();

        @Override
        public Integer call() {
            PrintWriter to = spec.commandLine().getOut();
            Optional<LiveProcess> live = LiveProcess.of(data.folder);
            if (live.filter(process -> process.role() == LiveProcess.Role.CURATE)
                    .isPresent()) {
                throw new UserError("a curate runs on " + data.folder + ": wait for its end, or give it --benchmark");
            }
            try (OpenFolder system = data.open()) {
                Benchmarks all = new Benchmarks(system.installation(), system.wire());
                int fresh = all.load(files, spec.commandLine().getErr()::println);
                to.println(fresh + " new items, " + all.loaded() + " in all");
                LiveProcess server = live.filter(process -> process.role() == LiveProcess.Role.SERVE)
                        .filter(process -> !process.settings().isEmpty())
                        .orElse(null);
                if (server == null) {
                    to.println(
                            "No process serves the folder: the next curate or serve on it holds its pairs against them.");
                } else {
                    all.await(server::fault);
                    tell(all.hits(files), to);
                }
            }
            to.flush();
            return 0;
        }

        private static void tell(List<Contamination> hits, PrintWriter to) {
            List<String> pairs =
                    hits.stream().map(Contamination::getPairId).distinct().toList();
            to.println(pairs.size() + " old pairs share text with them");
            hits.stream()
                    .sorted(Comparator.comparing(Contamination::getBenchmark)
                            .thenComparing(Contamination::getItem)
                            .thenComparing(Contamination::getPairId))
                    .limit(MOST_SHOWN)
                    .forEach(hit -> to.println("  pair " + hit.getPairId() + ": item " + hit.getItem() + " of "
                            + hit.getBenchmark() + ", \"" + hit.getShared() + "\""));
            if (hits.size() > MOST_SHOWN) {
                to.println("  ... prefstream topics contaminations has them all");
            }
        }
    }
}
