package io.prefstream.trainer.round;

import io.prefstream.core.plan.Allowance;
import io.prefstream.core.reward.RightnessCalibrator;
import io.prefstream.core.select.Quotas;
import io.prefstream.core.select.Strategy;
import io.prefstream.core.stats.Hashes;
import io.prefstream.core.stats.Logistic;
import io.prefstream.core.verdict.Bands;
import io.prefstream.core.verdict.JudgeNeed;
import io.prefstream.core.verdict.ToLabel;
import io.prefstream.trainer.client.Facts;
import io.prefstream.trainer.domain.Phase;
import io.prefstream.trainer.domain.Step;
import io.prefstream.trainer.processor.StepWork;
import io.prefstream.wire.LabelRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Which pairs language models describe and judge, within calls and money. */
final class Judging {

    /** Gold pairs that judges are asked about, to be measured by. */
    static final int JUDGED_GOLD = 60;

    private static final String PRE_VERIFY = "pre-verify";
    private static final String CANARY = "canary";
    private static final double STAGE_ONE = 0.5;
    private static final double GOLD = 0.25;

    private final RunFacts run;
    private final StepRecords records;
    private final Forecasting forecasting;

    Judging(RunFacts run, StepRecords records) {
        this.run = run;
        this.records = records;
        this.forecasting = new Forecasting(run);
    }

    /** Has the judges quote the pairs that the models leave open, the most uncertain first, and some gold pairs. */
    StepWork.Found quote() {
        Map<String, String> told = run.told();
        RightnessCalibrator calibrator = Deciding.calibrator(run, told);
        if (calibrator != null) {
            long seed = run.settings().seed();
            judgedGold().stream().limit(JUDGED_GOLD).forEach(pair -> records.request(pair, 1, "uncertain"));
            List<Open> open = run.settings().paper() ? openInTable(told) : openByProbability(told, calibrator);
            open.stream()
                    .sorted(Comparator.comparingDouble(Open::priority)
                            .reversed()
                            .thenComparing(Open::pairId, Hashes.order(seed, "judge")))
                    .limit(run.settings().maxCalls() / run.settings().callsPerPair())
                    .forEach(pair -> records.request(pair.pairId(), pair.priority(), "uncertain"));
        }
        return records.step(Phase.JUDGE, told);
    }

    /** A pair that judges may settle, and how much it wants them, 0..1. */
    private record Open(String pairId, double priority) {}

    /** Pairs between the thresholds, and pairs of which the best model is undecided: the nearer to .5 the sooner. */
    private List<Open> openByProbability(Map<String, String> told, RightnessCalibrator calibrator) {
        Bands bands = run.settings().bands();
        List<Open> open = new ArrayList<>();
        for (Facts.Features pair : run.pool()) {
            RightnessCalibrator.Input input = run.input(told, pair);
            double pRight = calibrator.probability(input);
            boolean between =
                    pRight > run.settings().flip() && pRight < run.settings().keep();
            if ((between || bands.bestAbstains(Logistic.sigmoid(input.best())))
                    && !bands.goldAbstains(Logistic.sigmoid(input.gold()))) {
                open.add(new Open(pair.pairId(), 1 - 2 * Math.abs(pRight - 0.5)));
            }
        }
        return open;
    }

    /** Pairs in the table's rows that ask judges: first those that only judges let be kept, then those they may flip. */
    private List<Open> openInTable(Map<String, String> told) {
        List<Open> open = new ArrayList<>();
        for (Facts.Features pair : run.pool()) {
            Double best = run.bestMargin(told, pair);
            Double gold = run.goldMargin(told, pair);
            if (best == null || gold == null) {
                continue;
            }
            double p = Logistic.sigmoid(best);
            JudgeNeed need =
                    JudgeNeed.of(p, Logistic.sigmoid(gold), run.settings().bands());
            if (need != JudgeNeed.NONE) {
                open.add(new Open(pair.pairId(), (need == JudgeNeed.NEEDED ? 1 : 0.5) - Math.abs(p - 0.5)));
            }
        }
        return open;
    }

    /** What it takes to judge a pair, by which judges, and, when it has yet to be described, to describe it. */
    private record Wanted(
            String pairId, double priority, List<String> judges, double worst, int calls, boolean undescribed) {}

    /** Has the gold pairs described, which judges are shown as examples, within a quarter of calls and money. */
    StepWork.Found describeGold() {
        List<String> gold = run.gold().stream()
                .map(Facts.Features::pairId)
                .filter(this::undescribed)
                .sorted(Hashes.order(run.settings().seed(), "describe-gold"))
                .toList();
        List<Allowance.Quote> quotes = gold.stream()
                .map(pair -> new Allowance.Quote(tagQuote(pair), run.settings().callsPerDescription()))
                .toList();
        gold.subList(0, allowance().admits(quotes, GOLD)).forEach(records::describe);
        return records.step(Phase.TAG_GOLD, run.told());
    }

