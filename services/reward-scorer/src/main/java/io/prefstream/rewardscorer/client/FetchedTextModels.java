package io.prefstream.rewardscorer.client;

import io.prefstream.kit.config.Setting;
import io.prefstream.models.reward.AnswerScorer;
import io.prefstream.models.reward.DjlRewardModel;
import io.prefstream.models.reward.Hardware;
import io.prefstream.models.reward.ModelFolder;
import io.prefstream.models.store.ModelStore;
import io.prefstream.wire.Checkpoint;
import java.nio.file.Path;
import java.util.Map;

/** Fetches announced models from where they lie, and loads them on the devices of the settings. */
public final class FetchedTextModels implements TextModels.Opener {

    private final Map<String, String> settings;
    private final Path cache;

    /**
     * A fetcher.
     *
     * @param settings the stage's settings, of which those of models count
     * @param cache where fetched models are kept, unless the settings say where
     */
    public FetchedTextModels(Map<String, String> settings, Path cache) {
        this.settings = Map.copyOf(settings);
        this.cache = cache;
    }

    @Override
    public AnswerScorer open(Checkpoint checkpoint) {
        ModelFolder folder =
                ModelStore.of(settings, cache).fetch(String.valueOf(checkpoint.getUri()), checkpoint.getCheckpointId());
        return load(folder, settings);
    }

    /**
     * Loads a model on the devices of the settings.
     *
     * @param settings values by name, of which those of models count
     */
    public static DjlRewardModel load(ModelFolder folder, Map<String, String> settings) {
        Hardware hardware = Hardware.of(
                value(settings, Setting.MODELS_DEVICES),
                value(settings, Setting.MODELS_INSTANCES),
                value(settings, Setting.MODELS_BATCH_TOKENS),
                folder.card().engine());
        return DjlRewardModel.load(folder, hardware);
    }

    private static <T> T value(Map<String, String> settings, Setting<T> setting) {
        String standard = setting.standard();
        return setting.parser().apply(settings.getOrDefault(setting.name(), standard == null ? "" : standard));
    }
}
