package io.prefstream.runner.command;

import java.util.Map;
import picocli.CommandLine.Option;

/** The option that says what a file's columns are, where their names say nothing. */
final class ColumnOption {

    @Option(
            names = "--map",
            split = ",",
            paramLabel = "NAME=COLUMN",
            description = "What columns of other names hold, such as --map prompt=q,chosen=good,rejected=bad.")
    Map<String, String> columns = Map.of();
}