    /** Has the pairs described that the next step will have judged, so that judges are shown what it found. */
    StepWork.Found describe(Phase phase) {
        Phase next = phase == Phase.TAG_FETCHED ? Phase.LABEL : Phase.ASK;
        affordable(chosen(next, wanted()), next == Phase.LABEL ? STAGE_ONE : 1).stream()
                .filter(Wanted::undescribed)
                .forEach(pair -> records.describe(pair.pairId()));
        return records.step(phase, run.told());
    }

    /** The step in which fetched pairs are judged first. */
    Phase first() {
        return records.round() == 1 && forecasting.isDue() ? Phase.PROBE : Phase.LABEL;
    }

    /**
     * Lets through the requests that fit the budget, each at the most it can cost, in the order of priority and hash: the
     * same pairs at any number of partitions. Rounds leave half of calls and money to the last step. Of a probe a sample
     * of them is let through first.
     */
    StepWork.Found admit(Phase phase) {
        Map<String, String> told = run.told();
        List<Wanted> wanted = wanted();
        forecasting.tell(told, wanted.stream().map(Wanted::worst).toList(), phase == Phase.ASK, allowance());
        List<Wanted> ready = chosen(phase, wanted).stream()
                .filter(pair -> !pair.undescribed())
                .toList();
        List<Wanted> admitted = affordable(ready, phase == Phase.ASK ? 1 : STAGE_ONE);
        if (phase == Phase.PROBE && admitted.size() > Forecasting.PROBE) {
            admitted = admitted.stream()
                    .sorted(Comparator.comparing(
                            Wanted::pairId, Hashes.order(run.settings().seed(), "probe")))
                    .limit(Forecasting.PROBE)
                    .toList();
        }
        Step step = new Step(run.run(), phase, records.round());
        admitted.forEach(pair -> records.ask(pair.pairId(), pair.priority(), step, pair.judges()));
        if (phase == Phase.ASK) {
            askAgain(admitted);
        }
        long calls = calls() + admitted.stream().mapToInt(Wanted::calls).sum();
        told.put("judges/calls", Long.toString(calls));
        told.put("judges/left-out", Long.toString(wanted.size() - admitted.size()));
        return records.step(phase, told);
    }

    /** Whether open pairs are left that calls and money still allow. */
    boolean mayAskMore() {
        return !affordable(chosen(Phase.ASK, wanted()), 1).isEmpty();
    }

    /**
     * The pairs to ask judges about, each with the judges to ask. By value, the gold pairs come first, until every judge is
     * measured; a pair that people would tell more of for a dollar is left to them.
     */
    private List<Wanted> chosen(Phase phase, List<Wanted> wanted) {
        if (phase != Phase.ASK || !run.settings().money().byValue()) {
            return wanted;
        }
        Sources sources = new Sources(run, run.told());
        if (!sources.measured()) {
            List<Wanted> gold =
                    wanted.stream().filter(pair -> run.isDecided(pair.pairId())).toList();
            return gold.isEmpty() ? wanted : gold;
        }
        List<Wanted> some = new ArrayList<>();
        for (Wanted pair : wanted) {
            sources.best(pair.pairId())
                    .filter(source -> !source.name().equals(Sources.PEOPLE))
                    .ifPresent(source -> some.add(new Wanted(
                            pair.pairId(),
                            pair.priority(),
                            List.of(source.name()),
                            pair.worst(),
                            pair.calls(),
                            pair.undescribed())));
        }
        return some;
    }

    private Allowance allowance() {
        double unpaid = run.unpaidLabels().size() * run.settings().money().humanPrice();
        return new Allowance(
                run.settings().budget(),
                run.settings().money().reserve(),
                run.facts().books().onPeople() + Allowance.nanos(unpaid),
                run.facts().books().onCalls(),
                run.settings().maxCalls(),
                calls());
    }

    /** Calls that this run has asked for. */
    private long calls() {
        long pairs = run.facts().requests().values().stream()
                .filter(requests -> requests.stream().anyMatch(this::admitted))
                .count();
        return (pairs + asked(CANARY)) * run.settings().callsPerPair()
                + 2 * asked(PRE_VERIFY)
                + (long) run.settings().callsPerDescription()
                        * run.facts().tagRequests(run.run()).size();
    }

