package io.prefstream.trainer.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.prefstream.core.plan.Allowance;
import io.prefstream.kittest.SampleFacts;
import io.prefstream.trainer.domain.MoneySettings;
import io.prefstream.trainer.domain.Phase;
import io.prefstream.trainer.domain.Step;
import io.prefstream.wire.Cost;
import io.prefstream.wire.HumanTask;
import io.prefstream.wire.Label;
import io.prefstream.wire.LabelKind;
import io.prefstream.wire.LabelOutcome;
import io.prefstream.wire.LabelRequest;
import io.prefstream.wire.RoundAccount;
import io.prefstream.wire.RunRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs whose judges and people cost money. */
class MoneyTest {

    private static final double WORST = 0.04;
    private static final double ACTUAL = 0.01;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void spendsToWithinOneRequestOfTheCapAndLeavesTheReserve(long seed) {
        SmallWorld world = world(seed, 500);
        world.judge("m", 0.9, ACTUAL);
        Map<String, String> settings = settings("budget.usd", "1.5", "budget.human-reserve", "20%");

        List<Phase> phases = world.run(1, settings);

        double spent = Allowance.usd(world.facts().books().onCalls());
        assertThat(spent).isLessThanOrEqualTo(1.2).isGreaterThan(1.2 - WORST);
        assertThat(phases.stream().filter(Phase.ASK::equals).count()).isGreaterThan(2);
        assertThat(world.told(1).get("judges/left-out")).isNotEqualTo("0");
        assertThat(admitted(world)).extracting(LabelRequest::getPairId).doesNotHaveDuplicates();
    }

    @Test
    void forecastsFromAProbeWhatItThenSpends() {
        SmallWorld world = world(4, 900);
        world.judge("m", 0.9, ACTUAL);
        List<String> pool = world.unlabelled();
        for (int i = 0; i < 300; i++) {
            world.quoted(pool.get(i), 1, WORST);
        }
        Map<String, String> settings = settings("budget.usd", "1000");

        Step probe = world.step(world.step(world.step(start(), settings), settings), settings);
        assertThat(probe.phase()).isEqualTo(Phase.PROBE);
        assertThat(admitted(world)).hasSize(200);
        assertThat(world.told(1).get("forecast/before")).contains("at most", "typically");
        assertThat(world.told(1)).doesNotContainKey("forecast/probe/usd");

        for (Step last = probe; last.phase() != Phase.DONE; ) {
            last = world.step(last, settings);
        }

        Map<String, String> told = world.told(1);
        double spent = Allowance.usd(world.facts().books().onCalls());
        assertThat(told).containsEntry("forecast/probe/probed", "200");
        assertThat(spent).isBetween(number(told, "forecast/probe/low"), number(told, "forecast/probe/high"));
        assertThat(told.get("answer/costs/7 forecast from a probe"))
                .contains(String.format("really cost $%.4f", spent));
        assertThat(number(told, "cost/stage-1/m/usd") + number(told, "cost/stage-2/m/usd"))
                .isCloseTo(spent, within(1e-9));
        assertThat(number(told, "cost/stage-1/m/pairs")).isEqualTo(300);
        assertThat(number(told, "cost/stage-2/m/calls")).isEqualTo(2 * number(told, "cost/stage-2/m/pairs"));
        assertThat(told.get("answer/costs/3 judging in Stage 1, m")).startsWith("$3.0000 for 300 pairs in 600 calls");
    }

    @Test
    void writesDownOnceWhatPeopleCostAndAsksThemForNoMoreThanIsLeft() {
        SmallWorld world = world(5, 300);
        world.judge("m", 0.9, ACTUAL);
        Map<String, String> settings = settings("budget.usd", "60", "human.price", "0.5", "to-label", "100");

        world.run(1, settings);
        world.run(2, settings);

        assertThat(world.all(Cost.class)).hasSize(100).allMatch(cost -> cost.getUsd() == 0.5);
        Map<String, String> told = world.told(2);
        assertThat(number(told, "cost/people/people/usd")).isEqualTo(50);
        double left = 10 - Allowance.usd(world.facts().books().onCalls());
        assertThat(world.all(HumanTask.class).stream()
                        .filter(task -> task.getRound() == 2)
                        .count())
                .isEqualTo((long) Math.floor(left / 0.5));

        Label again = SampleFacts.label("pair-0000", LabelKind.GOLD, LabelOutcome.CHOSEN);
        again.setVotes(3);
        again.setRevision(9);
        world.add("labels", again);
        world.run(3, settings);
        assertThat(world.all(Cost.class)).hasSize(102);
    }

