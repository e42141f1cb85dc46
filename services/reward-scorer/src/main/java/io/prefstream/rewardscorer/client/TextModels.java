package io.prefstream.rewardscorer.client;

import io.prefstream.models.reward.AnswerScorer;
import io.prefstream.models.reward.ModelRefused;
import io.prefstream.models.store.ModelUnavailable;
import io.prefstream.wire.Checkpoint;
import java.time.Duration;
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

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
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
    private final Map<String, Long> awaited = new HashMap<>();

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
     * The model of a checkpoint; null when it has not been announced here, or cannot be had yet.
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
        } catch (ModelUnavailable e) { // the announcement came before the model, or its store is away
            long since = awaited.computeIfAbsent(checkpointId, id -> System.nanoTime());
            if (System.nanoTime() - since < LONGEST_WAIT.toNanos()) {
                LOG.warn("checkpoint {} cannot be had yet, and is tried again: {}", checkpointId, e.getMessage());
                return null;
            }
            awaited.remove(checkpointId);
            throw refuse(announcement, new ModelRefused(String.valueOf(e.getMessage()), e));
        } catch (ModelRefused e) {
            throw refuse(announcement, e);
        }
    }

    private ModelRefused refuse(Checkpoint announcement, ModelRefused why) {
        String id = announcement.getCheckpointId();
        refused.put(id, new Refusal(announcement, why));
        LOG.error("checkpoint {} refused, the models before it go on serving: {}", id, why.getMessage());
        return why;
    }

    @Override
    public void close() {
        loaded.values().forEach(AnswerScorer::close);
        loaded.clear();
    }
}
