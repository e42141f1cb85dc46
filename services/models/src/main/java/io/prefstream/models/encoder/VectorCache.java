package io.prefstream.models.encoder;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Vectors by text hash for the whole JVM: a distinct text is encoded once, whichever stage asks first. Thread-safe. */
public final class VectorCache {

    private static final int MOST = 200_000;
    private static final VectorCache SHARED = new VectorCache();

    private final Map<String, CompletableFuture<float[]>> vectors = new LinkedHashMap<>(1024, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, CompletableFuture<float[]>> eldest) {
            return size() > MOST;
        }
    };

    private final Map<String, float[]> recorded = new ConcurrentHashMap<>();

    private VectorCache() {}

    /** The JVM's one cache. */
    public static VectorCache shared() {
        return SHARED;
    }

    /** Puts in the vector of a text that a run encoded before; it stays. */
    public void record(String hash, float[] vector) {
        recorded.put(hash, vector);
    }

    /** The vector of a text, encoded by {@code encode} when nobody has asked for it yet. Not to be changed. */
    public float[] get(String hash, Supplier<float[]> encode) {
        float[] before = recorded.get(hash);
        if (before != null) {
            return before;
        }
        CompletableFuture<float[]> mine = new CompletableFuture<>();
        CompletableFuture<float[]> there;
        synchronized (vectors) {
            there = vectors.putIfAbsent(hash, mine);
        }
        if (there != null) {
            return there.join();
        }
        try {
            float[] vector = encode.get();
            mine.complete(vector);
            return vector;
        } catch (RuntimeException e) {
            mine.completeExceptionally(e);
            synchronized (vectors) {
                vectors.remove(hash);
            }
            throw e;
        }
    }
}
