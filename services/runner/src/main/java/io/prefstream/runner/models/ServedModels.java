package io.prefstream.runner.models;

import io.prefstream.models.reward.AnswerScorer;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The models that are served now, by role and by id. A model that is replaced goes on for those who hold it, and is closed when
 * the last has let it go. Thread-safe.
 */
public final class ServedModels implements AutoCloseable {

    /** Role of the model that is served to who names none. */
    public static final String BEST = "best";

    private final String standard;
    private final Map<String, Entry> roles = new TreeMap<>();
    private final Map<String, Entry> byId = new HashMap<>();

    /**
     * None yet.
     *
     * @param standard role or id that is meant by who names none
     */
    public ServedModels(String standard) {
        this.standard = standard;
    }

    /** A model that is held until it is let go; one thread. */
    public final class Lease implements AutoCloseable {
        private final Entry entry;

        private Lease(Entry entry) {
            this.entry = entry;
        }

        /** The model. */
        public AnswerScorer scorer() {
            return entry.scorer;
        }

        @Override
        public void close() {
            release(entry);
        }
    }

    /** A model and who holds it. */
    private static final class Entry {
        private final AnswerScorer scorer;
        private final boolean kept;
        private int holders;

        Entry(AnswerScorer scorer) {
            this.scorer = scorer;
            this.kept = scorer instanceof HeadScorer; // a head is small and holds nothing
        }
    }

    /** Serves a model in a role from now on, in place of the one before. It is ours to close. */
    public synchronized void serve(String role, AnswerScorer scorer) {
        if (byId.putIfAbsent(scorer.id(), new Entry(scorer)) != null) {
            scorer.close(); // the same model is here already
        }
        serve(role, scorer.id());
    }

    /** As {@link #serve(String, AnswerScorer)}, when a model of this id is here; false when none is. */
    public synchronized boolean serve(String role, String id) {
        Entry entry = byId.get(id);
        if (entry == null) {
            return false;
        }
        entry.holders++;
        Entry before = roles.put(role, entry);
        if (before != null) {
            release(before);
        }
        return true;
    }

    /** Serves a head by its id for good. */
    public synchronized void keep(HeadScorer head) {
        byId.computeIfAbsent(head.id(), id -> new Entry(head));
    }

    /** Whether a model of this id is here. */
    public synchronized boolean has(String id) {
        return byId.containsKey(id);
    }

    /**
     * Id of the model that a name means now; empty when it means none.
     *
     * @param name a role, a checkpoint id, or what trainers put there by themselves: nothing, a path or owner/name
     */
    public synchronized Optional<String> idOf(String name) {
        return entry(name).map(entry -> entry.scorer.id());
    }

    /** Holds the model that a name means now. */
    public synchronized Optional<Lease> lease(String name) {
        Optional<Entry> found = entry(name);
        found.ifPresent(entry -> entry.holders++);
        return found.map(Lease::new);
    }

    /** Ids by role. */
    public synchronized Map<String, String> roles() {
        Map<String, String> ids = new LinkedHashMap<>();
        roles.forEach((role, entry) -> ids.put(role, entry.scorer.id()));
        return ids;
    }

    @Override
    public synchronized void close() {
        Collection<Entry> left = List.copyOf(roles.values());
        roles.clear();
        left.forEach(this::release);
    }

    private Optional<Entry> entry(String name) {
        String meant = name.isEmpty() || Models.isFolder(name) ? standard : name;
        Entry role = roles.get(meant);
        return Optional.ofNullable(role == null ? byId.get(meant) : role);
    }

    private synchronized void release(Entry entry) {
        entry.holders--;
        if (entry.holders == 0 && !entry.kept) {
            byId.remove(entry.scorer.id());
            entry.scorer.close();
        }
    }
}
