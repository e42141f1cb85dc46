package io.prefstream.trainer.round;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.core.select.Strategy;
import io.prefstream.trainer.domain.Phase;
import io.prefstream.wire.HumanTask;
import io.prefstream.wire.LabelRequest;
import io.prefstream.wire.ScoringRequest;
import io.prefstream.wire.ScoringSet;
import io.prefstream.wire.TrainingRun;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FetchingTest {

    private static final List<String> KINDS = List.of("Math", "Planning", "Editing");

    @Test
    void similarityLeavesTheSearchToRetrieval() {
        SmallWorld world = run(Map.of());

        assertThat(world.all(LabelRequest.class)).isEmpty();
        assertThat(world.all(ScoringRequest.class))
                .extracting(ScoringRequest::getSet)
                .contains(ScoringSet.EVALUATE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"posterior", "disagreement", "random"})
    void otherStrategiesAskForAsManyPairsAsTheAnchorsWould(String strategy) {
        SmallWorld world = run(Map.of("retrieval.strategy", strategy));
        List<LabelRequest> requests = world.all(LabelRequest.class);

        assertThat(world.all(ScoringRequest.class))
                .extracting(ScoringRequest::getSet)
                .doesNotContain(ScoringSet.EVALUATE);
        // 60 gold pairs ask for 1 to 8 each.
        assertThat(requests).hasSizeBetween(60, 480).allSatisfy(request -> {
            assertThat(request.getStrategy()).isEqualTo(strategy);
            assertThat(request.getAnchors()).isEmpty();
            assertThat(request.getRound()).isEqualTo(1);
        });
        assertThat(requests)
                .extracting(LabelRequest::getPairId)
                .doesNotHaveDuplicates()
                .allMatch(world.unlabelled()::contains);
        assertThat(requests)
                .extracting(LabelRequest::getPairId)
                .isEqualTo(run(Map.of("retrieval.strategy", strategy)).all(LabelRequest.class).stream()
                        .map(LabelRequest::getPairId)
                        .toList());
    }

    @Test
    void everyStrategyButSimilarityAsksForTheSameNumber() {
        Set<Integer> sizes = new HashSet<>();
        for (String strategy : Strategy.names().subList(1, 4)) {
            sizes.add(run(Map.of("retrieval.strategy", strategy, "retrieval.control", "0.1"))
                    .all(LabelRequest.class)
                    .size());
        }

        assertThat(sizes).hasSize(1);
    }

    @Test
    void theControlArmIsDrawnApartAndMarked() {
        List<LabelRequest> requests = run(Map.of("retrieval.strategy", "disagreement", "retrieval.control", "0.25"))
                .all(LabelRequest.class);
        long control = requests.stream()
                .filter(r -> r.getStrategy().equals(Strategy.CONTROL))
                .count();

        assertThat(control).isEqualTo(Math.round(0.25 * requests.size()));
        assertThat(requests).extracting(LabelRequest::getPairId).doesNotHaveDuplicates();
        assertThat(run(Map.of("retrieval.control", "0.25")).all(LabelRequest.class))
                .hasSize((int) control)
                .allMatch(r -> r.getStrategy().equals(Strategy.CONTROL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"posterior", "disagreement", "random"})
    void quotasHoldForEveryStrategy(String strategy) {
        SmallWorld world = run(Map.of("retrieval.strategy", strategy, "retrieval.quotas", "Math/*=5,Planning/*=10%"));
        List<LabelRequest> requests = world.all(LabelRequest.class);

        assertThat(of(world, requests, "Math")).isEqualTo(5);
        assertThat(of(world, requests, "Planning")).isBetween(6L, requests.size() / 10L);
    }

    @Test
    void quotasHoldForWhatRetrievalFetchedToo() {
        SmallWorld world = new SmallWorld(3);
        world.pairs(300, 0.75, 2);
        world.attributes(KINDS);
        world.label(60);
        List<String> open = world.unlabelled();
        for (int i = 0; i < 30; i++) {
            world.fetched(open.get(i), i == 0 ? 3 : 1);
        }

        List<Phase> phases = world.run(
                1, Map.of("rounds", "1", "retrieval.quotas", "Math/*=4,Planning/*=10%", "retrieval.control", "0"));

        assertThat(phases)
                .containsExactly(Phase.TRAIN, Phase.EVALUATE, Phase.LABEL, Phase.FINAL, Phase.DECIDE, Phase.DONE);
        List<LabelRequest> admitted = world.all(LabelRequest.class);
        assertThat(admitted).allMatch(r -> r.getStrategy().equals(StepRecords.ADMITTED));
        assertThat(admitted.getFirst().getPairId()).isEqualTo(open.getFirst()); // of three anchors
        assertThat(of(world, admitted, "Math")).isEqualTo(4);
        assertThat(of(world, admitted, "Planning")).isEqualTo(3);
        assertThat(of(world, admitted, "Editing")).isEqualTo(10);
        assertThat(world.told(1)).containsEntry(Fetching.ADMITTED_ONLY, "true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"posterior", "disagreement", "random"})
    void peopleAreAskedByTheSameStrategy(String strategy) {
        SmallWorld world = run(Map.of("retrieval.strategy", strategy, "retrieval.quotas", "Math/*=2"));
        List<HumanTask> tasks = world.all(HumanTask.class);

        assertThat(tasks).hasSize(20);
        assertThat(tasks.stream()
                        .filter(task ->
                                !task.getAudit() && world.kind(task.getPairId()).equals("Math")))
                .hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void tellsFiguresOfEveryStratumThatAddUp() {
        SmallWorld world = run(Map.of("retrieval.strategy", "random", "retrieval.control", "0.1"));
        Map<String, String> told = world.told(1);

        assertThat(sum(told, Strata.STRATUM, "pairs")).isEqualTo(800);
        assertThat(sum(told, Strata.STRATUM, "gold")).isEqualTo(60);
        assertThat(sum(told, Strata.STRATUM, "fetched"))
                .isEqualTo(world.all(LabelRequest.class).size())
                .isEqualTo(sum(told, Strata.FETCHED, "pairs"));
        assertThat(told.keySet())
                .contains(Strata.STRATUM + "Math/objective/low", Strata.FETCHED + "control", Strata.FETCHED + "random");
        int right = world.all(TrainingRun.class).stream()
                .filter(TrainingRun::getChosenAsBest)
                .mapToInt(TrainingRun::getGoldCorrect)
                .sum();
        assertThat(sum(told, Strata.STRATUM, "best_right")).isEqualTo(right);
    }

    private static SmallWorld run(Map<String, String> settings) {
        SmallWorld world = new SmallWorld(3);
        world.pairs(800, 0.75, 1);
        world.attributes(KINDS);
        world.label(60);
        Map<String, String> all = new HashMap<>(Map.of("rounds", "1", "to-label", "20", "retrieval.control", "0"));
        all.putAll(settings);
        world.run(1, all);
        return world;
    }

    private static long of(SmallWorld world, List<LabelRequest> requests, String kind) {
        return requests.stream()
                .filter(r -> world.kind(r.getPairId()).equals(kind))
                .count();
    }

    private static int sum(Map<String, String> told, String prefix, String cell) {
        return told.entrySet().stream()
                .filter(row -> row.getKey().startsWith(prefix))
                .flatMap(row -> Arrays.stream(row.getValue().split(" ", -1)))
                .filter(word -> word.startsWith(cell + "="))
                .mapToInt(word -> Integer.parseInt(word.substring(cell.length() + 1)))
                .sum();
    }
}
