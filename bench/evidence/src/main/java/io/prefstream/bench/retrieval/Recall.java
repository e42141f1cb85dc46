package io.prefstream.bench.retrieval;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.prefstream.core.stats.Hashes;
import io.prefstream.core.stats.Vectors;
import io.prefstream.retrieval.domain.Hit;
import io.prefstream.retrieval.domain.Merge;
import io.prefstream.retrieval.domain.PairIndex;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * The product's search against exact search by floats: {@code Recall CORPUS [SIZE...]} prints a JSON line for each figure:
 * recall on the corpus, queries a second on made-up vectors, and the time to merge what partitions answer.
 */
public final class Recall {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DIMENSIONS = 384;
    private static final int LATENT = 24;
    private static final int QUERIES = 500;
    private static final int K = 8;

    private Recall() {}

    /** Measures. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 0) {
            System.err.println("usage: Recall CORPUS [SIZE...]");
            System.exit(2);
        }
        recall(Corpus.read(Path.of(arguments[0])));
        for (int i = 1; i < arguments.length; i++) {
            speed(Integer.parseInt(arguments[i]));
        }
        for (int partitions : List.of(1, 4, 16, 256)) {
            merge(partitions);
        }
    }

    /** Share of the k nearest texts by floats that are among the k that the index finds. */
    private static void recall(List<Corpus.Item> corpus) {
        Map<String, float[]> entries = new LinkedHashMap<>();
        PairIndex index = new PairIndex(0);
        for (Corpus.Item item : corpus) {
            entries.put(item.entry(), item.vector());
            index.put(item.pairId(), item.entry(), PairIndex.quantize(item.vector()));
        }
        List<String> queries = entries.keySet().stream()
                .sorted(Hashes.order(0, "bench/queries"))
                .limit(QUERIES)
                .toList();
        for (int k : List.of(1, K, 32)) {
            double found = 0;
            double worst = 1;
            double loss = 0;
            for (String query : queries) {
                float[] vector = entries.getOrDefault(query, new float[0]);
                Map<String, Double> cosines = new LinkedHashMap<>();
                entries.forEach((name, other) -> cosines.put(name, Vectors.dot(vector, other)));
                List<String> exact = cosines.entrySet().stream()
                        .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder())
                                .thenComparing(Map.Entry::getKey))
                        .map(Map.Entry::getKey)
                        .limit(k)
                        .toList();
                Set<String> near = new HashSet<>();
                double farthest = 1;
                for (Hit hit : index.nearest(PairIndex.quantize(vector), k, 1)) {
                    near.add(hit.entry());
                    farthest = Math.min(farthest, cosines.getOrDefault(hit.entry(), 0.0));
                }
                double share = exact.stream().filter(near::contains).count() / (double) k;
                found += share;
                worst = Math.min(worst, share);
                loss = Math.max(loss, cosines.getOrDefault(exact.getLast(), 0.0) - farthest);
            }
            ObjectNode line = JSON.createObjectNode();
            line.put("measure", "recall").put("texts", entries.size()).put("queries", queries.size());
            line.put("k", k).put("recall", round(found / queries.size())).put("worst", round(worst));
            line.put("cosine_lost_at_most", round(loss));
            System.out.println(line);
        }
    }

    /** Queries a second of one thread over so many texts, a pair each. */
    private static void speed(int size) {
        Random random = new Random(size);
        float[][] basis = new float[LATENT][DIMENSIONS];
        for (float[] row : basis) {
            fill(row, random);
        }
        PairIndex index = new PairIndex(0);
        List<byte[]> queries = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            byte[] vector = PairIndex.quantize(vector(basis, random));
            index.put("pair-" + i, "entry-" + i, vector);
            if (i % Math.max(1, size / 64) == 0) {
                queries.add(vector);
            }
        }
        int rounds = Math.max(1, 400_000 / size);
        time(index, queries, rounds); // warm
        double seconds = time(index, queries, rounds);
        ObjectNode line = JSON.createObjectNode();
        line.put("measure", "speed").put("texts", size).put("k", K);
        line.put("queries_per_second", round(rounds * queries.size() / seconds));
        line.put("gigabytes_per_second", round((double) rounds * queries.size() * size * DIMENSIONS / seconds / 1e9));
        System.out.println(line);
    }

    private static double time(PairIndex index, List<byte[]> queries, int rounds) {
        long started = System.nanoTime();
        int hits = 0;
        for (int round = 0; round < rounds; round++) {
            for (byte[] query : queries) {
                hits += index.nearest(query, K, 1).size();
            }
        }
        if (hits == 0) {
            throw new IllegalStateException("nothing found");
        }
        return (System.nanoTime() - started) / 1e9;
    }

    private static void merge(int partitions) {
        Random random = new Random(partitions);
        List<Hit> hits = new ArrayList<>();
        for (int p = 0; p < partitions; p++) {
            for (int i = 0; i < 2 * K; i++) {
                String entry = String.format(Locale.ROOT, "%064x", i / 2 + 1000 * (p % 64));
                hits.add(new Hit("pair-" + p + "-" + i, entry, random.nextInt(100) / 100.0, Integer.toHexString(i)));
            }
        }
        int repeats = 2_000;
        int found = 0;
        double seconds = 0;
        for (int pass = 0; pass < 2; pass++) {
            long started = System.nanoTime();
            for (int i = 0; i < repeats; i++) {
                found += Merge.best(hits, K).size();
            }
            seconds = (System.nanoTime() - started) / 1e9;
        }
        if (found == 0) {
            throw new IllegalStateException("nothing merged");
        }
        ObjectNode line = JSON.createObjectNode();
        line.put("measure", "merge").put("partitions", partitions).put("hits", hits.size());
        line.put("microseconds", round(seconds / repeats * 1e6));
        System.out.println(line);
    }

    private static float[] vector(float[][] basis, Random random) {
        float[] out = new float[DIMENSIONS];
        for (float[] row : basis) {
            float weight = (float) random.nextGaussian();
            for (int j = 0; j < DIMENSIONS; j++) {
                out[j] += weight * row[j];
            }
        }
        double norm = Math.sqrt(Vectors.dot(out, out));
        for (int j = 0; j < DIMENSIONS; j++) {
            out[j] = (float) (out[j] / norm);
        }
        return out;
    }

    private static void fill(float[] row, Random random) {
        for (int j = 0; j < row.length; j++) {
            row[j] = (float) random.nextGaussian();
        }
    }

    private static double round(double value) {
        return Math.round(value * 1e4) / 1e4;
    }
}
