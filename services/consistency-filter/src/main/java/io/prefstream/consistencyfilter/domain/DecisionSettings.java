package io.prefstream.consistencyfilter.domain;

import io.prefstream.core.agreement.AnnotatorModel;
import io.prefstream.core.agreement.Choice;
import io.prefstream.core.agreement.RaterModels;
import io.prefstream.core.reward.RightnessCalibrator;
import io.prefstream.core.stats.Folds;
import io.prefstream.core.stats.Hashes;
import io.prefstream.core.verdict.VerdictRules;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a run decides with, as told in its {@code decide} step.
 *
 * @param rules rules in force
 * @param calibrator gives p_right; empty without gold
 * @param request scoring request whose scores count
 * @param best settings' name of the best family
 * @param judgesInPRight whether the judges' vote is part of p_right
 * @param judges what is known of the judges, whose votes it fuses; empty where their majority decides
 * @param configHash names the run's settings as they were given, its files aside
 * @param told all that was told, which names the checkpoints
 */
public record DecisionSettings(
        VerdictRules rules,
        Optional<RightnessCalibrator> calibrator,
        String request,
        String best,
        boolean judgesInPRight,
        Optional<AnnotatorModel> judges,
        String configHash,
        Map<String, String> told) {

    /** Before a task category whose flips are switched off, and alone for all flips; the value tells the figures. */
    public static final String FLIPS_OFF = "flips-off/";

    private static final int WEIGHTS = 4;

    /** Reads the settings of a {@code decide} step. */
    public static DecisionSettings of(Map<String, String> told) {
        Optional<RightnessCalibrator> calibrator = Optional.empty();
        if (told.containsKey("calibrator/0")) {
            double[] weights = new double[WEIGHTS];
            for (int i = 0; i < WEIGHTS; i++) {
                weights[i] = Double.parseDouble(told.getOrDefault("calibrator/" + i, "0"));
            }
            calibrator = Optional.of(new RightnessCalibrator(weights));
        }
        return new DecisionSettings(
                VerdictRules.told(told),
                calibrator,
                told.getOrDefault("request", ""),
                told.getOrDefault("best", "family/pool"),
                Boolean.parseBoolean(told.getOrDefault("judges/in-p-right", "false")),
                told.getOrDefault("run/fusion", "majority").equals("dawid-skene")
                        ? Optional.of(AnnotatorModel.told(told, RaterModels.JUDGE_SETTING, Choice.CLASSES))
                        : Optional.empty(),
                configHash(told),
                told);
    }

    private static String configHash(Map<String, String> told) {
        Map<String, String> given = new HashMap<>();
        told.forEach((name, value) -> {
            if (name.startsWith("run/") && !name.startsWith("run/file/")) {
                given.put(name.substring("run/".length()), value);
            }
        });
        return Hashes.ofSettings(given);
    }

    /** The same settings with other rules. */
    public DecisionSettings with(VerdictRules other) {
        return new DecisionSettings(other, calibrator, request, best, judgesInPRight, judges, configHash, told);
    }

    /** A whole number that was told; empty when it was not, as in runs of earlier versions. */
    public OptionalLong count(String name) {
        String value = told.get(name);
        return value == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(value));
    }

    /** The figures for which the models' flips of a task category are switched off; empty where they are not. */
    public Optional<String> flipsOff(String category) {
        String all = told.get(FLIPS_OFF);
        return Optional.ofNullable(all == null ? told.get(FLIPS_OFF + category) : all);
    }

    /** All that {@link #flipsOff} goes by. */
    SortedMap<String, String> flipsOff() {
        SortedMap<String, String> off = new TreeMap<>(told);
        off.keySet().removeIf(name -> !name.startsWith(FLIPS_OFF));
        return off;
    }

    /** The same settings with other things told that the rules do not hold. */
    DecisionSettings telling(Map<String, String> other) {
        return new DecisionSettings(rules, calibrator, request, best, judgesInPRight, judges, configHash, other);
    }

    /** Whether a pair that is much like an earlier one is discarded. */
    public boolean dropsNearDuplicates() {
        return told.getOrDefault("run/near-duplicates", "flag").equals("drop");
    }

    /** Whether of the pairs that models publish only selected ones go out. */
    public boolean selects() {
        return told.getOrDefault("run/selection", "off").equals("preset");
    }

    /** Checkpoint of the best family that has not seen the pair. */
    public String bestFor(String pairId) {
        return told.getOrDefault(best + "/" + fold(pairId), "");
    }

    /** Checkpoint of the gold family that has not seen the pair; for a pair that isn't gold, the one trained on all gold. */
    public String goldFor(String pairId, boolean isGold) {
        return told.getOrDefault("family/gold/" + (isGold ? fold(pairId) : -1), "");
    }

    private int fold(String pairId) {
        return Folds.of(
                Long.parseLong(told.getOrDefault("seed", "0")),
                pairId,
                Integer.parseInt(told.getOrDefault("folds", Integer.toString(Folds.DEFAULT))));
    }
}
