package io.prefstream.runner.command;

import io.prefstream.ingest.client.IngestServer;
import io.prefstream.kit.config.Setting;
import io.prefstream.kit.config.SettingFlags;
import io.prefstream.kit.config.Settings;
import io.prefstream.kit.config.UserError;
import io.prefstream.runner.app.FetchedModels;
import io.prefstream.runner.app.LiveProcess;
import io.prefstream.runner.app.OpenFolder;
import io.prefstream.runner.models.CheckpointFollower;
import io.prefstream.runner.models.Models;
import io.prefstream.runner.models.ServedModels;
import io.prefstream.runner.serving.ScoringServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Scores answers by HTTP until it is told to stop. */
@Command(
        name = "serve-model",
        mixinStandardHelpOptions = true,
        description = {
            "Scores answers by HTTP with one model until SIGTERM, in the shapes of SGLang, vLLM and OpenRLHF.",
            "Beside a process that serves the folder it follows its models: each new best or gold takes over at once."
        })
final class ServeModelCommand implements Callable<Integer> {

    /** Settings that the command has flags for. */
    static final List<Setting<?>> SETTINGS = Stream.of(Setting.OF_SCORING, Setting.OF_MODELS)
            .<Setting<?>>flatMap(List::stream)
            .toList();

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--model",
            defaultValue = ServedModels.BEST,
            description = "best, gold, a checkpoint id, or the path or URI of a model's folder (${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String model;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Folder of a run, OUT/.prefstream by default; needed for every model but a folder's.")
    private @Nullable Path folder;

    @Override
    public Integer call() throws InterruptedException {
        Settings settings = SettingFlags.gather(spec);
        IngestServer.limitSlowClients();
        ServedModels models = new ServedModels(model);
        Path data = folder;
        Optional<LiveProcess> live =
                data == null || Models.isFolder(model) ? Optional.empty() : DataFolderOption.live(data);
        Models source = new Models(new FetchedModels(settings, data));
        models.serve(model, source.open(model, this::open).scorer());
        ScoringServer server = ScoringServer.start(models, settings);
        Optional<CheckpointFollower> follower = live.flatMap(process -> Optional.ofNullable(data)
                .map(process::open)
                .map(system -> new CheckpointFollower(system.installation(), system.wire(), source, models)));
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            server.close();
                            follower.ifPresent(CheckpointFollower::close);
                            models.close();
                        },
                        "stop-on-signal"));
        spec.commandLine()
                .getOut()
                .println("Scoring on " + server.url() + " by " + models.idOf("").orElse(model)
                        + (follower.isPresent() ? ", and by those that follow it" : "") + ". Stop with Ctrl-C.");
        spec.commandLine().getOut().flush();
        while (true) { // until a signal
            Thread.sleep(LOOK_EVERY);
            String gone = live.flatMap(LiveProcess::fault).orElse(null);
            if (gone != null) {
                throw new UserError(gone);
            }
        }
    }

    private OpenFolder open() {
        if (folder == null) {
            throw new UserError(
                    "model " + model + " is one of a run: give its --data-dir, or the path of a model's folder", 2);
        }
        return DataFolderOption.open(folder);
    }
}
