package io.prefstream.runner.command;

import io.prefstream.kit.config.SettingFlags;
import io.prefstream.kit.config.UserError;
import io.prefstream.models.reward.DjlRewardModel;
import io.prefstream.models.reward.ModelFolder;
import io.prefstream.models.reward.ModelRefused;
import io.prefstream.models.store.ModelUri;
import io.prefstream.runner.app.ControlTopic;
import io.prefstream.runner.app.FetchedModels;
import io.prefstream.runner.app.GoldTrial;
import io.prefstream.runner.app.OpenFolder;
import io.prefstream.wire.CheckpointRole;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Announces a reward model of text. */
@Command(
        name = "publish",
        mixinStandardHelpOptions = true,
        description = {
            "Fetches a reward model of text, has it score its golden conversations and the folder's human labels, and announces it.",
            "The model is a folder made by tools/convert_reward_model.py."
        })
final class CheckpointPublishCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private DataFolderOption data = new DataFolderOption();

    @Option(
            names = "--uri",
            required = true,
            paramLabel = "URI",
            description = "Folder of the model: a path, file:, https://, http:// or s3://BUCKET/PREFIX.")
    @SuppressWarnings("NullAway.Init")
    private String uri;

    @Option(
            names = "--id",
            paramLabel = "SHA256",
            description = "SHA-256 of its reward-model.json; without it, whatever lies there is taken.")
    private @Nullable String id;

    @Option(
            names = "--role",
            defaultValue = "candidate",
            paramLabel = "ROLE",
            description = "candidate, best or gold (${DEFAULT-VALUE}); best and gold must prove themselves on gold.")
    @SuppressWarnings("NullAway.Init")
    private String roleName;

    @Option(
            names = "--no-check",
            description = "Announce it without loading it, where there is no machine for it; its files are checked.")
    private boolean unchecked;

    @Option(names = "--force", description = "Promote it though gold speaks against it or says nothing.")
    private boolean force;

    @Override
    public Integer call() {
        CheckpointRole role =
                CheckpointCommand.role(roleName, CheckpointRole.CANDIDATE, CheckpointRole.BEST, CheckpointRole.GOLD);
        if (unchecked && role != CheckpointRole.CANDIDATE && !force) {
            throw new UserError("--no-check scores no human label, so --role " + roleName
                    + " needs --force: or publish it as a candidate and promote it where it can be loaded");
        }
        PrintWriter to = spec.commandLine().getOut();
        FetchedModels models = new FetchedModels(SettingFlags.gather(spec), data.folder);
        try (OpenFolder folder = data.open()) {
            ModelFolder model = models.given(uri, id == null ? null : id.toLowerCase(Locale.ROOT));
            ControlTopic topic = new ControlTopic(folder);
            topic.mayBe(role, model.id());
            to.printf(
                    Locale.ROOT,
                    "%s: %s, %s on %s, %,d parameters%n",
                    model.id(),
                    model.card().name(),
                    model.card().architecture(),
                    model.card().engine(),
                    model.card().parameters());
            Map<String, Double> figures = unchecked ? Map.of() : checked(folder, topic, models, model, role, to);
            topic.announce(place(), model, role, figures);
            to.println("Announced as " + roleName + ".");
            CheckpointCommand.printServing(topic.history(), to);
        }
        return 0;
    }

    private Map<String, Double> checked(
            OpenFolder folder,
            ControlTopic topic,
            FetchedModels models,
            ModelFolder model,
            CheckpointRole role,
            PrintWriter to) {
        try (DjlRewardModel loaded = models.open(model)) {
            to.println("It gives its " + model.card().golden().size() + " golden conversations their scores.");
            return new GoldTrial(folder, topic, models, to::println).ofText(loaded, role, force);
        }
    }

    private String place() {
        try {
            return ModelUri.of(uri).text();
        } catch (ModelRefused e) {
            throw new UserError(String.valueOf(e.getMessage()));
        }
    }
}
