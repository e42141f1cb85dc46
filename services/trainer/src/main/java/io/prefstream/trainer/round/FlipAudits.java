package io.prefstream.trainer.round;

import io.prefstream.core.reward.RightnessCalibrator;
import io.prefstream.core.stats.Logistic;
import io.prefstream.core.verdict.FlipAudit;
import io.prefstream.core.verdict.GoldState;
import io.prefstream.core.verdict.HumanOutcome;
import io.prefstream.core.verdict.Judges;
import io.prefstream.core.verdict.PairFacts;
import io.prefstream.core.verdict.Thresholds;
import io.prefstream.core.verdict.Verdict;
import io.prefstream.core.verdict.VerdictRules;
import io.prefstream.trainer.client.Facts;
import io.prefstream.wire.AuditedFlip;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * People's audit of the flips that models propose. What is switched off is drawn all the same, so that further labels can switch it
 * on again.
 */
final class FlipAudits {

    private static final String ROWS = "flip-audit/";
    private static final String OFF = "flips-off/"; // the filter looks here

    private final RunFacts run;
    private final StepRecords records;

    FlipAudits(RunFacts run, StepRecords records) {
        this.run = run;
        this.records = records;
    }

    /** Whether a pair was drawn as a flip, so that it speaks for flips and not for the pool. */
    boolean holds(String pairId) {
        return run.facts().flipAudits().containsKey(pairId);
    }

    /** Tells what people say of the flips drawn so far, and for which categories it switches flips off. */
    void tell(Map<String, String> told) {
        Map<String, AuditedFlip> drawn = run.facts().flipAudits();
        if (drawn.isEmpty()) {
            return;
        }
        double least = run.settings().flips().minPrecision();
        List<FlipAudit.Row> rows = FlipAudit.measure(
                drawn.values().stream()
                        .filter(flip -> run.isDecided(flip.getPairId()))
                        .map(flip -> new FlipAudit.Decided(flip.getTaskCategory(), !run.isRight(flip.getPairId())))
                        .toList(),
                least);
        for (FlipAudit.Row row : rows) {
            String place = row.category().equals(FlipAudit.ALL) ? "0 " : "1 ";
            told.put(
                    ROWS + place + Answers.name(row),
                    Figures.cells("flip", row.share()) + " state=" + (row.off() ? "off" : "on"));
            if (row.off()) {
                told.put(OFF + row.category(), Answers.confirmed(row) + ", in " + Answers.name(row));
            }
        }
        long undecided = drawn.keySet().stream()
                .filter(pair -> run.facts().gold().containsKey(pair) && !run.isDecided(pair))
                .count();
        Answers.audit(told, rows, undecided, least);
    }

    /** Draws among the flips that the filter is about to make, if nothing is switched off, and puts new ones down. */
    List<String> draw(Map<String, String> told, RightnessCalibrator calibrator, int most) {
        Map<String, AuditedFlip> flips = proposed(told, calibrator);
        List<String> drawn =
                FlipAudit.draw(
                                flips.keySet(),
                                run.settings().flips().audit(),
                                run.settings().seed())
                        .stream()
                        .limit(most)
                        .toList();
        drawn.stream().filter(pair -> !holds(pair)).map(flips::get).forEach(records::audit);
        if (!drawn.isEmpty()) {
            Answers.audited(told, drawn.size(), flips.size());
        }
        return drawn;
    }

    private Map<String, AuditedFlip> proposed(Map<String, String> told, RightnessCalibrator calibrator) {
        VerdictRules rules = new VerdictRules(
                run.settings().paper() ? VerdictRules.Mode.PAPER : VerdictRules.Mode.CALIBRATED,
                new Thresholds(run.settings().keep(), run.settings().flip()),
                GoldState.READY,
                isOpen(told, "gate/keep"),
                isOpen(told, "gate/flip"),
                run.settings().bands());
        boolean judged = Boolean.parseBoolean(told.getOrDefault("judges/in-p-right", "false"));
        Map<String, AuditedFlip> flips = new TreeMap<>();
        for (Facts.Features pair : run.pool()) {
            Double best = run.bestMargin(told, pair);
            Double gold = run.goldMargin(told, pair);
            if (best == null || gold == null) {
                continue;
            }
            int side = run.judges(pair.pairId());
            PairFacts facts = new PairFacts(
                    HumanOutcome.NONE,
                    false,
                    null,
                    false,
                    calibrator.probability(new RightnessCalibrator.Input(best, gold, side)),
                    Logistic.sigmoid(best),
                    Logistic.sigmoid(gold),
                    side > 0 ? Judges.CHOSEN : side < 0 ? Judges.REJECTED : Judges.NONE,
                    judged);
            Verdict verdict = rules.decide(facts);
            if (verdict.kind() == Verdict.Kind.FLIP) {
                flips.put(
                        pair.pairId(),
                        AuditedFlip.newBuilder()
                                .setPairId(pair.pairId())
                                .setRun(run.run())
                                .setTaskCategory(pair.category())
                                .setRule(verdict.rule())
                                .setPRight(facts.pRight())
                                .setPBest(Logistic.sigmoid(best))
                                .setPGold(Logistic.sigmoid(gold))
                                .build());
            }
        }
        return flips;
    }

    private static boolean isOpen(Map<String, String> told, String gate) {
        return told.getOrDefault(gate, "closed").equals("open");
    }
}
