package io.prefstream.runner.command;

import io.prefstream.kit.config.UserError;
import io.prefstream.runner.app.LocalSystem;
import java.nio.file.Files;
import java.nio.file.Path;
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

    /** Starts broker and registry on the folder, without stages. */
    LocalSystem open() {
        if (!Files.isDirectory(folder.resolve("broker"))) {
            throw new UserError(
                    "there is no run in " + folder + ": give the --data-dir of a run, by default OUT/.prefstream");
        }
        return LocalSystem.read(folder);
    }
}
