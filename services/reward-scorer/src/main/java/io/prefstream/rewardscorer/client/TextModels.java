package io.prefstream.rewardscorer.client;

import io.prefstream.models.reward.AnswerScorer;
import io.prefstream.models.reward.ModelRefused;
import io.prefstream.wire.Checkpoint;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Text models by checkpoint, loaded when they are first asked for. The ones used last stay loaded: the best and the gold model
 * of the moment, and so the one before a swap until memory is wanted. Not thread-safe.
 */
public final class TextModels implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TextModels.class);

    /** Fetches, loads and checks a model. */
    public interface Opener {
        /**
         * The model of an announcement.
         *
         * @throws ModelRefused when it may not serve, with figures
         */
        AnswerScorer open(Checkpoint checkpoint);
    }

    private final Function<String, Optional<Checkpoint>> announced;
    private final Opener opener;
    private final int most;
    private final LinkedHashMap<String, AnswerScorer> loaded = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, Refusal> refused = new HashMap<>();

    /** Why an announcement's model may not serve. */
    private record Refusal(Checkpoint announcement, ModelRefused why) {}

    /**
     * No model yet.
     *
     * @param most models that stay loaded
     */
    public TextModels(Function<String, Optional<Checkpoint>> announced, Opener opener, int most) {
        this.announced = announced;
        this.opener = opener;
        this.most = most;
    }

    /**
     * The model of a checkpoint; null when it has not been announced here yet.
     *
     * @throws ModelRefused when it may not serve; another announcement of the same checkpoint is a new chance
     */
    @Nullable
    AnswerScorer of(String checkpointId) {
        AnswerScorer there = loaded.get(checkpointId);
        if (there != null) {
            return there;
        }
        Checkpoint announcement = announced.apply(checkpointId).orElse(null);
        if (announcement == null) {
            return null;
        }
        Refusal before = refused.get(checkpointId);
        if (before != null && before.announcement().equals(announcement)) {
            throw before.why();
        }
        Iterator<AnswerScorer> eldest = loaded.values().iterator();
        while (loaded.size() >= most) {
            eldest.next().close();
            eldest.remove();
        }
        try {
            AnswerScorer model = opener.open(announcement);
            loaded.put(checkpointId, model);
            LOG.info("checkpoint {} of {} is loaded", checkpointId, announcement.getUri());
            return model;
        } catch (ModelRefused e) {
            refused.put(checkpointId, new Refusal(announcement, e));
            LOG.error("checkpoint {} refused, the models before it go on serving: {}", checkpointId, e.getMessage());
            throw e;
        }
    }

    @Override
    public void close() {
        loaded.values().forEach(AnswerScorer::close);
        loaded.clear();
    }
}
