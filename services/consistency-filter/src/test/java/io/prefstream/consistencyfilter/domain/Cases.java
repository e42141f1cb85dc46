package io.prefstream.consistencyfilter.domain;

import io.prefstream.core.cleaning.BenchmarkPrompts;
import io.prefstream.core.verdict.GoldState;
import io.prefstream.core.verdict.HumanOutcome;
import io.prefstream.core.verdict.Judges;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Seeded evidence and settings of every kind. */
final class Cases {
    private Cases() {}

    static Evidence evidence(Random random) {
        return new Evidence(
                random.nextInt(4) > 0 ? HumanOutcome.NONE : pick(random, HumanOutcome.values()),
                random.nextInt(8) == 0,
                random.nextInt(8) == 0 ? "trainer" : null,
                random.nextInt(8) == 0,
                random.nextInt(8) == 0 ? null : (Double) (random.nextGaussian() * 3),
                random.nextInt(8) == 0 ? null : (Double) (random.nextGaussian() * 3),
                pick(random, Judges.values()),
                random.nextInt(8) == 0 ? new BenchmarkPrompts.Hit("math", "7", "some words") : null,
                random.nextInt(8) == 0 ? "earlier" : null,
                random.nextInt(8) == 0 ? "others of its topic" : null,
                random.nextBoolean() ? "Math" : "");
    }

    static DecisionSettings settings(Random random) {
        Map<String, String> told = new TreeMap<>();
        told.put("decision", random.nextInt(5) == 0 ? "paper" : "calibrated");
        told.put("keep", Double.toString(0.6 + random.nextInt(35) / 100.0));
        told.put("flip", Double.toString(0.05 + random.nextInt(35) / 100.0));
        told.put("gold/state", random.nextInt(6) == 0 ? GoldState.TOO_FEW.name() : GoldState.READY.name());
        told.put("gate/keep", random.nextBoolean() ? "open" : "closed");
        told.put("gate/flip", random.nextBoolean() ? "open" : "closed");
        told.put("judges/in-p-right", Boolean.toString(random.nextBoolean()));
        told.put("epsilon", Double.toString(random.nextInt(3) / 10.0));
        told.put("epsilon.gold", Double.toString(random.nextInt(3) / 10.0));
        told.put("run/near-duplicates", random.nextBoolean() ? "drop" : "flag");
        if (random.nextInt(6) > 0) {
            told.put("calibrator/0", Double.toString(random.nextGaussian()));
            for (int i = 1; i < 4; i++) {
                told.put("calibrator/" + i, Double.toString(random.nextDouble()));
            }
        }
        if (random.nextInt(4) == 0) {
            told.put(DecisionSettings.FLIPS_OFF + (random.nextBoolean() ? "Math" : ""), "3 of 20 audited flips");
        }
        return DecisionSettings.of(told);
    }

    private static <T> T pick(Random random, T[] of) {
        return of[random.nextInt(of.length)];
    }
}
