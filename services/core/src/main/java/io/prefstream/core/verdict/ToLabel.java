package io.prefstream.core.verdict;

import io.prefstream.core.stats.Hashes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Whom to ask next: the most uncertain pairs, and among every ten one drawn at random for audit. Stateless; any thread. */
public final class ToLabel {
    private static final int AUDIT_EVERY = 10;

    private ToLabel() {}

    /**
     * A pair nobody has labelled.
     *
     * @param id pair id
     * @param pRight its p_right; NaN when unknown, which counts as most uncertain
     */
    public record Candidate(String id, double pRight) {}

    /**
     * A pair to label.
     *
     * @param id pair id
     * @param audit whether it was drawn at random
     * @param flip whether it was drawn among the flips that models propose
     */
    public record Pick(String id, boolean audit, boolean flip) {}

    /**
     * Up to {@code count} picks, the most uncertain first; every tenth, beginning with the tenth, is an audit.
     *
     * @param candidates in any order, ids distinct; the result does not depend on it
     */
    public static List<Pick> next(List<Candidate> candidates, int count, long seed) {
        return next(candidates, count, seed, Set.of());
    }

    /**
     * The same with some before all others.
     *
     * @param candidates in any order, ids distinct; the result does not depend on it
     * @param first ids that come before all others, the most uncertain first
     */
    public static List<Pick> next(List<Candidate> candidates, int count, long seed, Set<String> first) {
        return withAudits(
                candidates.stream()
                        .sorted(Comparator.<Candidate, Boolean>comparing(c -> !first.contains(c.id))
                                .thenComparingDouble(c -> Double.isNaN(c.pRight) ? 0 : Math.abs(c.pRight - 0.5))
                                .thenComparing(Candidate::id, Hashes.order(seed, "to-label")))
                        .map(Candidate::id)
                        .toList(),
                candidates.stream().map(Candidate::id).toList(),
                count,
                seed);
    }

    /**
     * Picks in an order of one's own, with an audit in every tenth place, beginning with the tenth.
     *
     * @param ranked ids in order of priority
     * @param all ids of every pair that could be labelled, from which audits are drawn, in any order
     */
    public static List<Pick> withAudits(List<String> ranked, List<String> all, int count, long seed) {
        int wanted = Math.min(count, all.size());
        List<String> audit = all.stream()
                .sorted(Hashes.order(seed, "audit"))
                .limit(wanted / AUDIT_EVERY)
                .toList();
        Set<String> audited = new HashSet<>(audit);
        List<String> rest = ranked.stream().filter(id -> !audited.contains(id)).toList();
        List<Pick> picks = new ArrayList<>(wanted);
        for (int i = 0; i < wanted; i++) {
            boolean turn = i % AUDIT_EVERY == AUDIT_EVERY - 1;
            int audits = (i + 1) / AUDIT_EVERY;
            if (turn) {
                picks.add(new Pick(audit.get(audits - 1), true, false));
            } else if (i - audits < rest.size()) {
                picks.add(new Pick(rest.get(i - audits), false, false));
            }
        }
        return List.copyOf(picks);
    }

    /**
     * Picks with drawn flips spread evenly among them, so that nothing but the mark tells them apart. A flip that has been picked
     * already keeps its place.
     */
    public static List<Pick> withFlips(List<Pick> picks, List<String> flips) {
        Set<String> drawn = new HashSet<>(flips);
        Set<String> picked = picks.stream().map(Pick::id).collect(Collectors.toSet());
        List<String> more = flips.stream().filter(id -> !picked.contains(id)).toList();
        List<Pick> all = new ArrayList<>(picks.size() + more.size());
        int next = 0;
        for (int i = 0; i <= picks.size(); i++) {
            while (next < more.size() && (next + 1L) * (picks.size() + 1) <= (i + 1L) * (more.size() + 1)) {
                all.add(new Pick(more.get(next), false, true));
                next++;
            }
            if (i < picks.size()) {
                Pick pick = picks.get(i);
                all.add(new Pick(pick.id, pick.audit, drawn.contains(pick.id)));
            }
        }
        return List.copyOf(all);
    }
}
