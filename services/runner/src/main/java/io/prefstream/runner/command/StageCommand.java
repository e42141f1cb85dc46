package io.prefstream.runner.command;

import io.prefstream.kit.config.SettingFlags;
import io.prefstream.kit.config.Settings;
import io.prefstream.kit.run.Stage;
import io.prefstream.kit.service.StageService;
import io.prefstream.runner.app.StageCatalogue;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs one stage, as its own main does. */
@Command(
        name = "stage",
        mixinStandardHelpOptions = true,
        description = "Runs one stage by itself against any Kafka and any Confluent-compatible registry.")
final class StageCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(
            paramLabel = "NAME",
            description =
                    "ingest, attribute-tagger, retrieval, label-verifier, reward-scorer, trainer or consistency-filter.")
    @SuppressWarnings("NullAway.Init")
    private String name;

    @Override
    public Integer call() throws InterruptedException {
        StageService.logToTheTerminal();
        Stage.Factory factory = StageCatalogue.factory(name);
        Settings settings = SettingFlags.gather(spec);
        return StageService.run(name, factory, settings, spec.commandLine().getOut());
    }
}
