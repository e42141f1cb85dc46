package io.prefstream.runner.command;

import io.prefstream.ingest.client.KafkaDoor;
import io.prefstream.ingest.client.LiveLines;
import io.prefstream.kit.config.UserError;
import io.prefstream.runner.app.LiveProcess;
import io.prefstream.runner.app.OpenFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Gives rows to the process that serves a folder, as they come. */
@Command(
        name = "ingest",
        mixinStandardHelpOptions = true,
        description = {
            "Gives JSON lines of pairs, conversations and labels to the prefstream that serves a folder, as they come.",
            "What was given before changes nothing.  tail -f app.log | prefstream ingest - --data-dir DIR"
        })
final class IngestCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "INPUT", description = "Files of JSON lines; - is standard input.")
    @SuppressWarnings("NullAway.Init")
    private List<String> inputs;

    @Option(names = "--data-dir", required = true, paramLabel = "DIR", description = "Folder that serve runs on.")
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Override
    public Integer call() throws IOException {
        LiveProcess server = LiveProcess.of(folder)
                .filter(process -> process.role() == LiveProcess.Role.SERVE)
                .orElseThrow(() -> new UserError(
                        "nothing serves " + folder + ": start it with: prefstream serve --data-dir " + folder));
        int code = 0;
        try (OpenFolder open = server.open(folder);
                KafkaDoor door = KafkaDoor.open(open.installation(), open.wire())) {
            for (String input : inputs) {
                code = Math.max(code, send(input, door));
            }
        }
        return code;
    }

    private int send(String input, KafkaDoor door) throws IOException {
        boolean standard = input.equals("-");
        if (!standard && !Files.isReadable(Path.of(input))) {
            throw new UserError(input + " cannot be read: name a file of JSON lines, or - for standard input");
        }
        String name = standard ? "stdin" : String.valueOf(Path.of(input).getFileName());
        try (InputStream in = standard ? System.in : Files.newInputStream(Path.of(input))) {
            LiveLines.Report report = LiveLines.send(name, in, door);
            spec.commandLine()
                    .getOut()
                    .println(name + ": " + report.rows() + " rows given, " + report.refused()
                            + " refused; verdicts.jsonl says why");
            spec.commandLine().getOut().flush();
            @Nullable String damage = report.damage();
            if (damage != null) {
                spec.commandLine().getErr().println("prefstream: " + name + ": " + damage);
                return 1;
            }
            return 0;
        }
    }
}
