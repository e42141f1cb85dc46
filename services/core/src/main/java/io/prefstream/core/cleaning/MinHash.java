package io.prefstream.core.cleaning;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;

/**
 * MinHash signatures of texts (Broder 1997): the share of equal places of two signatures estimates the Jaccard similarity
 * of the texts' sets of 5-character shingles, with a standard error of sqrt(J (1 - J) / 96).
 *
 * <p>A text is taken in lower case, composed (NFC), with runs of blanks as one; one shorter than a shingle is its own
 * shingle. Hashes are fixed, so that signatures of today and of later compare. Stateless; any thread.
 */
public final class MinHash {

    /** Hashes of a signature. */
    public static final int SIZE = 96;

    private static final int SHINGLE = 5;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final long[] FACTORS = new long[SIZE];
    private static final long[] OFFSETS = new long[SIZE];

    static {
        for (int i = 0; i < SIZE; i++) {
            FACTORS[i] = mix(2L * i + 1) | 1;
            OFFSETS[i] = mix(2L * i + 2);
        }
    }

    private MinHash() {}

    /** The signature of a text: for each hash function the least hash of a shingle, {@link #SIZE} unsigned ints. */
    public static int[] of(String text) {
        String plain = plain(text);
        long[] least = new long[SIZE];
        Arrays.fill(least, Long.MAX_VALUE);
        if (plain.length() < SHINGLE) {
            long whole = plain.length();
            for (int i = 0; i < plain.length(); i++) {
                whole = mix(whole) + plain.charAt(i);
            }
            take(whole, least);
        }
        for (int at = 0; at + SHINGLE <= plain.length(); at++) {
            long four = (long) plain.charAt(at) << 48
                    | (long) plain.charAt(at + 1) << 32
                    | (long) plain.charAt(at + 2) << 16
                    | plain.charAt(at + 3);
            take(mix(four) + plain.charAt(at + 4), least);
        }
        int[] signature = new int[SIZE];
        for (int i = 0; i < SIZE; i++) {
            signature[i] = (int) least[i];
        }
        return signature;
    }

    /** The text whose shingles count. */
    private static String plain(String text) {
        String lower = Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
        StringBuilder plain = new StringBuilder(lower.length());
        boolean blank = false;
        for (int i = 0; i < lower.length(); i++) {
            char c = lower.charAt(i);
            if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
                blank = !plain.isEmpty();
            } else {
                if (blank) {
                    plain.append(' ');
                    blank = false;
                }
                plain.append(c);
            }
        }
        return plain.toString();
    }

    private static void take(long shingle, long[] least) {
        long hash = mix(shingle);
        for (int i = 0; i < SIZE; i++) {
            least[i] = Math.min(least[i], (FACTORS[i] * hash + OFFSETS[i]) >>> 32);
        }
    }

    /** The low byte of each hash: enough to compare by, in a quarter of the space. */
    public static byte[] bytes(int[] signature) {
        byte[] low = new byte[SIZE];
        for (int i = 0; i < SIZE; i++) {
            low[i] = (byte) signature[i];
        }
        return low;
    }

    /** Estimated Jaccard similarity of two texts by the low bytes of their signatures, 0 to 1, chance agreement taken off. */
    public static double similarity(byte[] a, byte[] b) {
        int equal = 0;
        for (int i = 0; i < SIZE; i++) {
            equal += a[i] == b[i] ? 1 : 0;
        }
        double chance = 1.0 / 256;
        return Math.max(0, ((double) equal / SIZE - chance) / (1 - chance));
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood 2014): a bijection whose every output bit depends on all of x. */
    static long mix(long x) {
        long z = x + GOLDEN;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
