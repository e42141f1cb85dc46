package io.prefstream.trainer.round;

import io.prefstream.core.plan.Allowance;
import io.prefstream.core.plan.Forecast;
import io.prefstream.core.reward.RightnessCalibrator;
import io.prefstream.core.stats.Hashes;
import io.prefstream.wire.JudgeVote;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * What judging will cost: before any call by quotes, after a probe by what its pairs cost.
 *
 * <p>To be judged are the pairs that are wanted now, the gold pairs that judges are measured by, and of the rest of the pool the
 * share that the first models leave open on gold. What later rounds fetch beyond these is not foreseen.
 */
final class Forecasting {

    /** Pairs of the probe. */
    static final int PROBE = 200;

    /** A token has about four bytes, each of which a quote takes for one, and answers are about as far below their most. */
    private static final double TYPICAL = 0.25;

    private static final String BEFORE = "forecast/before";
    private static final String AFTER = "forecast/probe/";

    private final RunFacts run;

    Forecasting(RunFacts run) {
        this.run = run;
    }

    /** Whether pairs have yet to be judged in this folder, so that the first are a probe. */
    boolean isDue() {
        return run.facts().votes().stream().allMatch(vote -> vote.getModel() == null);
    }

    /**
     * Tells a forecast where one can be made and none was: by quotes as long as nothing was judged, else by the probe.
     *
     * @param worst what each wanted pair costs at most, US dollars
     * @param foreseen whether the wanted pairs are all there will be
     */
    void tell(Map<String, String> told, List<Double> worst, boolean foreseen, Allowance allowance) {
        double[] probe = probe();
        double left = (double) Math.floorDiv(Math.max(0, allowance.maxCalls() - allowance.calls()), (long)
                run.settings().callsPerPair());
        if (probe.length == 0) {
            if (!worst.isEmpty() && !told.containsKey(BEFORE)) {
                Forecast.Pairs pairs = pairs(told, worst.size(), foreseen, left);
                double mean =
                        worst.stream().mapToDouble(w -> w).average().orElse(0) * Math.min(pairs.mean(), pairs.most());
                told.put(
                        BEFORE,
                        String.format(
                                Locale.ROOT,
                                "%s at most, typically %s, for about %.0f pairs",
                                Answers.dollars(Math.min(allowance.cap(), mean)),
                                Answers.dollars(Math.min(allowance.cap(), mean * TYPICAL)),
                                Math.min(pairs.mean(), pairs.most())));
            }
        } else if (!told.containsKey(AFTER + "usd")) {
            Forecast forecast = Forecast.of(
                    probe,
                    pairs(told, worst.size(), foreseen, left),
                    Allowance.usd(allowance.spent()),
                    allowance.cap());
            told.put(AFTER + "probed", Integer.toString(forecast.probed()));
            told.put(AFTER + "usd-a-pair", exact(forecast.mean()));
            told.put(AFTER + "pairs", String.format(Locale.ROOT, "%.0f", forecast.pairs()));
            told.put(AFTER + "usd", exact(forecast.usd()));
            told.put(AFTER + "low", exact(forecast.low()));
            told.put(AFTER + "high", exact(forecast.high()));
        }
    }

    /** Puts the forecasts beside what calls have really cost. */
    void compare(Map<String, String> told) {
        String before = told.get(BEFORE);
        if (before != null) {
            Answers.cost(told, 6, "forecast before any call", before);
        }
        String usd = told.get(AFTER + "usd");
        if (usd != null) {
            Answers.cost(
                    told,
                    7,
                    "forecast from a probe",
                    String.format(
                            Locale.ROOT,
                            "%s, 90 %% interval %s to %s, after %s pairs at %s each, for about %s more; calls really cost %s",
                            dollars(usd),
                            dollars(told.getOrDefault(AFTER + "low", "0")),
                            dollars(told.getOrDefault(AFTER + "high", "0")),
                            told.get(AFTER + "probed"),
                            dollars(told.getOrDefault(AFTER + "usd-a-pair", "0")),
                            told.get(AFTER + "pairs"),
                            Answers.dollars(Allowance.usd(run.facts().books().onCalls()))));
        }
    }

    /** What each judged pair of a sample cost, descriptions included, US dollars. */
    private double[] probe() {
        Map<String, Long> costs = new TreeMap<>();
        for (JudgeVote vote : run.facts().votes()) {
            if (vote.getModel() != null && vote.getError() == null) {
                costs.merge(vote.getPairId(), Ledger.nanos(vote), Long::sum);
            }
        }
        List<String> pairs = new ArrayList<>(costs.keySet());
        pairs.sort(Hashes.order(run.settings().seed(), "probe"));
        return pairs.stream()
                .limit(PROBE)
                .mapToDouble(pair -> Allowance.usd(
                        costs.getOrDefault(pair, 0L) + run.facts().books().described(pair)))
                .toArray();
    }

    private Forecast.Pairs pairs(Map<String, String> told, int wanted, boolean foreseen, double left) {
        if (foreseen) {
            return new Forecast.Pairs(wanted, 0, left);
        }
        Gold gold = Gold.of(run, pair -> run.firstInput(told, pair));
        List<OptionalDouble> p = RightnessCalibrator.outOfFold(
                gold.inputs(), gold.right(), gold.folds(), run.settings().folds());
        long open = p.stream()
                .filter(q -> q.isPresent()
                        && q.getAsDouble() > run.settings().flip()
                        && q.getAsDouble() < run.settings().keep())
                .count();
        long judged = run.pool().stream()
                .filter(pair -> !run.facts().llmVotes(pair.pairId()).isEmpty())
                .count();
        return Forecast.Pairs.of(
                wanted + Math.min(Judging.JUDGED_GOLD, gold.right().length),
                Math.max(0, run.pool().size() - wanted - judged),
                open,
                gold.right().length,
                left);
    }

    private static String exact(double usd) {
        return String.format(Locale.ROOT, "%.9f", usd);
    }

    private static String dollars(String usd) {
        return Answers.dollars(Double.parseDouble(usd));
    }
}
