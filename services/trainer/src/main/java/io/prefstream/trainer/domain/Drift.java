package io.prefstream.trainer.domain;

import io.prefstream.core.stats.Wilson;
import io.prefstream.wire.CanaryOutcome;
import io.prefstream.wire.JudgeCanary;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether a judge still says what it said.
 *
 * @param asked pairs about which it was asked again and answered
 * @param changed of those, pairs of which it says something else
 * @param gold pairs that people decided, and of which it decided before or decides now
 * @param goldBefore of those, pairs where it said the same as they
 * @param goldNow of those, pairs where it says the same as they
 */
public record Drift(String judge, int asked, int changed, int gold, int goldBefore, int goldNow) {

    /** Share of changed verdicts that a judge at temperature 0 stays below, by experience with repeated calls. */
    private static final double MOST_CHANGED = 0.1;

    private static final double LEVEL = 0.9;

    /** By judge, by name. */
    public static List<Drift> of(Collection<JudgeCanary> canaries) {
        Map<String, Drift> byJudge = new TreeMap<>();
        for (JudgeCanary canary : canaries) {
            boolean known = canary.getBefore() != CanaryOutcome.UNKNOWN && canary.getNow() != CanaryOutcome.UNKNOWN;
            if (known) {
                byJudge.merge(canary.getJudge(), one(canary), Drift::plus);
            }
        }
        return new ArrayList<>(byJudge.values());
    }

    private static Drift one(JudgeCanary canary) {
        boolean counts = isDecided(canary.getGold()) && (isDecided(canary.getBefore()) || isDecided(canary.getNow()));
        return new Drift(
                canary.getJudge(),
                1,
                canary.getBefore() == canary.getNow() ? 0 : 1,
                counts ? 1 : 0,
                counts && canary.getBefore() == canary.getGold() ? 1 : 0,
                counts && canary.getNow() == canary.getGold() ? 1 : 0);
    }

    private static boolean isDecided(CanaryOutcome outcome) {
        return outcome == CanaryOutcome.CHOSEN || outcome == CanaryOutcome.REJECTED;
    }

    private Drift plus(Drift other) {
        return new Drift(
                judge,
                asked + other.asked,
                changed + other.changed,
                gold + other.gold,
                goldBefore + other.goldBefore,
                goldNow + other.goldNow);
    }

    /** Whether surely, at the lower 90 % Wilson bound, more has changed than chance explains. */
    public boolean alarm() {
        return asked > 0 && Wilson.lower(changed, asked, LEVEL) > MOST_CHANGED;
    }
}
