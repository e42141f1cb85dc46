package io.prefstream.runner.command;

import io.prefstream.kit.config.UserError;
import io.prefstream.runner.app.LiveProcess;
import io.prefstream.runner.app.LocalSystem;
import io.prefstream.runner.app.OpenFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The folder that a reading command looks into. */
final class DataFolderOption {

    @Option(
            names = "--data-dir",
            required = true,
            paramLabel = "DIR",
            description = "Folder of a run, OUT/.prefstream by default.")
    @SuppressWarnings("NullAway.Init")
    Path folder;

    /** Opens a folder through the process that runs on it, or else starts broker and registry without stages. */
    OpenFolder open() {
        return open(folder);
    }

    static OpenFolder open(Path folder) {
        if (!Files.isDirectory(folder.resolve("broker"))) {
            throw new UserError(
                    "there is no run in " + folder + ": give the --data-dir of a run, by default OUT/.prefstream");
        }
        return live(folder).<OpenFolder>map(process -> process.open(folder)).orElseGet(() -> LocalSystem.read(folder));
    }

    /** The process that runs on a folder, and stays. */
    static Optional<LiveProcess> live(Path folder) {
        return LiveProcess.of(folder)
                .filter(process -> process.role() != LiveProcess.Role.READ); // it is gone in a moment
    }
}
