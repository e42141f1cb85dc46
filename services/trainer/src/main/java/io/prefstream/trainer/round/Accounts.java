package io.prefstream.trainer.round;

import io.prefstream.core.plan.Allowance;
import io.prefstream.core.plan.StoppingRule;
import io.prefstream.trainer.client.Books;
import io.prefstream.wire.LabelOutcome;
import io.prefstream.wire.LabelRequest;
import io.prefstream.wire.RoundAccount;
import io.prefstream.wire.RunRequest;
import io.prefstream.wire.TrainingRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The accounts of a run's rounds: each counts what came since the one before. */
final class Accounts {

    private static final int AFTER_THE_ROUNDS = 0;

    private final RunFacts run;
    private final Books books;
    private final Ledger ledger;

    Accounts(RunFacts run) {
        this.run = run;
        this.books = run.facts().books();
        this.ledger = Ledger.of(run);
    }

    /**
     * The account of a round that has ended.
     *
     * @param ended why no round follows; empty when one does
     */
    RoundAccount ofRound(int round, String ended) {
        return base(round, round == 1 ? why() : "accuracy")
                .setAccuracyBefore(round == 1 ? null : best(run.run(), round - 1))
                .setAccuracyAfter(best(run.run(), round))
                .setVerdicts(Map.of())
                .setChanged(0)
                .setEnded(ended)
                .build();
    }

    /** The account of what came after the rounds, once every pair has its verdict. */
    RoundAccount ofDecision() {
        boolean first = books.accounts().stream().noneMatch(account -> account.getRun() == run.run());
        return base(AFTER_THE_ROUNDS, first ? why() : "rounds")
                .setAccuracyBefore(best(run.run() - 1, Integer.MAX_VALUE))
                .setAccuracyAfter(best(run.run(), Integer.MAX_VALUE))
                .setVerdicts(books.verdicts())
                .setChanged(books.changed() - sum(RoundAccount::getChanged))
                .setEnded("")
                .build();
    }

    /** What the rounds so far came to, for the rule that ends them. */
    List<StoppingRule.Round> rounds(int last) {
        List<StoppingRule.Round> rounds = new ArrayList<>();
        for (int round = 1; round <= last; round++) {
            int now = round;
            double accuracy = run.facts().trainings(run.run()).stream()
                    .filter(t -> t.getRound() == now && !t.getFamily().equals("gold"))
                    .mapToDouble(t -> (double) t.getGoldCorrect() / Math.max(1, t.getGoldDecided()))
                    .max()
                    .orElse(-1);
            double usd = round == last
                    ? Allowance.usd(ledger.nanos()) - sumUsd(a -> a.getUsd())
                    : sumUsd(a -> a.getRun() == run.run() && a.getRound() == now ? a.getUsd() : 0);
            rounds.add(new StoppingRule.Round(accuracy, usd));
        }
        return rounds;
    }

    private RoundAccount.Builder base(int round, String why) {
        boolean first = books.accounts().stream().noneMatch(account -> account.getRun() == run.run());
        long votes = run.facts().votes().size();
        return RoundAccount.newBuilder()
                .setRun(run.run())
                .setRound(round)
                .setWhy(why)
                .setNewPairs(first ? fresh("pairs-in") : 0)
                .setNewLabels(first ? fresh("annotations-in") : 0)
                .setRequests(requests())
                .setVotes(votes - sum(RoundAccount::getVotes))
                .setGold(run.facts().gold().values().stream()
                                .filter(label -> decided(label.getOutcome()))
                                .count()
                        - sum(RoundAccount::getGold))
                .setSilver(run.facts().silver().values().stream()
                                .filter(label -> decided(label.getOutcome()))
                                .count()
                        - sum(RoundAccount::getSilver))
                .setCalls(ledger.calls() - sum(RoundAccount::getCalls))
                .setUsd(Allowance.usd(ledger.nanos() - Allowance.nanos(sumUsd(RoundAccount::getUsd))));
    }

    private static boolean decided(LabelOutcome outcome) {
        return outcome == LabelOutcome.CHOSEN || outcome == LabelOutcome.REJECTED;
    }

    private String why() {
        RunRequest order = books.order(run.run());
        return order == null ? "" : order.getReason();
    }

    private long fresh(String topic) {
        RunRequest now = books.order(run.run());
        RunRequest before = books.order(run.run() - 1);
        return (now == null ? 0 : now.getProduced().getOrDefault(topic, 0L))
                - (before == null ? 0 : before.getProduced().getOrDefault(topic, 0L));
    }

    /** Requests by strategy since the last account; those that only let others through are none. */
    private Map<String, Long> requests() {
        Map<String, Long> counts = new TreeMap<>();
        run.facts()
                .requests()
                .values()
                .forEach(of -> of.stream()
                        .map(LabelRequest::getStrategy)
                        .filter(strategy -> !strategy.equals(StepRecords.ADMITTED))
                        .forEach(strategy -> counts.merge(strategy, 1L, Long::sum)));
        books.accounts()
                .forEach(account ->
                        account.getRequests().forEach((strategy, n) -> counts.merge(strategy, -n, Long::sum)));
        counts.values().removeIf(n -> n == 0);
        return counts;
    }

    /** Accuracy on gold of the best model of a run up to a round; null when there is none. */
    private @Nullable Double best(int ofRun, int upTo) {
        var best = run.facts().trainings(ofRun).stream()
                .filter(t -> t.getRound() <= upTo && !t.getFamily().equals("gold") && t.getGoldDecided() > 0)
                .mapToDouble(TrainingRun::getAccuracy)
                .max();
        return best.isPresent() ? (Double) best.getAsDouble() : null;
    }

    private long sum(ToLongFunction<RoundAccount> of) {
        return books.accounts().stream().mapToLong(of).sum();
    }

    private double sumUsd(ToDoubleFunction<RoundAccount> of) {
        return books.accounts().stream().mapToDouble(of).sum();
    }
}
