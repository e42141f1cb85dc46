package io.prefstream.core.verdict;

import io.prefstream.core.stats.Hashes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/**
 * A human audit of the flips that models propose: which are drawn, and how many people confirm, by task category.
 * Stateless; any thread.
 */
public final class FlipAudit {
    /** Default share of flips that a run draws. */
    public static final double SHARE = 0.02;

    /** Default precision that people have to confirm. */
    public static final double MIN_PRECISION = 0.80;

    /** Flips that are drawn at least when there are so many, and judged ones without which nothing is switched off. */
    public static final int LEAST = 20;

    /** Name of all categories together. */
    public static final String ALL = "";

    private FlipAudit() {}

    /**
     * A drawn flip that people have decided.
     *
     * @param category task category; {@link #ALL} when unknown
     * @param right whether people call the other answer better too
     */
    public record Decided(String category, boolean right) {}

    /**
     * What people say of the flips of a category.
     *
     * @param category task category; {@link #ALL} for all together
     * @param share flips that they confirm
     * @param off whether models may flip nothing more there
     */
    public record Row(String category, GoldFigures.Share share, boolean off) {}

    /**
     * Flips to judge: those first by hash, so that one that nobody has judged yet is drawn again.
     *
     * @param flips ids of all pairs that are to be flipped, in any order
     * @param share share of them, 0..1; 0 draws none
     */
    public static List<String> draw(Collection<String> flips, double share, long seed) {
        long wanted = share == 0 ? 0 : Math.max(LEAST, (long) Math.ceil(share * flips.size()));
        return flips.stream()
                .sorted(Hashes.order(seed, "flip-audit"))
                .limit(wanted)
                .toList();
    }

    /** All together first, then each category that has a decided one, by name. */
    public static List<Row> measure(Collection<Decided> decided, double minPrecision) {
        TreeMap<String, GoldFigures.Share> shares = new TreeMap<>();
        shares.put(ALL, new GoldFigures.Share(0, 0));
        for (Decided flip : decided) {
            GoldFigures.Share one = new GoldFigures.Share(flip.right ? 1 : 0, 1);
            shares.merge(ALL, one, FlipAudit::sum);
            if (!flip.category.equals(ALL)) {
                shares.merge(flip.category, one, FlipAudit::sum);
            }
        }
        List<Row> rows = new ArrayList<>();
        shares.forEach((category, share) ->
                rows.add(new Row(category, share, share.n() >= LEAST && share.lower() < minPrecision)));
        return List.copyOf(rows);
    }

    private static GoldFigures.Share sum(GoldFigures.Share a, GoldFigures.Share b) {
        return new GoldFigures.Share(a.right() + b.right(), a.n() + b.n());
    }
}
