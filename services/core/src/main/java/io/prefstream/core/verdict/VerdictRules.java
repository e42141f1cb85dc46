package io.prefstream.core.verdict;

import static io.prefstream.core.verdict.Verdict.Kind.DISCARD;
import static io.prefstream.core.verdict.Verdict.Kind.FLIP;
import static io.prefstream.core.verdict.Verdict.Kind.KEEP;
import static io.prefstream.core.verdict.Verdict.Kind.QUARANTINE;

import java.util.Map;

/**
 * The rules that end a pair; the first that matches counts. Immutable; any thread.
 *
 * @param mode how models decide
 * @param thresholds bounds on p_right
 * @param gold whether gold carries a decision
 * @param keepProved whether gold proves KEEP; see {@link Gates}
 * @param flipProved whether gold proves FLIP
 * @param bands where a model counts as undecided
 */
public record VerdictRules(
        Mode mode, Thresholds thresholds, GoldState gold, boolean keepProved, boolean flipProved, Bands bands) {
    /** How models decide. */
    public enum Mode {
        /** By p_right and the gates. */
        CALIBRATED,
        /** By the paper's table alone: .5 thresholds, no gates. */
        PAPER
    }

    /** Rules by the settings that a run tells; what is missing takes its default, and gates are closed. */
    public static VerdictRules told(Map<String, String> told) {
        Thresholds defaults = Thresholds.DEFAULT;
        return new VerdictRules(
                told.getOrDefault("decision", "calibrated").equals("paper") ? Mode.PAPER : Mode.CALIBRATED,
                new Thresholds(number(told, "keep", defaults.keep()), number(told, "flip", defaults.flip())),
                GoldState.valueOf(told.getOrDefault("gold/state", GoldState.TOO_FEW.name())),
                told.getOrDefault("gate/keep", "closed").equals("open"),
                told.getOrDefault("gate/flip", "closed").equals("open"),
                new Bands(number(told, "epsilon", 0), number(told, "epsilon.gold", 0)));
    }

    private static double number(Map<String, String> told, String name, double standard) {
        String value = told.get(name);
        return value == null ? standard : Double.parseDouble(value);
    }

    /** The verdict on a pair. */
    public Verdict decide(PairFacts pair) {
        switch (pair.human()) {
            case CHOSEN -> {
                return new Verdict(KEEP, "human", "people say that the original label is right");
            }
            case REJECTED -> {
                return new Verdict(FLIP, "human", "people say that the other answer is better");
            }
            case UNDECIDED -> {
                return new Verdict(DISCARD, "human-undecided", "people were asked and could not decide");
            }
            case NONE -> {
                // the models decide below
            }
        }
        if (pair.contradiction()) {
            return new Verdict(DISCARD, "contradiction", "the same answers also stand in the other order");
        }
        if (pair.deadLetterStage() != null) {
            return new Verdict(
                    DISCARD,
                    "dead-letter:" + pair.deadLetterStage(),
                    "stage " + pair.deadLetterStage() + " could not process the pair");
        }
        if (gold == GoldState.TOO_FEW) {
            return new Verdict(QUARANTINE, "no-gold", "too few human labels to decide anything");
        }
        if (gold == GoldState.ONE_SIDED) {
            return new Verdict(QUARANTINE, "no-gold", "all human labels point one way, so nothing can be calibrated");
        }
        if (pair.sameFeatures()) {
            return new Verdict(QUARANTINE, "same-features", "both answers look the same to the models");
        }
        Double best = pair.pBest();
        Double goldP = pair.pGold();
        if (best == null || goldP == null) {
            return new Verdict(QUARANTINE, "uncertain", "the pair has no score");
        }
        if (bands.goldAbstains(goldP)) {
            return new Verdict(
                    QUARANTINE, "gold-abstains", "the gold model is undecided: its p lies in the band around .5");
        }
        boolean bestAgrees = best > 0.5;
        boolean goldAgrees = goldP > 0.5;
        if (mode == Mode.PAPER) {
            return table(goldAgrees, bestAgrees, bands.bestAbstains(best), pair.judges());
        }
        return calibrated(pair, goldAgrees, bestAgrees);
    }

    private Verdict calibrated(PairFacts pair, boolean goldAgrees, boolean bestAgrees) {
        Double pRight = pair.pRight();
        if (pRight == null) {
            return new Verdict(QUARANTINE, "uncertain", "the pair has no p_right");
        }
        boolean judged = pair.judges() == Judges.CHOSEN || pair.judges() == Judges.REJECTED;
        if (bands.bestAbstains(pair.pBest()) && !(judged && pair.judgesInPRight())) {
            return judged
                    ? proved(judged(goldAgrees, pair.judges()))
                    : new Verdict(
                            QUARANTINE,
                            "uncertain",
                            "the best model's p lies in the band around .5 and no judge settled it");
        }
        if (pRight >= thresholds.keep()) {
            return proved(new Verdict(
                    KEEP,
                    rule(goldAgrees, bestAgrees, pair, Judges.CHOSEN),
                    "p_right is at or above " + thresholds.keep()));
        }
        if (pRight <= thresholds.flip() && goldAgrees) {
            return new Verdict(
                    QUARANTINE,
                    "flip-uncorroborated",
                    "p_right is at or below " + thresholds.flip() + ", but the gold model calls the label right");
        }
        if (pRight <= thresholds.flip()) {
            return proved(new Verdict(
                    FLIP,
                    rule(true, !bestAgrees, pair, Judges.REJECTED) + "-against",
                    "p_right is at or below " + thresholds.flip()));
        }
        if (judged && !pair.judgesInPRight()) {
            return proved(judged(goldAgrees, pair.judges()));
        }
        return new Verdict(QUARANTINE, "uncertain", "p_right lies between the thresholds and no judge settled it");
    }

    /** The rows of the table that ask judges, for a pair between the thresholds. */
    private static Verdict judged(boolean goldAgrees, Judges judges) {
        boolean original = judges == Judges.CHOSEN;
        if (goldAgrees) {
            return original
                    ? new Verdict(KEEP, "gold+judges", "gold model and judges call the label right")
                    : new Verdict(QUARANTINE, "judges-against-gold", "judges contradict the gold model");
        }
        return original
                ? new Verdict(DISCARD, "gold-against-judges", "the gold model contradicts label and judges")
                : new Verdict(FLIP, "gold+judges-against", "gold model and judges call the label wrong");
    }

    private static Verdict table(boolean goldAgrees, boolean bestAgrees, boolean bestAbstains, Judges judges) {
        if (goldAgrees && bestAgrees && !bestAbstains) {
            return new Verdict(KEEP, "both-rms", "both models call the label right");
        }
        if (goldAgrees) {
            return judges == Judges.CHOSEN
                    ? new Verdict(KEEP, "gold+judges", "gold model and judges call the label right")
                    : new Verdict(QUARANTINE, "gold-only", "only the gold model calls the label right");
        }
        if (!bestAgrees && !bestAbstains) {
            return new Verdict(FLIP, "both-rms-against", "both models call the label wrong");
        }
        return judges == Judges.REJECTED
                ? new Verdict(FLIP, "gold+judges-against", "gold model and judges call the label wrong")
                : new Verdict(DISCARD, "gold-against", "the gold model calls the label wrong, nothing else does");
    }

    /** Who stands behind a verdict, in the table's names. */
    private static String rule(boolean gold, boolean best, PairFacts pair, Judges behind) {
        if (gold && best) {
            return "both-rms";
        }
        boolean judges = pair.judgesInPRight() && pair.judges() == behind;
        if (gold) {
            return judges ? "gold+judges" : "gold-rm";
        }
        if (best) {
            return judges ? "best+judges" : "best-rm";
        }
        return judges ? "judges" : "label-rate";
    }

    private Verdict proved(Verdict verdict) {
        if (verdict.kind() == KEEP && !keepProved) {
            return new Verdict(
                    QUARANTINE,
                    "keep-unproved",
                    "would be kept (" + verdict.rule() + "), but gold does not prove that this beats the label itself");
        }
        if (verdict.kind() == FLIP && !flipProved) {
            return new Verdict(
                    QUARANTINE,
                    "flip-unproved",
                    "would be flipped (" + verdict.rule() + "), but gold does not prove that flips are right");
        }
        return verdict;
    }
}
