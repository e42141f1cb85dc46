package io.prefstream.runner.command;

import io.prefstream.kit.config.SettingFlags;
import io.prefstream.models.reward.DjlRewardModel;
import io.prefstream.rewardscorer.client.Checkpoints;
import io.prefstream.runner.app.ControlTopic;
import io.prefstream.runner.app.FetchedModels;
import io.prefstream.runner.app.GoldTrial;
import io.prefstream.runner.app.OpenFolder;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointRole;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Has an announced checkpoint serve, if it proves itself on gold. */
@Command(
        name = "promote",
        mixinStandardHelpOptions = true,
        description =
                "Has a checkpoint serve in a role, if it ranks no smaller share of the folder's human labels right than"
                        + " the one that serves now.")
final class CheckpointPromoteCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private DataFolderOption data = new DataFolderOption();

    @Parameters(paramLabel = "ID", description = "A checkpoint id, or its first 8 or more digits.")
    @SuppressWarnings("NullAway.Init")
    private String wanted;

    @Option(names = "--role", required = true, paramLabel = "ROLE", description = "best or gold.")
    @SuppressWarnings("NullAway.Init")
    private String roleName;

    @Option(names = "--force", description = "Promote it though gold speaks against it or says nothing.")
    private boolean force;

    @Override
    public Integer call() {
        CheckpointRole role = CheckpointCommand.role(roleName, CheckpointRole.BEST, CheckpointRole.GOLD);
        PrintWriter to = spec.commandLine().getOut();
        FetchedModels models = new FetchedModels(SettingFlags.gather(spec), data.folder);
        try (OpenFolder folder = data.open()) {
            ControlTopic topic = new ControlTopic(folder);
            Checkpoint checkpoint = topic.named(wanted);
            topic.mayBe(role, checkpoint.getCheckpointId());
            if (topic.history().roles(checkpoint.getCheckpointId()).contains(role)) {
                to.println("It serves as " + roleName + " already.");
            } else {
                GoldTrial trial = new GoldTrial(folder, topic, models, to::println);
                topic.announceAgain(checkpoint, role, figures(trial, models, checkpoint, role));
            }
            CheckpointCommand.printServing(topic.history(), to);
        }
        return 0;
    }

    private Map<String, Double> figures(
            GoldTrial trial, FetchedModels models, Checkpoint checkpoint, CheckpointRole role) {
        if (!checkpoint.getKind().equals(Checkpoints.TEXT)) {
            trial.ofBuiltIn(checkpoint, role, force);
            return Map.of();
        }
        try (DjlRewardModel loaded = models.open(models.announced(checkpoint))) {
            return trial.ofText(loaded, role, force);
        }
    }
}
