package io.prefstream.consistencyfilter.domain;

import io.prefstream.core.verdict.Bands;
import io.prefstream.core.verdict.Verdict;
import io.prefstream.core.verdict.VerdictRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What of two cases may differ: kinds of facts and of settings, in the order in which they are looked at. */
public enum Cause {
    BENCHMARK("a benchmark's text"),
    NEAR_DUPLICATE("a near-duplicate"),
    HUMAN("a human label"),
    MIRROR("a mirrored pair"),
    DEAD_LETTER("a dead letter"),
    FEATURES("what the encoder tells apart"),
    JUDGES("judges' votes"),
    P_BEST("the best model's score"),
    P_GOLD("the gold model's score"),
    GOLD_STATE("whether there is enough gold"),
    CALIBRATOR("the calibrator's weights"),
    THRESHOLDS("thresholds"),
    KEEP_GATE("KEEP's gate"),
    FLIP_GATE("FLIP's gate"),
    SELECTION("what selection picks"),
    CATEGORY("the task category"),
    FLIP_AUDIT("people's audit of flips"),
    RULES("how it decides");

    private final String words;

    Cause(String words) {
        this.words = words;
    }

    /** The cause in words. */
    public String words() {
        return words;
    }

    /** A pair's evidence and what it was decided with. */
    public record Case(Evidence evidence, DecisionSettings settings) {
        /** What the rules say of it. */
        public Verdict verdict() {
            return Decision.of(evidence, settings).verdict();
        }
    }

    /** What differs between two cases. */
    public static Set<Cause> differing(Case a, Case b) {
        Set<Cause> differ = EnumSet.noneOf(Cause.class);
        for (Cause cause : values()) {
            if (!Objects.equals(cause.of(a), cause.of(b))) {
                differ.add(cause);
            }
        }
        return differ;
    }

    /**
     * Why two cases have verdicts of different kinds: every smallest set of differences that, brought from {@code b} into {@code a}, gives
     * b's kind under the real rules. All differences together always do.
     *
     * @return sets in the order of their causes; empty when the kinds are the same
     */
    public static List<Set<Cause>> between(Case a, Case b) {
        Verdict.Kind wanted = b.verdict().kind();
        if (a.verdict().kind() == wanted) {
            return List.of();
        }
        List<Cause> differ = List.copyOf(differing(a, b));
        for (int size = 1; size <= differ.size(); size++) {
            List<Set<Cause>> found = new ArrayList<>();
            search(a, b, wanted, differ, 0, size, EnumSet.noneOf(Cause.class), found);
            if (!found.isEmpty()) {
                return found;
            }
        }
        throw new IllegalStateException("two verdicts differ though nothing behind them does");
    }

    private static void search(
            Case a,
            Case b,
            Verdict.Kind wanted,
            List<Cause> differ,
            int from,
            int left,
            EnumSet<Cause> chosen,
            List<Set<Cause>> found) {
        if (left == 0) {
            if (mixed(a, b, chosen).verdict().kind() == wanted) {
                found.add(EnumSet.copyOf(chosen));
            }
            return;
        }
        for (int i = from; i <= differ.size() - left; i++) {
            EnumSet<Cause> more = EnumSet.copyOf(chosen);
            more.add(differ.get(i));
            search(a, b, wanted, differ, i + 1, left - 1, more, found);
        }
    }

