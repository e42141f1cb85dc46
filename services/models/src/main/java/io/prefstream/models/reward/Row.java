package io.prefstream.models.reward;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A row of a batch: the tokens of one or more texts that begin alike, what they share standing once.
 *
 * @param ids tokens
 * @param positions place of each token in its text, from 0
 * @param segments 0 for what is shared; 1, 2, ... for what is a text's own
 * @param ends place in the row of each text's last token
 * @param texts place of each text among those that are scored
 * @param types for an encoder of pairs 1 at the answer's tokens and 0 elsewhere
 */
@SuppressWarnings("ArrayRecordComponent") // made here, read by the translator, compared by nobody
record Row(long[] ids, long[] positions, long[] segments, int[] ends, int[] texts, long[] types) {

    int tokens() {
        return ids.length;
    }

    /**
     * Rows of texts. Texts that stand beside each other share a row while that is cheaper: what they share is computed once, but
     * attention looks from every token at all of the row.
     *
     * @param texts tokens of each text, at least one
     * @param evenTokens length of a row at which attention costs as much as all matrices
     * @param most most tokens of a row that holds more than one text
     */
    static List<Row> pack(List<long[]> texts, double evenTokens, int most) {
        List<Row> rows = new ArrayList<>();
        int start = 0;
        while (start < texts.size()) {
            int sum = texts.get(start).length;
            int shared = sum - 1; // a text's last token is its own
            int end = start + 1;
            for (; end < texts.size(); end++) {
                long[] next = texts.get(end);
                int both = Math.min(Math.min(shared, next.length - 1), sharedTokens(texts.get(start), next));
                int before = sum - (end - start - 1) * shared;
                int joined = sum + next.length - (end - start) * both;
                if (joined > most
                        || cost(joined, evenTokens) >= cost(before, evenTokens) + cost(next.length, evenTokens)) {
                    break;
                }
                shared = both;
                sum += next.length;
            }
            rows.add(of(texts, start, end, end == start + 1 ? 0 : shared));
            start = end;
        }
        return rows;
    }

    /** One row a text. */
    static List<Row> single(List<RewardTokenizer.Tokens> texts) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            long[] ids = texts.get(i).ids();
            long[] positions = new long[ids.length];
            Arrays.setAll(positions, p -> p);
            rows.add(new Row(
                    ids,
                    positions,
                    new long[ids.length],
                    new int[] {ids.length - 1},
                    new int[] {i},
                    texts.get(i).types()));
        }
        return rows;
    }

    /** 1 at every token. */
    long[] mask() {
        long[] mask = new long[ids.length];
        Arrays.fill(mask, 1);
        return mask;
    }

    /**
     * Place of the token of each text whose score is the text's: the last that is not the padding token, as transformers has it
     * for decoders.
     *
     * @param padding the padding token; null where the model has none
     */
    long[] scoredTokens(@Nullable Long padding) {
        return IntStream.range(0, ends.length)
                .mapToLong(k -> scored(ends[k], padding))
                .toArray();
    }

    private int scored(int end, @Nullable Long padding) {
        int at = end;
        while (padding != null && ids[at] == padding && at > 0) {
            int before = at - 1;
            while (before > 0 && segments[before] != segments[end] && segments[before] != 0) {
                before--; // over the answers that stand between what is shared and this one
            }
            at = before;
        }
        return at;
    }

    private static double cost(double tokens, double evenTokens) {
        return tokens * (1 + tokens / evenTokens);
    }

    private static int sharedTokens(long[] a, long[] b) {
        int mismatch = Arrays.mismatch(a, b);
        return mismatch < 0 ? a.length : mismatch;
    }

    private static Row of(List<long[]> texts, int start, int end, int shared) {
        int total = shared;
        for (long[] text : texts.subList(start, end)) {
            total += text.length - shared;
        }
        long[] ids = new long[total];
        long[] positions = new long[total];
        long[] segments = new long[total];
        int[] ends = new int[end - start];
        int[] places = new int[end - start];
        int at = 0;
        for (; at < shared; at++) {
            ids[at] = texts.get(start)[at];
            positions[at] = at;
        }
        for (int t = start; t < end; t++) {
            long[] text = texts.get(t);
            for (int i = shared; i < text.length; i++, at++) {
                ids[at] = text[i];
                positions[at] = i;
                segments[at] = t - start + 1L;
            }
            ends[t - start] = at - 1;
            places[t - start] = t;
        }
        return new Row(ids, positions, segments, ends, places, new long[total]);
    }
}
