package io.prefstream.trainer.round;

import io.prefstream.core.plan.Allowance;
import io.prefstream.core.plan.SourceChoice;
import io.prefstream.core.plan.SourceChoice.Source;
import io.prefstream.core.reward.RightnessCalibrator;
import io.prefstream.trainer.client.Facts;
import io.prefstream.wire.JudgeVote;
import io.prefstream.wire.LabelOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Judges and people as sources of labels, measured on gold. A judge's price is what its decided votes have cost, those without
 * a decision included. Gold is what people say, so people are as sure as there are labels.
 */
final class Sources {

    /** Name of people among the sources. */
    static final String PEOPLE = "people";

    private final RunFacts run;
    private final Map<String, String> told;
    private final @Nullable RightnessCalibrator calibrator;
    private final List<Source> judges;
    private final List<Source> all;

    Sources(RunFacts run, Map<String, String> told) {
        this.run = run;
        this.told = told;
        this.calibrator = Deciding.calibrator(run, told);
        this.judges = judges(run);
        List<Source> every = new ArrayList<>(judges);
        if (run.settings().money().humanPrice() > 0) {
            every.add(people(run));
        }
        this.all = List.copyOf(every);
    }

    /** Whether every judge has decided enough gold pairs to be compared. */
    boolean measured() {
        return calibrator != null
                && judges.size() == run.judgeModels().size()
                && judges.stream().allMatch(judge -> judge.measured() >= RightnessCalibrator.JUDGED);
    }

    /** The source to ask about a pair; empty when no answer would tell anything. Only once measured. */
    Optional<Source> best(String pairId) {
        Facts.Features pair = run.facts().features().get(pairId);
        return calibrator == null || pair == null
                ? Optional.empty()
                : SourceChoice.best(all, calibrator.probability(run.input(told, pair)));
    }

    private static List<Source> judges(RunFacts run) {
        Map<String, long[]> counts = new TreeMap<>();
        Map<String, Long> nanos = new TreeMap<>();
        Map<String, Long> decided = new TreeMap<>();
        for (JudgeVote vote : run.facts().votes()) {
            if (vote.getModel() == null || vote.getError() != null) {
                continue;
            }
            long[] of = counts.computeIfAbsent(vote.getJudge(), j -> new long[4]);
            nanos.merge(vote.getJudge(), Ledger.nanos(vote), Long::sum);
            boolean yes = vote.getOutcome() == LabelOutcome.CHOSEN;
            if (yes || vote.getOutcome() == LabelOutcome.REJECTED) {
                decided.merge(vote.getJudge(), 1L, Long::sum);
                if (run.isDecided(vote.getPairId())) {
                    of[(run.isRight(vote.getPairId()) ? 0 : 2) + (yes ? 0 : 1)]++;
                }
            }
        }
        List<Source> judges = new ArrayList<>();
        counts.forEach((judge, of) -> judges.add(new Source(
                judge,
                Allowance.usd(nanos.getOrDefault(judge, 0L)) / Math.max(1, decided.getOrDefault(judge, 0L)),
                of[0],
                of[1],
                of[2],
                of[3])));
        return judges;
    }

    private static Source people(RunFacts run) {
        List<Facts.Features> gold = run.gold();
        long right = gold.stream().filter(run::isRight).count();
        return new Source(PEOPLE, run.settings().money().humanPrice(), right, 0, 0, gold.size() - right);
    }
}
