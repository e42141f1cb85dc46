package io.prefstream.consistencyfilter.domain;

import io.prefstream.core.stats.Logistic;
import io.prefstream.core.verdict.Gates;
import io.prefstream.core.verdict.HumanOutcome;
import io.prefstream.core.verdict.Judges;
import io.prefstream.core.verdict.Thresholds;
import io.prefstream.core.verdict.Verdict;
import io.prefstream.core.verdict.Verdict.Kind;
import io.prefstream.core.verdict.VerdictRules;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What would have had to be different for a pair to get another verdict: every smallest set of changes under which the real
 * rules and calibrator give it. A search over changes of one kind each, small sets first; nothing is assumed about the rules.
 */
public final class WhyNot {

    /** Changes that are tried together at most. */
    public static final int MOST_CHANGES = 4;

    private static final double END = 10; // the calibrator looks no further
    private static final int DIGITS = 4;

    private WhyNot() {}

    /**
     * A way to the asked verdict.
     *
     * @param changes what would have had to be different, in words
     * @param evidence the pair's evidence with these changes
     * @param settings the settings with these changes
     * @param verdict what the rules then say, of the asked kind
     */
    public record Way(List<String> changes, Evidence evidence, DecisionSettings settings, Verdict verdict) {}

    /** A change in words, with what is known and decided with after it. */
    private record State(Evidence evidence, DecisionSettings settings, List<String> changes) {
        State then(String change, Evidence known, DecisionSettings with) {
            List<String> all = new ArrayList<>(changes);
            all.add(change);
            return new State(known, with, all);
        }

        Verdict verdict() {
            return Decision.of(evidence, settings).verdict();
        }
    }

    /** One kind of change; empty where it has nothing to change. */
    @FunctionalInterface
    private interface Change {
        Optional<State> on(State state, Kind asked);
    }

    // What is measured stands last: how much of it is needed depends on what else has changed.
    private static final List<Change> CHANGES = List.of(
            WhyNot::label,
            WhyNot::unlabelled,
            WhyNot::clean,
            WhyNot::noRepeat,
            WhyNot::noMirror,
            WhyNot::alive,
            WhyNot::distinct,
            WhyNot::picked,
            WhyNot::judged,
            WhyNot::gate,
            WhyNot::audited,
            WhyNot::threshold,
            (state, asked) -> margin(state, asked, true),
            (state, asked) -> margin(state, asked, false));

    /**
     * The ways to a verdict, those of fewest changes first; no way holds another one's changes.
     *
     * @param asked KEEP or FLIP
     * @return the pair as it is, with no change, when it has that verdict; empty when no {@link #MOST_CHANGES} changes do
     */
    public static List<Way> ways(Evidence evidence, DecisionSettings settings, Kind asked) {
        List<Way> ways = new ArrayList<>();
        List<Integer> found = new ArrayList<>();
        State now = new State(evidence, settings, List.of());
        for (int size = 0; size <= MOST_CHANGES; size++) {
            search(now, asked, 0, size, 0, ways, found);
        }
        return ways;
    }

    private static void search(
            State state, Kind asked, int from, int left, int used, List<Way> ways, List<Integer> found) {
        if (found.stream().anyMatch(smaller -> (used & smaller) == smaller)) {
            return;
        }
        if (left == 0) {
            Verdict verdict = state.verdict();
            if (verdict.kind() == asked) {
                found.add(used);
                ways.add(new Way(state.changes, state.evidence, state.settings, verdict));
            }
            return;
        }
        for (int i = from; i < CHANGES.size(); i++) {
            int with = used | 1 << i;
            int next = i + 1;
            CHANGES.get(i).on(state, asked).ifPresent(then -> search(then, asked, next, left - 1, with, ways, found));
        }
    }

    private static Optional<State> label(State state, Kind asked) {
        HumanOutcome wanted = asked == Kind.KEEP ? HumanOutcome.CHOSEN : HumanOutcome.REJECTED;
        return state.evidence.human() == wanted
                ? Optional.empty()
                : Optional.of(state.then(
                        (state.evidence.human() == HumanOutcome.NONE ? "people say" : "people say instead")
                                + (asked == Kind.KEEP
                                        ? " that the original label is right"
                                        : " that the other answer is better"),
                        human(state.evidence, wanted),
                        state.settings));
    }

    private static Optional<State> unlabelled(State state, Kind asked) {
        return state.evidence.human() == HumanOutcome.NONE
                ? Optional.empty()
                : Optional.of(state.then(
                        "people say nothing, so that the models decide",
                        human(state.evidence, HumanOutcome.NONE),
                        state.settings));
    }