    /** Case {@code a} with some of what is behind {@code b}. */
    public static Case mixed(Case a, Case b, Set<Cause> fromB) {
        Evidence e = a.evidence;
        Evidence f = b.evidence;
        VerdictRules r = a.settings.rules();
        VerdictRules q = b.settings.rules();
        DecisionSettings s = a.settings;
        DecisionSettings t = b.settings;
        Evidence evidence = new Evidence(
                fromB.contains(HUMAN) ? f.human() : e.human(),
                fromB.contains(MIRROR) ? f.mirrored() : e.mirrored(),
                fromB.contains(DEAD_LETTER) ? f.deadLetterStage() : e.deadLetterStage(),
                fromB.contains(FEATURES) ? f.sameFeatures() : e.sameFeatures(),
                fromB.contains(P_BEST) ? f.best() : e.best(),
                fromB.contains(P_GOLD) ? f.gold() : e.gold(),
                fromB.contains(JUDGES) ? f.judges() : e.judges(),
                fromB.contains(BENCHMARK) ? f.contamination() : e.contamination(),
                fromB.contains(NEAR_DUPLICATE) ? f.nearDuplicateOf() : e.nearDuplicateOf(),
                fromB.contains(SELECTION) ? f.notSelected() : e.notSelected(),
                fromB.contains(CATEGORY) ? f.category() : e.category());
        VerdictRules rules = new VerdictRules(
                fromB.contains(RULES) ? q.mode() : r.mode(),
                fromB.contains(THRESHOLDS) ? q.thresholds() : r.thresholds(),
                fromB.contains(GOLD_STATE) ? q.gold() : r.gold(),
                fromB.contains(KEEP_GATE) ? q.keepProved() : r.keepProved(),
                fromB.contains(FLIP_GATE) ? q.flipProved() : r.flipProved(),
                fromB.contains(THRESHOLDS) ? q.bands() : r.bands());
        Map<String, String> told = new HashMap<>(s.told());
        told.put("run/near-duplicates", (fromB.contains(RULES) ? t : s).dropsNearDuplicates() ? "drop" : "flag");
        told.keySet().removeIf(name -> name.startsWith(DecisionSettings.FLIPS_OFF));
        told.putAll((fromB.contains(FLIP_AUDIT) ? t : s).flipsOff());
        return new Case(
                evidence,
                new DecisionSettings(
                        rules,
                        (fromB.contains(CALIBRATOR) ? t : s).calibrator(),
                        s.request(),
                        s.best(),
                        (fromB.contains(CALIBRATOR) ? t : s).judgesInPRight(),
                        s.judges(),
                        s.configHash(),
                        told));
    }

    /** What a case holds of this kind, comparable and readable. */
    public String of(Case c) {
        Evidence e = c.evidence;
        VerdictRules r = c.settings.rules();
        return switch (this) {
            case BENCHMARK -> String.valueOf(e.contamination());
            case NEAR_DUPLICATE -> String.valueOf(e.nearDuplicateOf());
            case HUMAN -> e.human().toString();
            case MIRROR -> Boolean.toString(e.mirrored());
            case DEAD_LETTER -> String.valueOf(e.deadLetterStage());
            case FEATURES -> e.sameFeatures() ? "the same" : "different";
            case JUDGES -> e.judges().toString();
            case P_BEST -> String.valueOf(e.best());
            case P_GOLD -> String.valueOf(e.gold());
            case GOLD_STATE -> r.gold().toString();
            case CALIBRATOR ->
                c.settings.calibrator().map(w -> Arrays.toString(w.weights())).orElse("none")
                        + (c.settings.judgesInPRight() ? " with judges" : "");
            case THRESHOLDS ->
                "keep " + r.thresholds().keep() + ", flip " + r.thresholds().flip()
                        + (r.bands().equals(Bands.NONE)
                                ? ""
                                : ", epsilon " + r.bands().best() + ", of gold "
                                        + r.bands().gold());
            case KEEP_GATE -> r.keepProved() ? "open" : "closed";
            case FLIP_GATE -> r.flipProved() ? "open" : "closed";
            case SELECTION -> String.valueOf(e.notSelected());
            case CATEGORY -> e.category();
            case FLIP_AUDIT ->
                c.settings.flipsOff().isEmpty()
                        ? "nothing switched off"
                        : c.settings.flipsOff().toString();
            case RULES -> r.mode() + (c.settings.dropsNearDuplicates() ? ", drops near-duplicates" : "");
        };
    }
}
