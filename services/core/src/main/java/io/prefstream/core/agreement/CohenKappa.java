package io.prefstream.core.agreement;

/**
 * Cohen's kappa of two raters: how far they agree beyond what their own habits would give by chance. Computed from whole
 * numbers, so the order of items has no effect. Not thread-safe.
 *
 * @see <a href="https://doi.org/10.1177/001316446002000104">Cohen, A Coefficient of Agreement for Nominal Scales</a>
 */
public final class CohenKappa {

    private final long[][] table;
    private long items;

    /** Kappa over so many classes, of no items yet. */
    public CohenKappa(int classes) {
        table = new long[classes][classes];
    }

    /** Kappa of a table whose rows are the one rater's classes and whose columns the other's. */
    public static Coefficient of(long[][] table) {
        CohenKappa kappa = new CohenKappa(table.length);
        for (int a = 0; a < table.length; a++) {
            for (int b = 0; b < table.length; b++) {
                kappa.add(a, b, table[a][b]);
            }
        }
        return kappa.value();
    }

    /**
     * Takes in {@code n} items on which the one said {@code a} and the other {@code b}; a negative number takes them out.
     */
    public void add(int a, int b, long n) {
        table[a][b] += n;
        items += n;
    }

    /** Items that both have judged. */
    public long items() {
        return items;
    }

    /** Kappa of the items that are in. */
    public Coefficient value() {
        if (items == 0) {
            return Coefficient.undefined("the two have judged no pair in common", 0);
        }
        double n = items;
        double agreed = 0;
        double chance = 0;
        for (int c = 0; c < table.length; c++) {
            double one = 0;
            double other = 0;
            for (int d = 0; d < table.length; d++) {
                one += table[c][d];
                other += table[d][c];
            }
            agreed += table[c][c];
            chance += one * other;
        }
        if (chance == n * n) {
            return Coefficient.undefined("both gave every pair the same one class", items);
        }
        return Coefficient.of((agreed / n - chance / (n * n)) / (1 - chance / (n * n)), items);
    }
}
