package io.prefstream.runner.command;

import io.prefstream.kit.config.Setting;
import io.prefstream.kit.config.SettingFlags;
import io.prefstream.kit.config.UserError;
import io.prefstream.runner.app.ControlTopic;
import io.prefstream.runner.domain.CheckpointHistory;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointRole;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Announces reward models, and says which one serves. */
@Command(
        name = "checkpoint",
        mixinStandardHelpOptions = true,
        description = "Publishes reward models, lists them, and says which one serves.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            CheckpointPublishCommand.class,
            CheckpointListCommand.class,
            CheckpointShowCommand.class,
            CheckpointPromoteCommand.class,
            CheckpointRollbackCommand.class
        })
final class CheckpointCommand implements Callable<Integer> {

    /** Commands that load models. */
    private static final List<String> LOADING = List.of("publish", "promote");

    private static final int SHOWN_DIGITS = 12;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getOut());
        return 0;
    }

    /** Gives those of its commands that load models the flags of where these come from and run. */
    static void addSettingFlags(CommandLine checkpoint) {
        for (String name : LOADING) {
            SettingFlags.addTo(
                    Objects.requireNonNull(checkpoint.getSubcommands().get(name))
                            .getCommandSpec(),
                    Setting.OF_MODELS);
        }
    }

    /** The role that a text names, one of these. */
    static CheckpointRole role(String text, CheckpointRole... among) {
        for (CheckpointRole role : among) {
            if (ControlTopic.word(role).equals(text)) {
                return role;
            }
        }
        throw new UserError("--role must be "
                + String.join(
                        " or ", List.of(among).stream().map(ControlTopic::word).toList())
                + ", got " + text);
    }

    /** Says which checkpoint serves in each role. */
    static void printServing(CheckpointHistory history, PrintWriter to) {
        for (CheckpointRole role : CheckpointHistory.SERVING) {
            history.serving(role)
                    .ifPresent(checkpoint -> to.println("Serves as " + ControlTopic.word(role) + " now: "
                            + digits(checkpoint) + " (" + checkpoint.getFamily() + ", " + checkpoint.getKind() + ")"));
        }
        to.flush();
    }

    /** As many digits of an id as tell it from others. */
    static String digits(Checkpoint checkpoint) {
        String id = checkpoint.getCheckpointId();
        return id.substring(0, Math.min(SHOWN_DIGITS, id.length()));
    }
}