    private static Evidence human(Evidence e, HumanOutcome human) {
        return new Evidence(
                human,
                e.mirrored(),
                e.deadLetterStage(),
                e.sameFeatures(),
                e.best(),
                e.gold(),
                e.judges(),
                e.contamination(),
                e.nearDuplicateOf(),
                e.notSelected(),
                e.category());
    }

    private static Optional<State> clean(State state, Kind asked) {
        Evidence e = state.evidence;
        return e.contamination() == null
                ? Optional.empty()
                : Optional.of(state.then(
                        "the pair shares no text with benchmark "
                                + e.contamination().benchmark(),
                        new Evidence(
                                e.human(),
                                e.mirrored(),
                                e.deadLetterStage(),
                                e.sameFeatures(),
                                e.best(),
                                e.gold(),
                                e.judges(),
                                null,
                                e.nearDuplicateOf(),
                                e.notSelected(),
                                e.category()),
                        state.settings));
    }

    private static Optional<State> noRepeat(State state, Kind asked) {
        if (state.evidence.nearDuplicateOf() == null || !state.settings.dropsNearDuplicates()) {
            return Optional.empty();
        }
        DecisionSettings s = state.settings;
        Map<String, String> told = new HashMap<>(s.told());
        told.put("run/near-duplicates", "flag");
        return Optional.of(state.then("--near-duplicates flag instead of drop", state.evidence, s.telling(told)));
    }

    private static Optional<State> noMirror(State state, Kind asked) {
        Evidence e = state.evidence;
        return e.mirrored()
                ? Optional.of(state.then(
                        "the same answers do not also stand in the other order",
                        plain(e, false, e.deadLetterStage(), e.sameFeatures()),
                        state.settings))
                : Optional.empty();
    }

    private static Optional<State> alive(State state, Kind asked) {
        Evidence e = state.evidence;
        return e.deadLetterStage() == null
                ? Optional.empty()
                : Optional.of(state.then(
                        "stage " + e.deadLetterStage() + " can process the pair",
                        plain(e, e.mirrored(), null, e.sameFeatures()),
                        state.settings));
    }

    private static Optional<State> distinct(State state, Kind asked) {
        Evidence e = state.evidence;
        return e.sameFeatures()
                ? Optional.of(state.then(
                        "the models can tell both answers apart",
                        plain(e, e.mirrored(), e.deadLetterStage(), false),
                        state.settings))
                : Optional.empty();
    }

    private static Optional<State> picked(State state, Kind asked) {
        Evidence e = state.evidence;
        return e.notSelected() == null
                ? Optional.empty()
                : Optional.of(state.then(
                        "selection picks the pair, or --selection off",
                        new Evidence(
                                e.human(),
                                e.mirrored(),
                                e.deadLetterStage(),
                                e.sameFeatures(),
                                e.best(),
                                e.gold(),
                                e.judges(),
                                e.contamination(),
                                e.nearDuplicateOf(),
                                null,
                                e.category()),
                        state.settings));
    }

    private static Evidence plain(Evidence e, boolean mirrored, @Nullable String dead, boolean same) {
        return new Evidence(
                e.human(),
                mirrored,
                dead,
                same,
                e.best(),
                e.gold(),
                e.judges(),
                e.contamination(),
                e.nearDuplicateOf(),
                e.notSelected(),
                e.category());
    }

    private static Evidence scored(Evidence e, @Nullable Double best, @Nullable Double gold, Judges judges) {
        return new Evidence(
                e.human(),
                e.mirrored(),
                e.deadLetterStage(),
                e.sameFeatures(),
                best,
                gold,
                judges,
                e.contamination(),
                e.nearDuplicateOf(),
                e.notSelected(),
                e.category());
    }

    private static Optional<State> judged(State state, Kind asked) {
        Evidence e = state.evidence;
        Judges wanted = asked == Kind.KEEP ? Judges.CHOSEN : Judges.REJECTED;
        return e.judges() == wanted
                ? Optional.empty()
                : Optional.of(state.then(
                        "LLM judges " + (e.judges() == Judges.NOT_ASKED ? "are asked and " : "") + "call the label "
                                + (asked == Kind.KEEP ? "right" : "wrong"),
                        scored(e, e.best(), e.gold(), wanted),
                        state.settings));
    }

    private static Optional<State> gate(State state, Kind asked) {
        VerdictRules r = state.settings.rules();
        boolean keep = asked == Kind.KEEP;
        if (keep ? r.keepProved() : r.flipProved()) {
            return Optional.empty();
        }
        return Optional.of(state.then(
                "gold proves " + asked + more(state.settings, keep),
                state.evidence,
                state.settings.with(new VerdictRules(
                        r.mode(),
                        r.thresholds(),
                        r.gold(),
                        r.keepProved() || keep,
                        r.flipProved() || !keep,
                        r.bands()))));
    }

