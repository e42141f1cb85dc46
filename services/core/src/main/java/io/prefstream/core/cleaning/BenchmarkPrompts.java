package io.prefstream.core.cleaning;

import io.prefstream.core.pair.Message;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The prompts of benchmarks, by their 13-grams: what tells a contaminated pair. A pair is contaminated when one of its
 * texts (a turn or an answer) holds 13 words in a row that a prompt holds too, or when one of its turns is, word for word,
 * a whole prompt of fewer words (3 or more). Hashes find, the words themselves decide. Not thread-safe.
 */
public final class BenchmarkPrompts {

    /** Words of a gram. */
    public static final int GRAM = 13;

    /** Words that a prompt needs to be found; a shorter one would meet every greeting. */
    public static final int LEAST_WORDS = 3;

    /**
     * What a pair shares with a benchmark.
     *
     * @param benchmark name of the benchmark
     * @param item the item's id
     * @param shared the shared words, with one blank between
     */
    public record Hit(String benchmark, String item, String shared) {
        private static final int MOST_CHARS = 150;

        /** The hit in words, for the person whose pair it is. */
        public String reason() {
            String some = shared.length() <= MOST_CHARS ? shared : shared.substring(0, MOST_CHARS) + "...";
            return "shares \"" + some + "\" with item " + item + " of the benchmark " + benchmark
                    + "; leave the pair out of training";
        }
    }

    private static final Comparator<Hit> ORDER =
            Comparator.comparing(Hit::benchmark).thenComparing(Hit::item).thenComparing(Hit::shared);

    private record Gram(String benchmark, String item, List<String> words) {}

    private final Map<Long, List<Gram>> grams = new HashMap<>();
    private final Map<String, List<Gram>> whole = new HashMap<>();

    /** Adds the prompt of an item. */
    public void add(String benchmark, String item, String prompt) {
        List<String> words = List.copyOf(Words.of(prompt));
        if (words.size() < GRAM) {
            if (words.size() >= LEAST_WORDS) {
                whole.computeIfAbsent(String.join(" ", words), w -> new ArrayList<>(1))
                        .add(new Gram(benchmark, item, words));
            }
            return;
        }
        long[] hashes = hashes(words);
        for (int i = 0; i < hashes.length; i++) {
            List<Gram> equal = grams.computeIfAbsent(hashes[i], h -> new ArrayList<>(1));
            List<String> gram = words.subList(i, i + GRAM);
            // One item of a benchmark stands for all that share a gram, such as their instructions: the least.
            equal.removeIf(g -> g.words.equals(gram) && g.benchmark.equals(benchmark) && item.compareTo(g.item) < 0);
            if (equal.stream().noneMatch(g -> g.words.equals(gram) && g.benchmark.equals(benchmark))) {
                equal.add(new Gram(benchmark, item, gram));
            }
        }
    }

    /** Whether there is no prompt at all. */
    public boolean isEmpty() {
        return grams.isEmpty() && whole.isEmpty();
    }

    /** What a pair shares with a benchmark, the least by benchmark and item; null when it shares nothing. */
    public @Nullable Hit find(List<Message> history, String chosen, String rejected) {
        if (isEmpty()) {
            return null;
        }
        Hit least = null;
        for (Message turn : history) {
            List<String> words = Words.of(turn.content());
            least = lesser(least, shared(words));
            if (words.size() < GRAM) {
                for (Gram prompt : whole.getOrDefault(String.join(" ", words), List.of())) {
                    least = lesser(least, hit(prompt));
                }
            }
        }
        least = lesser(least, shared(Words.of(chosen)));
        return lesser(least, shared(Words.of(rejected)));
    }

    private @Nullable Hit shared(List<String> words) {
        Hit least = null;
        long[] hashes = words.size() < GRAM ? new long[0] : hashes(words);
        for (int i = 0; i < hashes.length; i++) {
            for (Gram gram : grams.getOrDefault(hashes[i], List.of())) {
                if (gram.words.equals(words.subList(i, i + GRAM))) {
                    least = lesser(least, hit(gram));
                }
            }
        }
        return least;
    }

    private static Hit hit(Gram gram) {
        return new Hit(gram.benchmark, gram.item, String.join(" ", gram.words));
    }

    /** The lesser of two hits in the order in which one stands for all. */
    public static @Nullable Hit lesser(@Nullable Hit a, @Nullable Hit b) {
        return a == null ? b : b == null || ORDER.compare(a, b) <= 0 ? a : b;
    }

    /** A 64-bit hash of every 13 words in a row: a polynomial in the words' hashes that rolls from one to the next. */
    private static long[] hashes(List<String> words) {
        long base = 0x9E3779B97F4A7C15L;
        long highest = 1;
        for (int i = 1; i < GRAM; i++) {
            highest *= base;
        }
        long[] of = new long[words.size()];
        for (int i = 0; i < of.length; i++) {
            String word = words.get(i);
            long hash = word.length();
            for (int c = 0; c < word.length(); c++) {
                hash = hash * 1_000_003 + word.charAt(c);
            }
            of[i] = MinHash.mix(hash);
        }
        long[] hashes = new long[of.length - GRAM + 1];
        long rolling = 0;
        for (int i = 0; i < of.length; i++) {
            if (i >= GRAM) {
                rolling -= of[i - GRAM] * highest;
            }
            rolling = rolling * base + of[i];
            if (i >= GRAM - 1) {
                hashes[i - GRAM + 1] = rolling;
            }
        }
        return hashes;
    }
}
