package io.prefstream.runner.command;

import io.prefstream.kit.config.Setting;
import io.prefstream.kit.config.SettingFlags;
import io.prefstream.kit.config.UserError;
import io.prefstream.kit.service.StageService;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line. */
@Command(
        name = "prefstream",
        mixinStandardHelpOptions = true,
        version = "prefstream 0.1.0",
        description = "Turns preference pairs and a few human labels into a curated dataset and a reward model.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            CurateCommand.class,
            ExplainCommand.class,
            DiffCommand.class,
            ScoreCommand.class,
            CheckpointCommand.class,
            EvalCommand.class,
            InspectCommand.class,
            AgreementCommand.class,
            BenchmarksCommand.class,
            TopicsCommand.class,
            JudgesCommand.class,
            RoundsCommand.class,
            PlanCommand.class,
            ExportCommand.class,
            DoctorCommand.class,
            AblateCommand.class,
            ServeCommand.class,
            ServeModelCommand.class,
            IngestCommand.class,
            StageCommand.class,
            CommandLine.HelpCommand.class
        },
        footer = {
            "",
            "Try:  prefstream demo",
            "      prefstream curate pairs.jsonl --out curated-set --gold labels.jsonl"
        })
public final class Prefstream implements Runnable {

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Show stack traces, and log to the terminal's error stream.")
    private boolean debug;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private Prefstream() {}

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** Runs one command; its exit code is 0 done, 1 failed or a file was damaged, 2 wrong usage. */
    public static void main(String[] args) {
        if (Arrays.asList(args).contains("--debug")) {
            StageService.logToTheTerminal();
        }
        Prefstream options = new Prefstream();
        CommandLine line = new CommandLine(options);
        CheckpointCommand.addSettingFlags(
                Objects.requireNonNull(line.getSubcommands().get("checkpoint")));
        Map.of(
                        "curate",
                        CurateCommand.SETTINGS,
                        "serve",
                        ServeCommand.SETTINGS,
                        "serve-model",
                        ServeModelCommand.SETTINGS,
                        "score",
                        Setting.OF_MODELS,
                        "eval",
                        Setting.OF_MODELS,
                        "stage",
                        StageService.SETTINGS)
                .forEach((command, settings) -> SettingFlags.addTo(
                        Objects.requireNonNull(line.getSubcommands().get(command))
                                .getCommandSpec(),
                        settings));
        line.setParameterExceptionHandler((error, parsed) -> {
            CommandLine at = error.getCommandLine();
            at.getErr().println("prefstream: " + error.getMessage());
            CommandLine.UnmatchedArgumentException.printSuggestions(error, at.getErr());
            at.getErr().println("Try: " + at.getCommandSpec().qualifiedName() + " --help");
            return CommandLine.ExitCode.USAGE;
        });
        int code = line.setExecutionExceptionHandler((error, at, parsed) -> {
                    at.getErr().println("prefstream: " + message(error));
                    if (options.debug) {
                        error.printStackTrace(at.getErr());
                    }
                    return error instanceof UserError user ? user.exitCode() : 1;
                })
                .execute(args);
        System.exit(code);
    }

    private static String message(Throwable error) {
        String message = error.getMessage();
        if (error instanceof UserError && message != null) {
            return message;
        }
        return "failed: " + (message == null ? error.getClass().getSimpleName() : message)
                + " (run again with --debug to see where)";
    }
}