    private static Optional<State> audited(State state, Kind asked) {
        DecisionSettings s = state.settings;
        Optional<String> off = s.flipsOff(state.evidence.category());
        if (asked != Kind.FLIP || off.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> told = new HashMap<>(s.told());
        told.keySet().removeIf(name -> name.startsWith(DecisionSettings.FLIPS_OFF));
        return Optional.of(state.then(
                "people's audit of flips switches none off (" + off.get() + ")", state.evidence, s.telling(told)));
    }

    /** How many more labels that agree would open a gate, as far as the run told what it counted. */
    private static String more(DecisionSettings settings, boolean keep) {
        String at = keep ? "gate/keep/" : "gate/flip/";
        OptionalLong right = settings.count(at + "right");
        OptionalLong n = settings.count(at + "n");
        OptionalLong labels = settings.count("gate/labels");
        OptionalLong labelRight = settings.count("gate/labels/right");
        if (right.isEmpty() || n.isEmpty() || labels.isEmpty() || labelRight.isEmpty()) {
            return "";
        }
        OptionalLong more = keep
                ? Gates.moreToOpenKeep(right.getAsLong(), n.getAsLong(), labels.getAsLong(), labelRight.getAsLong())
                : Gates.moreToOpenFlip(right.getAsLong(), n.getAsLong());
        return " (" + right.getAsLong() + " of " + n.getAsLong() + " labels in its region agree; "
                + (more.isPresent()
                        ? more.getAsLong() + " more that agree would open its gate)"
                        : "not even " + Gates.MOST_MORE + " more would do)");
    }

    private static Optional<State> threshold(State state, Kind asked) {
        Double p = Decision.of(state.evidence, state.settings).facts().pRight();
        VerdictRules r = state.settings.rules();
        boolean keep = asked == Kind.KEEP;
        if (p == null) {
            return Optional.empty();
        }
        double bound = rounded(p, keep ? RoundingMode.FLOOR : RoundingMode.CEILING);
        double other = keep ? r.thresholds().flip() : r.thresholds().keep();
        boolean moves = keep
                ? bound > other && bound < r.thresholds().keep()
                : bound < other && bound > r.thresholds().flip();
        if (!moves) {
            return Optional.empty();
        }
        Thresholds moved = keep ? new Thresholds(bound, other) : new Thresholds(other, bound);
        return Optional.of(state.then(
                (keep ? "--keep " : "--flip ") + bound + " instead of "
                        + (keep ? r.thresholds().keep() : r.thresholds().flip()) + ", with the gates as they are",
                state.evidence,
                state.settings.with(
                        new VerdictRules(r.mode(), moved, r.gold(), r.keepProved(), r.flipProved(), r.bands()))));
    }

    /** The smallest move of one model's margin that does it, by bisection; rounded away from where it is. */
    private static Optional<State> margin(State state, Kind asked, boolean best) {
        Double now = best ? state.evidence.best() : state.evidence.gold();
        if (now == null) {
            return Optional.empty();
        }
        double end = asked == Kind.KEEP ? END : -END;
        if (!does(state, asked, best, end) || (asked == Kind.KEEP ? now >= end : now <= end)) {
            return Optional.empty();
        }
        double low = now;
        double high = end;
        for (int i = 0; i < 60; i++) {
            double middle = (low + high) / 2;
            if (does(state, asked, best, middle)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        double moved = rounded(high, asked == Kind.KEEP ? RoundingMode.CEILING : RoundingMode.FLOOR);
        return Optional.of(state.then(
                String.format(
                        Locale.ROOT,
                        "the %s model's margin is %.4f (%s %.4f) instead of %.4f (%.4f)",
                        best ? "best" : "gold",
                        moved,
                        best ? "p_best" : "p_gold",
                        Logistic.sigmoid(moved),
                        now,
                        Logistic.sigmoid(now)),
                moved(state, best, moved),
                state.settings));
    }

    private static boolean does(State state, Kind asked, boolean best, double margin) {
        return Decision.of(moved(state, best, margin), state.settings).verdict().kind() == asked;
    }

    private static Evidence moved(State state, boolean best, double margin) {
        Evidence e = state.evidence;
        return best
                ? scored(e, (Double) margin, e.gold(), e.judges())
                : scored(e, e.best(), (Double) margin, e.judges());
    }

    private static double rounded(double value, RoundingMode mode) {
        return BigDecimal.valueOf(value).setScale(DIGITS, mode).doubleValue();
    }
}
