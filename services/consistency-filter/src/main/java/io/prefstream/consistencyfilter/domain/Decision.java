package io.prefstream.consistencyfilter.domain;

import io.prefstream.core.cleaning.CleaningRules;
import io.prefstream.core.reward.RightnessCalibrator;
import io.prefstream.core.stats.Logistic;
import io.prefstream.core.verdict.HumanOutcome;
import io.prefstream.core.verdict.Judges;
import io.prefstream.core.verdict.PairFacts;
import io.prefstream.core.verdict.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * A verdict with the facts that gave it: a pure function of a pair's evidence and a run's settings.
 *
 * @param facts what the rules looked at
 * @param verdict what they found
 */
public record Decision(PairFacts facts, Verdict verdict) {

    /** Rule of a pair that models would publish and selection holds back. */
    public static final String NOT_SELECTED = "not-selected";

    /** Rule by which a flip is held back where people's audit has switched flips off. */
    public static final String AUDIT_FAILED = "flip-audit-failed";

    /** Decides a pair: cleaning first, then the rules, people's audit of flips, and selection. */
    public static Decision of(Evidence evidence, DecisionSettings settings) {
        Double best = evidence.best();
        Double gold = evidence.gold();
        PairFacts facts = new PairFacts(
                evidence.human(),
                evidence.mirrored(),
                evidence.deadLetterStage(),
                evidence.sameFeatures(),
                pRight(evidence, settings),
                best == null ? null : Logistic.sigmoid(best),
                gold == null ? null : Logistic.sigmoid(gold),
                evidence.judges(),
                settings.judgesInPRight());
        String alike = settings.dropsNearDuplicates() ? evidence.nearDuplicateOf() : null;
        return new Decision(
                facts,
                CleaningRules.decide(evidence.contamination(), facts.human(), alike)
                        .orElseGet(
                                () -> selected(audited(settings.rules().decide(facts), evidence, settings), evidence)));
    }

    private static Verdict selected(Verdict found, Evidence evidence) {
        boolean published = found.kind() == Verdict.Kind.KEEP || found.kind() == Verdict.Kind.FLIP;
        String why = evidence.notSelected();
        return published && why != null && evidence.human() == HumanOutcome.NONE
                ? new Verdict(Verdict.Kind.QUARANTINE, NOT_SELECTED, why)
                : found;
    }

    /** What is left of a verdict where people's audit has switched the flips of models off. */
    private static Verdict audited(Verdict verdict, Evidence evidence, DecisionSettings settings) {
        if (verdict.kind() != Verdict.Kind.FLIP || evidence.human() != HumanOutcome.NONE) {
            return verdict;
        }
        return settings.flipsOff(evidence.category())
                .map(figures -> new Verdict(
                        Verdict.Kind.QUARANTINE,
                        AUDIT_FAILED,
                        "would be flipped (" + verdict.rule() + "), but people who audited flips confirm too few: "
                                + figures))
                .orElse(verdict);
    }

    private static @Nullable Double pRight(Evidence evidence, DecisionSettings settings) {
        Double best = evidence.best();
        Double gold = evidence.gold();
        if (settings.calibrator().isEmpty() || best == null || gold == null) {
            return null;
        }
        int vote = evidence.judges() == Judges.CHOSEN ? 1 : evidence.judges() == Judges.REJECTED ? -1 : 0;
        return settings.calibrator().get().probability(new RightnessCalibrator.Input(best, gold, vote));
    }
}