    @Test
    void accountsForEachRoundAndForWhatCameAfter() {
        SmallWorld world = world(6, 400);
        world.judge("m", 0.9, ACTUAL);
        for (String pair : world.unlabelled().subList(0, 50)) {
            world.quoted(pair, 1, WORST);
        }
        world.add(
                "runs",
                new RunRequest(1, Map.of(), Map.of("pairs-in", 400L, "annotations-in", 100L), "labels", List.of(), ""));
        Map<String, String> settings = new TreeMap<>(settings("budget.usd", "1000"));
        settings.put("rounds", "8");

        world.run(1, settings);

        List<RoundAccount> accounts = world.all(RoundAccount.class);
        RoundAccount first = accounts.getFirst();
        RoundAccount lastRound = accounts.get(accounts.size() - 2);
        RoundAccount after = accounts.getLast();
        assertThat(first.getWhy()).isEqualTo("labels");
        assertThat(first.getNewPairs()).isEqualTo(400);
        assertThat(first.getNewLabels()).isEqualTo(100);
        assertThat(first.getRequests()).containsEntry("uncertain", 50L);
        assertThat(first.getSilver()).isEqualTo(50);
        assertThat(first.getUsd()).isCloseTo(50 * ACTUAL, within(1e-9));
        assertThat(first.getAccuracyBefore()).isNull();
        assertThat(first.getEnded()).isEmpty();
        assertThat(lastRound.getEnded()).isNotEmpty();
        assertThat(world.told(1)).containsEntry("rounds/ended", lastRound.getEnded());
        assertThat(after.getRound()).isZero();
        assertThat(after.getRequests()).containsKey("uncertain");
        assertThat(accounts.stream().mapToDouble(RoundAccount::getUsd).sum())
                .isCloseTo(Allowance.usd(world.facts().books().onCalls()), within(1e-9));
        assertThat(accounts.stream().mapToLong(RoundAccount::getVotes).sum())
                .isEqualTo(world.facts().votes().size());
        assertThat(accounts.stream().mapToLong(RoundAccount::getGold).sum()).isEqualTo(100);
    }

    @Test
    void endsRoundsThatBringTooLittleAndSaysSo() {
        Map<String, String> settings = new TreeMap<>(settings("budget.usd", "1000"));
        settings.put("rounds", "8");
        settings.put("stop.gain", "99");
        settings.put("stop.rounds", "1");
        SmallWorld world = world(7, 300);
        world.judge("m", 0.9, ACTUAL);
        world.quoted(world.unlabelled().getFirst(), 1, WORST);

        world.run(1, settings);

        assertThat(world.all(RoundAccount.class)).hasSize(3); // two rounds, and what came after
        assertThat(world.told(1).get("rounds/ended")).contains("gold accuracy");
    }

    @Test
    void asksTheJudgeThatTellsMostForADollarOnceGoldHasMeasuredAll() {
        SmallWorld world = world(8, 300);
        world.judge("cheap", 0.85, 0.001);
        world.judge("strong", 0.95, 0.02);
        Map<String, String> settings = new TreeMap<>(settings("budget.usd", "1000", "sources", "value"));
        settings.put("judge.model", "cheap,strong");

        world.run(1, settings);

        List<LabelRequest> asked = admitted(world);
        List<LabelRequest> all =
                asked.stream().filter(r -> r.getJudges().isEmpty()).toList();
        List<LabelRequest> one =
                asked.stream().filter(r -> !r.getJudges().isEmpty()).toList();
        assertThat(all).hasSize(60).allMatch(r -> !world.unlabelled().contains(r.getPairId()));
        assertThat(one).hasSizeGreaterThan(50).allMatch(r -> r.getJudges().equals(List.of("cheap")));
    }

    @Test
    void leavesToPeopleWhatJudgesOnlyGuess() {
        SmallWorld world = world(9, 300);
        world.judge("coin", 0.5, 0.3);
        Map<String, String> settings =
                new TreeMap<>(settings("budget.usd", "1000", "sources", "value", "human.price", "0.5"));
        settings.put("judge.model", "coin");

        world.run(1, settings);

        Set<String> asked =
                admitted(world).stream().map(LabelRequest::getPairId).collect(Collectors.toSet());
        assertThat(asked).hasSize(60).noneMatch(world.unlabelled()::contains);
        assertThat(world.told(1).get("judges/left-out")).isNotEqualTo("0");
    }

    @Test
    void readsAReserveAsAShareOrAnAmount() {
        assertThat(MoneySettings.of(Map.of("budget.usd", "50", "budget.human-reserve", "20%"))
                        .reserve())
                .isEqualTo(10);
        assertThat(MoneySettings.of(Map.of("budget.usd", "50", "budget.human-reserve", "12.5"))
                        .reserve())
                .isEqualTo(12.5);
    }

    private static SmallWorld world(long seed, int pairs) {
        SmallWorld world = new SmallWorld(seed);
        world.pairs(pairs, 0.65, 0.3);
        world.label(100);
        world.quotes(WORST);
        return world;
    }

    private static Map<String, String> settings(String... more) {
        Map<String, String> settings =
                new TreeMap<>(Map.of("rounds", "1", "judge.model", "m", "retrieval.control", "0"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }

    private static Step start() {
        return new Step(1, Phase.COLLECT, 0);
    }

    private static double number(Map<String, String> told, String key) {
        return Double.parseDouble(told.getOrDefault(key, "NaN"));
    }

    private static List<LabelRequest> admitted(SmallWorld world) {
        return world.all(LabelRequest.class).stream()
                .filter(r -> r.getStrategy().equals(StepRecords.ADMITTED))
                .toList();
    }
}
