package io.prefstream.trainer.round;

import io.prefstream.core.reward.RightnessCalibrator;
import io.prefstream.core.select.Quotas;
import io.prefstream.core.select.Strategy;
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
import java.util.Objects;

/** Which pairs language models describe and judge, within calls and money. */
final class Judging {

    private static final String PRE_VERIFY = "pre-verify";
    private static final String CANARY = "canary";
    private static final int JUDGED_GOLD = 60;
    private static final double STAGE_ONE = 0.5;
    private static final double GOLD = 0.25;

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
            judgedGold().stream().limit(JUDGED_GOLD).forEach(pair -> records.ask(pair, 1, "uncertain"));
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

    /** What it takes to judge a pair, and, when it has yet to be described, to describe it. */
    private record Wanted(String pairId, double priority, double worst, int calls, boolean undescribed) {}

    /** Has the gold pairs described, which judges are shown as examples, within a quarter of calls and money. */
    StepWork.Found describeGold() {
        long calls = calls();
        double reserved = run.facts().spent();
        List<String> gold = run.gold().stream()
                .map(Facts.Features::pairId)
                .filter(this::undescribed)
                .sorted(Hashes.order(run.settings().seed(), "describe-gold"))
                .toList();
        for (String pair : gold) {
            double worst = tagQuote(pair);
            if (!fits(calls + run.settings().callsPerDescription(), reserved + worst, GOLD)) {
                break;
            }
            calls += run.settings().callsPerDescription();
            reserved += worst;
            records.describe(pair);
        }
        return records.step(Phase.TAG_GOLD, run.told());
    }

    /** Has the pairs described that the next step will have judged, so that judges are shown what it found. */
    StepWork.Found describe(Phase phase) {
        affordable(wanted(), phase == Phase.TAG_FETCHED ? STAGE_ONE : 1).stream()
                .filter(Wanted::undescribed)
                .forEach(pair -> records.describe(pair.pairId()));
        return records.step(phase, run.told());
    }

    /**
     * Lets through the requests that fit the budget, each at the most it can cost, in the order of priority and hash: the
     * same pairs at any number of partitions. Rounds leave half of calls and money to the last step.
     */
    StepWork.Found admit(Phase phase) {
        List<Wanted> wanted = wanted();
        List<Wanted> ready = wanted.stream().filter(pair -> !pair.undescribed()).toList();
        List<Wanted> admitted = affordable(ready, phase == Phase.LABEL ? STAGE_ONE : 1);
        admitted.forEach(pair -> records.ask(pair.pairId(), pair.priority(), StepRecords.ADMITTED));
        if (phase == Phase.ASK) {
            askAgain(admitted);
        }
        Map<String, String> told = run.told();
        long calls = calls() + admitted.stream().mapToInt(Wanted::calls).sum();
        told.put("judges/calls", Long.toString(calls));
        told.put("judges/left-out", Long.toString(wanted.size() - admitted.size()));
        return records.step(phase, told);
    }

    /** Asks again about labelled pairs that earlier runs had judged, as far as calls and money go. */
    private void askAgain(List<Wanted> admitted) {
        long calls = calls() + admitted.stream().mapToInt(Wanted::calls).sum();
        double reserved = run.facts().spent()
                + admitted.stream().mapToDouble(Wanted::worst).sum();
        List<String> known = judgedGold().stream()
                .filter(pair ->
                        !run.facts().llmVotes(pair).isEmpty() && run.facts().quote(pair) != null)
                .limit(run.settings().canary())
                .toList();
        for (String pair : known) {
            calls += run.settings().callsPerPair();
            reserved += Objects.requireNonNullElse(run.facts().quote(pair), 0.0);
            if (!fits(calls, reserved, 1)) {
                return;
            }
            records.ask(pair, 0, CANARY);
        }
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
        long calls = calls();
        double reserved = run.facts().spent();
        for (ToLabel.Pick pick : picks) {
            Double worst = run.facts().verifyQuote(pick.id());
            boolean asked = run.facts().requests().getOrDefault(pick.id(), List.of()).stream()
                    .anyMatch(request -> request.getStrategy().equals(PRE_VERIFY));
            if (worst == null || asked) {
                continue;
            }
            calls += 2;
            reserved += worst;
            if (!fits(calls, reserved, 1)) {
                return;
            }
            records.ask(pick.id(), 0, PRE_VERIFY);
        }
    }

    /** Calls that this run has asked for. */
    private long calls() {
        long pairs = run.facts().requests().values().stream()
                .filter(requests -> requests.stream().anyMatch(this::admitted))
                .count();
        return pairs * run.settings().callsPerPair()
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
        boolean room = share == STAGE_ONE && Fetching.admits(run);
        Quotas.Room places = run.settings().quotas().room(wanted.size());
        List<Wanted> some = new ArrayList<>();
        long calls = calls();
        double reserved = run.facts().spent();
        for (Wanted pair : wanted) {
            if (room && !places.take(run.facts().stratum(pair.pairId()))) {
                continue;
            }
            if (!fits(calls + pair.calls(), reserved + pair.worst(), share)) {
                break; // in order, so that what is asked doesn't depend on who came later
            }
            calls += pair.calls();
            reserved += pair.worst();
            some.add(pair);
        }
        return some;
    }

    private boolean fits(long calls, double usd, double share) {
        return calls <= share * run.settings().maxCalls()
                && usd <= share * run.settings().budget();
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
        return request.getStrategy().equals(StepRecords.ADMITTED)
                && request.getProvenance().getInputs().contains("run-" + run.run());
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
