package io.prefstream.runner.app;

import io.prefstream.kit.config.Settings;
import io.prefstream.kit.config.UserError;
import io.prefstream.models.reward.DjlRewardModel;
import io.prefstream.models.reward.ModelFolder;
import io.prefstream.models.reward.ModelRefused;
import io.prefstream.models.store.ModelStore;
import io.prefstream.models.store.ModelUnavailable;
import io.prefstream.rewardscorer.client.Checkpoints;
import io.prefstream.rewardscorer.client.FetchedTextModels;
import io.prefstream.wire.Checkpoint;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reward models of text, fetched and loaded for a command. What is refused is told to the user. */
public final class FetchedModels {

    private final Settings settings;
    private final ModelStore store;

    /** Models that are cached in a data folder, or without one in the user's own cache, unless the settings say where. */
    public FetchedModels(Settings settings, @Nullable Path dataFolder) {
        Path cache = dataFolder == null
                ? Path.of(System.getProperty("user.home"), ".cache", "prefstream", "models")
                : dataFolder.resolve("models");
        this.settings = settings;
        this.store = told(() -> ModelStore.of(settings.models(), cache));
    }

    /** A folder of this machine, as it lies there. */
    public ModelFolder folder(Path path) {
        return told(() -> ModelFolder.read(path));
    }

    /** The model that a person names; a null id takes the one that lies there. */
    public ModelFolder given(String uri, @Nullable String id) {
        return told(() -> store.fetchGiven(uri, id));
    }

    /** The model of an announcement. */
    public ModelFolder announced(Checkpoint checkpoint) {
        String uri = checkpoint.getUri();
        if (!checkpoint.getKind().equals(Checkpoints.TEXT) || uri == null) {
            throw new UserError("checkpoint " + checkpoint.getCheckpointId() + " is no reward model of text");
        }
        return told(() -> store.fetch(uri, checkpoint.getCheckpointId()));
    }

    /** Loads a model, which scores its golden conversations before it scores anything else. */
    public DjlRewardModel open(ModelFolder model) {
        return told(() -> FetchedTextModels.load(model, settings.models()));
    }

    private static <T> T told(Supplier<T> work) {
        try {
            return work.get();
        } catch (ModelRefused | ModelUnavailable e) {
            throw new UserError(String.valueOf(e.getMessage()));
        }
    }
}