    /** Pairs that judges have quoted and not been asked about, the most wanted first. */
    private List<Wanted> wanted() {
        List<Wanted> wanted = new ArrayList<>();
        for (Map.Entry<String, List<LabelRequest>> pair : run.facts().requests().entrySet()) {
            String id = pair.getKey();
            Double worst = run.facts().quote(id);
            boolean asked = pair.getValue().stream().anyMatch(this::admitted);
            if (worst != null && !asked && run.facts().llmVotes(id).isEmpty()) {
                boolean undescribed = run.settings().tagger() && undescribed(id);
                wanted.add(new Wanted(
                        id,
                        priority(pair.getValue()),
                        List.of(),
                        worst + run.settings().attributesUsd() + (undescribed ? tagQuote(id) : 0),
                        run.settings().callsPerPair()
                                + (undescribed ? run.settings().callsPerDescription() : 0),
                        undescribed));
            }
        }
        wanted.sort(Comparator.comparingDouble(Wanted::priority)
                .reversed()
                .thenComparing(Wanted::pairId, Hashes.order(run.settings().seed(), "admit")));
        return wanted;
    }

    private List<Wanted> affordable(List<Wanted> wanted, double share) {
        boolean quotas = share == STAGE_ONE && Fetching.admits(run);
        Quotas.Room room = run.settings().quotas().room(wanted.size());
        List<Wanted> some = wanted.stream()
                .filter(pair -> !quotas || room.take(run.facts().stratum(pair.pairId())))
                .toList();
        return some.subList(0, allowance().admits(quotes(some), share));
    }

    private static List<Allowance.Quote> quotes(List<Wanted> wanted) {
        return wanted.stream()
                .map(pair -> new Allowance.Quote(pair.worst(), pair.calls()))
                .toList();
    }

    /** Asks again, once a run, about labelled pairs that earlier runs had judged, as far as calls and money go. */
    private void askAgain(List<Wanted> admitted) {
        if (asked(CANARY) > 0) {
            return;
        }
        List<String> known = judgedGold().stream()
                .filter(pair ->
                        !run.facts().llmVotes(pair).isEmpty() && run.facts().quote(pair) != null)
                .limit(run.settings().canary())
                .toList();
        List<Allowance.Quote> quotes = new ArrayList<>(quotes(admitted));
        known.forEach(pair -> quotes.add(new Allowance.Quote(
                Objects.requireNonNullElse(run.facts().quote(pair), 0.0),
                run.settings().callsPerPair())));
        int fit = allowance().admits(quotes, 1) - admitted.size();
        known.subList(0, Math.max(0, fit)).forEach(pair -> records.request(pair, 0, CANARY));
    }

    /** Labelled pairs in the order in which judges are measured on them. */
    private List<String> judgedGold() {
        return run.gold().stream()
                .map(Facts.Features::pairId)
                .sorted(Hashes.order(run.settings().seed(), "judge-gold"))
                .toList();
    }

    /** Has the answers of the objective ones among pairs that people will be asked about checked, as far as the budget goes. */
    void preVerify(List<ToLabel.Pick> picks) {
        List<String> open = picks.stream()
                .map(ToLabel.Pick::id)
                .filter(pair -> run.facts().verifyQuote(pair) != null)
                .filter(pair -> run.facts().requests().getOrDefault(pair, List.of()).stream()
                        .noneMatch(request -> request.getStrategy().equals(PRE_VERIFY)))
                .toList();
        List<Allowance.Quote> quotes = open.stream()
                .map(pair -> new Allowance.Quote(
                        Objects.requireNonNullElse(run.facts().verifyQuote(pair), 0.0), 2))
                .toList();
        open.subList(0, allowance().admits(quotes, 1)).forEach(pair -> records.request(pair, 0, PRE_VERIFY));
    }

    /** Requests of this run with a strategy. */
    private long asked(String strategy) {
        return run.facts().requests().values().stream()
                .flatMap(List::stream)
                .filter(request -> request.getStrategy().equals(strategy) && isOfThisRun(request))
                .count();
    }

    /** Whether a language model is still to be asked about a pair's attributes; a failed try counts until the next run. */
    private boolean undescribed(String pairId) {
        return run.facts().tagQuote(pairId) != null
                && !run.facts().describedByLlm(pairId)
                && !run.facts().tagRequested(run.run(), pairId);
    }

    private double tagQuote(String pairId) {
        Double quote = run.facts().tagQuote(pairId);
        return quote == null ? 0 : quote;
    }

    private boolean admitted(LabelRequest request) {
        return request.getStrategy().equals(StepRecords.ADMITTED) && isOfThisRun(request);
    }

    private boolean isOfThisRun(LabelRequest request) {
        return request.getProvenance().getInputs().contains("run-" + run.run());
    }

    /** Anchors count one each; the control arm comes first, or a budget would leave out more of it than of the others. */
    private static double priority(List<LabelRequest> requests) {
        if (Fetching.control(requests)) {
            return Double.POSITIVE_INFINITY;
        }
        return requests.stream()
                .filter(r -> !r.getStrategy().equals(StepRecords.ADMITTED))
                .mapToDouble(r -> r.getStrategy().equals(Strategy.SIMILARITY.wireName()) ? 1 : r.getSimilarity())
                .sum();
    }
}
