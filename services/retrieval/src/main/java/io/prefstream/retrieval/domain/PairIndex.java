package io.prefstream.retrieval.domain;

import io.prefstream.core.stats.Hashes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Exact search for the nearest pairs by cosine of signed bytes. Pairs with the same (x, a) share one entry and its
 * vector. What it finds depends on what was put, never on the order. Not thread-safe.
 */
public final class PairIndex {

    private final long seed;
    private final Map<String, Entry> byName = new HashMap<>();
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, Long> hiddenFrom = new HashMap<>();
    private int pairs;

    /** An empty index whose choice among the pairs of one entry depends on {@code seed}. */
    public PairIndex(long seed) {
        this.seed = seed;
    }

    /** Unit vector as signed bytes: each component times 127, rounded. */
    public static byte[] quantize(float[] unit) {
        byte[] bytes = new byte[unit.length];
        for (int i = 0; i < unit.length; i++) {
            bytes[i] = (byte) Math.clamp(Math.round(unit[i] * 127f), -127, 127);
        }
        return bytes;
    }

    /** Adds a pair under its entry; a pair put again changes nothing. */
    public void put(String pairId, String entry, byte[] vector) {
        Entry slot = byName.computeIfAbsent(entry, name -> {
            Entry added = new Entry(name, vector, norm(vector), new HashSet<>());
            entries.add(added);
            return added;
        });
        if (slot.pairs.add(pairId)) {
            pairs++;
        }
    }

    /** Hides a pair, there already or not, from queries of this round and later ones. */
    public void hide(String pairId, long fromRound) {
        hiddenFrom.merge(pairId, fromRound, Math::min);
    }

    /** Number of pairs, hidden ones too. */
    public long size() {
        return pairs;
    }

    /**
     * What this index adds to the answer of a query: the {@code k} nearest entries that have a pair to show, each with
     * its first two pairs, best first.
     */
    public List<Hit> nearest(byte[] query, int k, long round) {
        double queryNorm = norm(query);
        TreeSet<Found> best = new TreeSet<>();
        for (Entry entry : entries) {
            Found found = new Found(cosine(query, queryNorm, entry), entry);
            boolean enters = best.size() < k || found.compareTo(best.last()) < 0;
            if (enters && entry.pairs.stream().anyMatch(pair -> isShown(pair, round))) {
                best.add(found);
                if (best.size() > k) {
                    best.pollLast();
                }
            }
        }
        return best.stream().flatMap(found -> hits(found, round).stream()).toList();
    }

    private List<Hit> hits(Found found, long round) {
        return found.entry.pairs.stream()
                .filter(pair -> isShown(pair, round))
                .map(pair -> new Hit(pair, found.entry.name, found.similarity, order(pair, round)))
                .sorted(Hit.BEST_FIRST)
                .limit(Merge.MOST_OF_AN_ENTRY)
                .toList();
    }

    private boolean isShown(String pairId, long round) {
        Long from = hiddenFrom.get(pairId);
        return from == null || round < from;
    }

    private String order(String pairId, long round) {
        return HexFormat.of().toHexDigits(Hashes.of(seed, "retrieval/" + round, pairId));
    }

    private static double cosine(byte[] query, double queryNorm, Entry entry) {
        double norms = queryNorm * entry.norm;
        return norms == 0 ? 0 : dot(query, entry.vector) / norms;
    }

    private static double norm(byte[] vector) {
        return Math.sqrt(dot(vector, vector));
    }

    private static int dot(byte[] a, byte[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException("vectors of " + a.length + " and " + b.length + " dimensions");
        }
        // In four lanes, which the compiler runs side by side; of whole numbers the sum is the same in any order.
        int s0 = 0;
        int s1 = 0;
        int s2 = 0;
        int s3 = 0;
        int i = 0;
        for (int end = a.length - 3; i < end; i += 4) {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }
        for (; i < a.length; i++) {
            s0 += a[i] * b[i];
        }
        return s0 + s1 + s2 + s3;
    }

    private record Entry(String name, byte[] vector, double norm, Set<String> pairs) {}

    private record Found(double similarity, Entry entry) implements Comparable<Found> {
        private static final Comparator<Found> ORDER =
                Comparator.comparingDouble(Found::similarity).reversed().thenComparing(found -> found.entry.name);

        @Override
        public int compareTo(Found other) {
            return ORDER.compare(this, other);
        }
    }
}
