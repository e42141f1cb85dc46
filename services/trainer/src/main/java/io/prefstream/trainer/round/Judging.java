package io.prefstream.trainer.round;

import io.prefstream.core.reward.RightnessCalibrator;
import io.prefstream.core.stats.Hashes;
import io.prefstream.core.verdict.ToLabel;
import io.prefstream.trainer.client.Facts;
import io.prefstream.trainer.domain.Phase;
import io.prefstream.trainer.processor.StepWork;
import io.prefstream.wire.LabelRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Which pairs LLM judges are asked about, within calls and money. */
final class Judging {

    private static final int JUDGED_GOLD = 60;
    private static final double STAGE_ONE = 0.5;

    private final RunFacts run;
    private final StepRecords records;

    Judging(RunFacts run, StepRecords records) {
        this.run = run;
        this.records = records;
    }

    /** Has the judges quote the pairs that the models leave open, the most uncertain first, and some gold pairs. */
    StepWork.Found quote() {
        Map<String, String> told = run.told();
        RightnessCalibrator calibrator = Deciding.calibrator(run, told);
        if (calibrator != null) {
            long seed = run.settings().seed();
            run.gold().stream()
                    .map(Facts.Features::pairId)
                    .sorted(Hashes.order(seed, "judge-gold"))
                    .limit(JUDGED_GOLD)
                    .forEach(pair -> records.ask(pair, 1, "uncertain"));
            run.pool().stream()
                    .map(f -> new ToLabel.Candidate(f.pairId(), calibrator.probability(run.input(told, f))))
                    .filter(c -> c.pRight() > run.settings().flip()
                            && c.pRight() < run.settings().keep())
                    .sorted(Comparator.<ToLabel.Candidate>comparingDouble(c -> Math.abs(c.pRight() - 0.5))
                            .thenComparing(ToLabel.Candidate::id, Hashes.order(seed, "judge")))
                    .limit(run.settings().maxCalls() / run.settings().callsPerPair())
                    .forEach(c -> records.ask(c.id(), 1 - 2 * Math.abs(c.pRight() - 0.5), "uncertain"));
        }
        return records.step(Phase.JUDGE, told);
    }

    private record Wanted(String pairId, double priority, double worst) {}

    /**
     * Lets through the requests that fit the budget, each at the most it can cost, in the order of priority and hash: the
     * same pairs at any number of partitions. Rounds leave half of calls and money to the last step.
     */
    StepWork.Found admit(Phase phase) {
        double share = phase == Phase.LABEL ? STAGE_ONE : 1;
        int each = run.settings().callsPerPair();
        List<Wanted> wanted = new ArrayList<>();
        long calls = 0;
        for (Map.Entry<String, List<LabelRequest>> pair : run.facts().requests().entrySet()) {
            Double worst = run.facts().quote(pair.getKey());
            if (pair.getValue().stream().anyMatch(this::admitted)) {
                calls += each;
            } else if (worst != null && run.facts().llmVotes(pair.getKey()).isEmpty()) {
                wanted.add(new Wanted(pair.getKey(), priority(pair.getValue()), worst));
            }
        }
        wanted.sort(Comparator.comparingDouble(Wanted::priority)
                .reversed()
                .thenComparing(Wanted::pairId, Hashes.order(run.settings().seed(), "admit")));
        double reserved = run.facts().spent();
        for (Wanted pair : wanted) {
            if (calls + each > share * run.settings().maxCalls()
                    || reserved + pair.worst > share * run.settings().budget()) {
                break; // in order, so that what is asked doesn't depend on who came later
            }
            calls += each;
            reserved += pair.worst;
            records.ask(pair.pairId(), pair.priority(), StepRecords.ADMITTED);
        }
        Map<String, String> told = run.told();
        told.put("judges/calls", Long.toString(calls));
        told.put("judges/left-out", Long.toString(wanted.size() - records.size()));
        return records.step(phase, told);
    }

    private boolean admitted(LabelRequest request) {
        return request.getStrategy().equals(StepRecords.ADMITTED)
                && request.getProvenance().getInputs().contains("run-" + run.run());
    }

    private static double priority(List<LabelRequest> requests) {
        return requests.stream()
                .filter(r -> !r.getStrategy().equals(StepRecords.ADMITTED))
                .mapToDouble(r -> r.getStrategy().equals("adaptive") ? 1 : r.getSimilarity())
                .sum();
    }
}
