package io.prefstream.bench.cleaning;

import io.prefstream.core.cleaning.PairSketch;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** What the estimates estimate, computed plainly. */
final class Jaccard {

    private static final int SHINGLE = 5;

    private Jaccard() {}

    /** Whether two pairs are within the thresholds by their exact similarities. */
    static boolean isNear(Index.Row a, Index.Row b) {
        double prompt = of(a.prompt(), b.prompt());
        double chosen = of(a.chosen(), b.chosen());
        double rejected = of(a.rejected(), b.rejected());
        return Math.min(prompt, Math.min(chosen, rejected)) >= PairSketch.LEAST_PART
                && (prompt + chosen + rejected) / 3 >= PairSketch.LEAST_MEAN;
    }

    private static double of(String a, String b) {
        Set<String> common = shingles(a);
        Set<String> any = new HashSet<>(common);
        Set<String> others = shingles(b);
        common.retainAll(others);
        any.addAll(others);
        return (double) common.size() / any.size();
    }

    private static Set<String> shingles(String text) {
        String plain = text.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ").strip();
        Set<String> shingles = new HashSet<>();
        if (plain.length() < SHINGLE) {
            shingles.add(plain);
        }
        for (int at = 0; at + SHINGLE <= plain.length(); at++) {
            shingles.add(plain.substring(at, at + SHINGLE));
        }
        return shingles;
    }
}
