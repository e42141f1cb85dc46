package io.prefstream.runner.command;

import io.prefstream.ingest.client.FileRefused;
import io.prefstream.ingest.client.InspectReport;
import io.prefstream.kit.config.UserError;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what a file holds. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = "Says which shape a file has, how many rows, and which rows would be refused. Writes nothing.")
final class InspectCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "JSONL, JSON, CSV or Parquet, plain, .gz or .zst.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Mixin
    private ColumnOption map = new ColumnOption();

    @Override
    public Integer call() {
        PrintWriter to = spec.commandLine().getOut();
        try {
            InspectReport report = InspectReport.of(file, map.columns);
            to.println("shape: "
                    + (report.file().shape() == null
                            ? "none"
                            : report.file().shape().id()));
            to.println("rows: " + report.file().rows());
            to.println("pairs: " + report.file().candidates());
            report.file().refused().forEach((rule, n) -> {
                to.println("refused, " + rule.id() + ": " + n);
                report.examples()
                        .getOrDefault(rule, List.of())
                        .forEach(example -> to.println("  " + example.message()));
            });
            to.flush();
            if (report.file().damage() != null) {
                throw new UserError(report.file().damage());
            }
            return 0;
        } catch (FileRefused e) {
            throw new UserError(String.valueOf(e.getMessage()));
        }
    }
}
