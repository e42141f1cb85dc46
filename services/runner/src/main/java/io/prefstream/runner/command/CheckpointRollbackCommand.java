package io.prefstream.runner.command;

import io.prefstream.kit.config.UserError;
import io.prefstream.runner.app.ControlTopic;
import io.prefstream.runner.app.OpenFolder;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointRole;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Has the checkpoint serve again that served before. */
@Command(
        name = "rollback",
        mixinStandardHelpOptions = true,
        description = {
            "Announces again the checkpoint that served in a role before, without a trial on gold.",
            "A second roll-back undoes the first; --to goes further back."
        })
final class CheckpointRollbackCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private DataFolderOption data = new DataFolderOption();

    @Option(names = "--role", required = true, paramLabel = "ROLE", description = "best or gold.")
    @SuppressWarnings("NullAway.Init")
    private String roleName;

    @Option(
            names = "--to",
            paramLabel = "ID",
            description = "The checkpoint that is to serve again; without it, the one that served before.")
    private @Nullable String wanted;

    @Override
    public Integer call() {
        CheckpointRole role = CheckpointCommand.role(roleName, CheckpointRole.BEST, CheckpointRole.GOLD);
        PrintWriter to = spec.commandLine().getOut();
        try (OpenFolder folder = data.open()) {
            ControlTopic topic = new ControlTopic(folder);
            Checkpoint back = wanted == null
                    ? topic.history()
                            .before(role)
                            .orElseThrow(
                                    () -> new UserError(
                                            "the topic tells of no checkpoint that served as " + roleName
                                                    + " before: name one with --to, of those that prefstream checkpoint list --all shows"))
                    : topic.named(wanted);
            topic.mayBe(role, back.getCheckpointId());
            if (topic.history().roles(back.getCheckpointId()).contains(role)) {
                to.println("It serves as " + roleName + " already.");
            } else {
                topic.announceAgain(back, role, Map.of());
            }
            CheckpointCommand.printServing(topic.history(), to);
        }
        return 0;
    }
}
