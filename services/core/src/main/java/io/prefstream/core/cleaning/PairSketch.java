package io.prefstream.core.cleaning;

import io.prefstream.core.pair.Message;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is kept of a pair to find its near-duplicates: signatures of the turns before the answers, of the chosen and of the
 * rejected answer, and the bands by which similar pairs meet.
 *
 * <p>A band hashes 3 places of the prompt's signature and 2 of each answer's. Two pairs whose three similarities are p, c
 * and r share at least one of the 24 bands with probability 1 - (1 - p^3 c^2 r^2)^24: .996 at .8 each, .9999 at .9, .87 at
 * .7, .17 at .5, and .01 at p = 1, c = 1, r = .02, so that neither one prompt with many answers nor one answer to many
 * prompts fills a band. Compares and never changes; any thread.
 */
public final class PairSketch {

    /** Bands of a pair. */
    public static final int BANDS = 24;

    /** Least mean similarity of prompt, chosen and rejected of near-duplicates. */
    public static final double LEAST_MEAN = 0.8;

    /** Least similarity of each of the three; lower, since one typing error changes much of a short prompt. */
    public static final double LEAST_PART = 0.6;

    private static final int PROMPT_ROWS = 3;
    private static final int ANSWER_ROWS = 2;

    private final byte[] prompt;
    private final byte[] chosen;
    private final byte[] rejected;

    /** A sketch as it was kept. */
    public PairSketch(byte[] prompt, byte[] chosen, byte[] rejected) {
        this.prompt = prompt.clone();
        this.chosen = chosen.clone();
        this.rejected = rejected.clone();
    }

    /**
     * A sketch with its bands.
     *
     * @param bands hashes of the bands in which the pair lies, in order
     * @param mirrorBands the same for the pair with its answers swapped
     */
    public record Banded(PairSketch sketch, List<Long> bands, List<Long> mirrorBands) {}

    /** Makes the sketch of a pair. */
    public static Banded of(List<Message> history, String chosen, String rejected) {
        int[] p = MinHash.of(history.stream().map(Message::content).collect(Collectors.joining("\n")));
        int[] c = MinHash.of(chosen);
        int[] r = MinHash.of(rejected);
        return new Banded(
                new PairSketch(MinHash.bytes(p), MinHash.bytes(c), MinHash.bytes(r)), bands(p, c, r), bands(p, r, c));
    }

    private static List<Long> bands(int[] prompt, int[] first, int[] second) {
        Long[] bands = new Long[BANDS];
        for (int band = 0; band < BANDS; band++) {
            long hash = band;
            for (int row = 0; row < PROMPT_ROWS; row++) {
                hash = MinHash.mix(hash ^ Integer.toUnsignedLong(prompt[PROMPT_ROWS * band + row]));
            }
            for (int row = 0; row < ANSWER_ROWS; row++) {
                hash = MinHash.mix(hash ^ Integer.toUnsignedLong(first[ANSWER_ROWS * band + row]));
                hash = MinHash.mix(hash ^ Integer.toUnsignedLong(second[ANSWER_ROWS * band + row]));
            }
            bands[band] = hash;
        }
        return List.of(bands);
    }

    /** Low bytes of the MinHashes of the turns before the answers. */
    public byte[] prompt() {
        return prompt.clone();
    }

    /** The same of the chosen answer. */
    public byte[] chosen() {
        return chosen.clone();
    }

    /** The same of the rejected answer. */
    public byte[] rejected() {
        return rejected.clone();
    }

    /** How alike two pairs are, 0 to 1; 0 when they are no near-duplicates. */
    public double similarity(PairSketch other) {
        return similarity(other.prompt, other.chosen, other.rejected);
    }

    /** How alike a pair is to another with its answers swapped, 0 to 1; 0 when it is no near-duplicate of that. */
    public double mirrorSimilarity(PairSketch other) {
        return similarity(other.prompt, other.rejected, other.chosen);
    }

    private double similarity(byte[] turns, byte[] first, byte[] second) {
        double p = MinHash.similarity(prompt, turns);
        double c = MinHash.similarity(chosen, first);
        double r = MinHash.similarity(rejected, second);
        double mean = (p + c + r) / 3;
        return Math.min(p, Math.min(c, r)) >= LEAST_PART && mean >= LEAST_MEAN ? mean : 0;
    }
}
