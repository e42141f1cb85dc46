package io.prefstream.core.verdict;

import io.prefstream.core.stats.Hashes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
     */
    public record Pick(String id, boolean audit) {}

    /**
     * Up to {@code count} picks in order of priority; every tenth, beginning with the tenth, is an audit.
     *
     * @param candidates in any order, ids distinct; the result does not depend on it
     */
    public static List<Pick> next(List<Candidate> candidates, int count, long seed) {
        int wanted = Math.min(count, candidates.size());
        List<String> drawn = candidates.stream()
                .map(Candidate::id)
                .sorted(Hashes.order(seed, "audit"))
                .toList();
        List<String> audit = drawn.subList(0, wanted / AUDIT_EVERY);
        Set<String> audited = new HashSet<>(audit);
        List<String> uncertain = candidates.stream()
                .filter(c -> !audited.contains(c.id))
                .sorted(Comparator.<Candidate>comparingDouble(
                                c -> Double.isNaN(c.pRight) ? 0 : Math.abs(c.pRight - 0.5))
                        .thenComparing(Candidate::id, Hashes.order(seed, "to-label")))
                .map(Candidate::id)
                .toList();
        List<Pick> picks = new ArrayList<>(wanted);
        for (int i = 0; i < wanted; i++) {
            boolean turn = i % AUDIT_EVERY == AUDIT_EVERY - 1;
            int audits = (i + 1) / AUDIT_EVERY;
            picks.add(turn ? new Pick(audit.get(audits - 1), true) : new Pick(uncertain.get(i - audits), false));
        }
        return List.copyOf(picks);
    }
}
