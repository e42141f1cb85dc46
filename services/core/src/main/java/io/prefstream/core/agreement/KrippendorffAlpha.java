package io.prefstream.core.agreement;

import java.util.Map;
import java.util.TreeMap;

/**
 * Krippendorff's alpha for nominal classes: one less observed over expected disagreement, over any number of raters with
 * any votes missing. An item with a single vote says nothing about agreement and does not count.
 *
 * <p>Sums are whole numbers kept by the number of votes on an item, so items may come and go in any order and alpha stays
 * the same to the bit. Not thread-safe.
 *
 * @see <a href="https://repository.upenn.edu/asc_papers/43">Krippendorff, Computing Krippendorff's Alpha-Reliability</a>
 */
public final class KrippendorffAlpha {

    private final long[] ofClass;
    private final Map<Integer, Long> unlike = new TreeMap<>(); // pairs of unlike votes on items with so many votes
    private long items;

    /** Alpha over so many classes, of no items yet. */
    public KrippendorffAlpha(int classes) {
        ofClass = new long[classes];
    }

    /** Alpha of all votes. */
    public static Coefficient of(Votes votes) {
        KrippendorffAlpha alpha = new KrippendorffAlpha(votes.classes());
        for (int[] counts : votes.counts()) {
            alpha.add(counts);
        }
        return alpha.value();
    }

    /** Takes in an item with so many votes of each class. */
    public void add(int[] counts) {
        change(counts, 1);
    }

    /** Takes out an item that was added with the same votes. */
    public void remove(int[] counts) {
        change(counts, -1);
    }

    private void change(int[] counts, int sign) {
        long all = 0;
        long alike = 0;
        for (int n : counts) {
            all += n;
            alike += (long) n * n;
        }
        if (all < 2) {
            return;
        }
        items += sign;
        for (int c = 0; c < counts.length; c++) {
            ofClass[c] += (long) sign * counts[c];
        }
        unlike.merge((int) all, sign * (all * all - alike), (a, b) -> a + b == 0 ? null : Long.valueOf(a + b));
    }

    /** Alpha of the items that are in. */
    public Coefficient value() {
        if (items == 0) {
            return Coefficient.undefined("no pair has two votes", 0);
        }
        double n = 0;
        double alike = 0;
        for (long of : ofClass) {
            n += of;
            alike += (double) of * of;
        }
        double expected = n * n - alike;
        if (expected == 0) {
            return Coefficient.undefined("all votes are of one class, so agreement cannot be told from chance", items);
        }
        double observed = 0;
        for (Map.Entry<Integer, Long> of : unlike.entrySet()) {
            observed += (double) of.getValue() / (of.getKey() - 1);
        }
        return Coefficient.of(1 - (n - 1) * observed / expected, items);
    }
}
