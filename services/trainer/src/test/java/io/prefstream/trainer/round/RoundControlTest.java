package io.prefstream.trainer.round;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.trainer.domain.Phase;
import io.prefstream.trainer.domain.Step;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointRole;
import io.prefstream.wire.FusionModel;
import io.prefstream.wire.HumanTask;
import io.prefstream.wire.LabelRequest;
import io.prefstream.wire.RaterConfusion;
import io.prefstream.wire.RaterKind;
import io.prefstream.wire.TagRequest;
import io.prefstream.wire.TrainingRun;
import io.prefstream.wire.Vote;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundControlTest {

    private static final Map<String, String> ONE_ROUND = Map.of("rounds", "1", "to-label", "20");

    @Test
    void goesThroughItsStepsAndOpensTheGateWhenFeaturesTellRightFromWrong() {
        SmallWorld world = new SmallWorld(1);
        world.pairs(400, 0.75, 2);
        world.label(100);

        List<Phase> phases = world.run(1, ONE_ROUND);

        assertThat(phases).containsExactly(Phase.TRAIN, Phase.EVALUATE, Phase.FINAL, Phase.DECIDE, Phase.DONE);
        Map<String, String> told = world.told(1);
        assertThat(told).containsEntry("gold/state", "READY").containsEntry("gate/keep", "open");
        assertThat(world.all(TrainingRun.class))
                .extracting(TrainingRun::getFamily)
                .containsExactlyInAnyOrder("pool", "gold");
    }

    @Test
    void learnsOfItsAnnotatorsBeforeItTrainsAndTellsTheFilterOfTheJudges() {
        SmallWorld world = new SmallWorld(1);
        world.pairs(400, 0.75, 2);
        world.label(100);
        world.vote(RaterKind.HUMAN, "ann", 100, 1);
        world.vote(RaterKind.HUMAN, "bob", 60, 1);
        world.vote(RaterKind.JUDGE, "llm", 100, 0);

        List<Phase> phases =
                world.run(1, Map.of("rounds", "1", "to-label", "20", "fusion", "dawid-skene", "judge.model", "llm"));

        assertThat(phases.subList(0, 2)).containsExactly(Phase.FUSE, Phase.TRAIN);
        assertThat(phases).contains(Phase.LABEL).containsSubsequence(Phase.LABEL, Phase.FUSE, Phase.FINAL);
        FusionModel learnt = world.all(FusionModel.class).getFirst();
        assertThat(learnt.getPeople().getAnnotators())
                .extracting(RaterConfusion::getAnnotator)
                .contains("ann", "bob");
        assertThat(learnt.getJudges().getAnnotators())
                .filteredOn(of -> of.getTaskCategory().isEmpty())
                .singleElement()
                .satisfies(llm -> assertThat(llm.getGiven().get(0)).isLessThan(0.2));
        assertThat(world.told(1)).containsKey("fusion/judge/llm");
        assertThat(world.told(1).get("answer/agreement/1 people")).startsWith("alpha 1.000 on 60 pairs");
        assertThat(world.all(Vote.class))
                .hasSize(200)
                .allSatisfy(vote -> assertThat(vote.getKind()).isEqualTo(RaterKind.REWARD_MODEL));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void provesNothingOnFeaturesThatTellNothing(long seed) {
        SmallWorld world = new SmallWorld(seed);
        world.pairs(300, 0.7, 0);
        world.label(150);

        world.run(1, ONE_ROUND);

        assertThat(world.told(1)).containsEntry("gate/keep", "closed").containsEntry("gate/flip", "closed");
        // A model that saw its own gold pair would rank it right: with nothing to learn, out of fold is a coin's toss.
        for (TrainingRun training : world.all(TrainingRun.class)) {
            if (training.getFamily().equals("gold")) {
                assertThat(training.getAccuracy()).isBetween(0.4, 0.75);
            }
        }
    }

    @Test
    void givesTheSameRecordsForTheSameFacts() {
        SmallWorld one = new SmallWorld(3);
        one.pairs(200, 0.75, 2);
        one.label(60);
        SmallWorld other = new SmallWorld(3);
        other.pairs(200, 0.75, 2);
        other.label(60);

        one.run(1, ONE_ROUND);
        other.run(1, ONE_ROUND);

        assertThat(one.records()).isEqualTo(other.records());
    }

    @Test
    void servesModelsOfAllFoldsOnlyAndNeverAFoldsOwn() {
        SmallWorld world = new SmallWorld(4);
        world.pairs(200, 0.75, 2);
        world.label(60);

        world.run(1, ONE_ROUND);

        Set<CheckpointRole> served = new HashSet<>();
        for (Checkpoint checkpoint : world.all(Checkpoint.class)) {
            if (checkpoint.getRole() == CheckpointRole.BEST || checkpoint.getRole() == CheckpointRole.GOLD) {
                served.add(checkpoint.getRole());
                assertThat(checkpoint.getFold()).isEqualTo(-1);
            }
        }
        assertThat(served).containsExactlyInAnyOrder(CheckpointRole.BEST, CheckpointRole.GOLD);
    }

    @Test
    void saysOfEachModelHowManyPairsItHasSeen() {
        SmallWorld world = new SmallWorld(4);
        world.pairs(200, 0.75, 2);
        world.label(60);

        world.run(1, ONE_ROUND);

        int seen = 0;
        for (Checkpoint checkpoint : world.all(Checkpoint.class)) {
            if (checkpoint.getFamily().equals("gold") && checkpoint.getFold() >= 0) {
                assertThat(checkpoint.getTrainedOn()).isLessThan(60);
                seen += checkpoint.getTrainedOn();
            }
        }
        assertThat(seen).isEqualTo(4 * 60); // each pair is left out by one of five
    }

    @Test
    void withoutEnoughGoldDecidesAtOnceAndAsksPeople() {
        SmallWorld world = new SmallWorld(5);
        world.pairs(100, 0.75, 2);
        world.label(10);

        List<Phase> phases = world.run(1, ONE_ROUND);

        assertThat(phases).containsExactly(Phase.DECIDE, Phase.DONE);
        assertThat(world.told(1)).containsEntry("gold/state", "TOO_FEW");
        assertThat(world.told(1).get("answer/gold/1 answer")).contains("10 decided human labels", "to-label.jsonl");
        assertThat(world.all(HumanTask.class)).hasSize(20);
        assertThat(world.all(HumanTask.class)).filteredOn(HumanTask::getAudit).hasSize(2);
    }

    @Test
    void labelsThatAllPointOneWayCalibrateNothing() {
        SmallWorld world = new SmallWorld(6);
        world.pairs(100, 1, 2);
        world.label(50);

        world.run(1, ONE_ROUND);

        assertThat(world.told(1)).containsEntry("gold/state", "ONE_SIDED").containsEntry("gate/keep", "closed");
    }

    @Test
    void letsThroughWhatTheMoneyAllowsInOrderOfPriority() {
        SmallWorld world = new SmallWorld(7);
        world.pairs(100, 0.75, 2);
        world.label(40);
        Map<String, String> settings = Map.of("judge.model", "m", "budget.usd", "1.0", "judges.max-calls", "1000");
        List<String> pool = world.unlabelled();
        for (int i = 0; i < 10; i++) {
            world.quoted(pool.get(i), i, 0.1); // the last is wanted most
        }

        world.step(new Step(1, Phase.EVALUATE, 1), settings);

        // Half of the dollar is kept for the last step.
        assertThat(world.all(LabelRequest.class))
                .filteredOn(r -> r.getStrategy().equals("admitted"))
                .extracting(LabelRequest::getPairId)
                .containsExactly(pool.get(9), pool.get(8), pool.get(7), pool.get(6), pool.get(5));
        assertThat(world.told(1)).containsEntry("judges/left-out", "5").containsEntry("judges/calls", "10");
    }

    @Test
    void anotherRoundOfTheSameRunPaysForNoPairTwice() {
        SmallWorld world = new SmallWorld(8);
        world.pairs(100, 0.75, 2);
        world.label(40);
        Map<String, String> settings = Map.of("judge.model", "m", "judges.max-calls", "8");
        for (String pair : world.unlabelled().subList(0, 10)) {
            world.quoted(pair, 1, 0);
        }

        world.step(new Step(1, Phase.EVALUATE, 1), settings);
        world.step(new Step(1, Phase.EVALUATE, 2), settings);
        world.step(new Step(1, Phase.JUDGE, 2), settings);

        // Two calls a pair: half of eight in the rounds, the rest at the end.
        assertThat(world.all(LabelRequest.class))
                .filteredOn(r -> r.getStrategy().equals("admitted"))
                .extracting(LabelRequest::getPairId)
                .doesNotHaveDuplicates()
                .hasSize(4);
    }

    @Test
    void hasGoldAndJudgedPairsDescribedBeforeJudgesSeeThem() {
        SmallWorld world = new SmallWorld(10);
        world.pairs(100, 0.75, 2);
        world.label(40);
        world.tagQuoted(1.0 / 128);
        Map<String, String> settings = Map.of(
                "judge.model",
                "m",
                "tagger.model",
                "t",
                "budget.usd",
                "1.0",
                "judges.max-calls",
                "1000",
                "rounds",
                "1");
        List<String> pool = world.unlabelled();
        for (int i = 0; i < 10; i++) {
            world.quoted(pool.get(i), i, 0.125);
        }

        List<Phase> phases = world.run(1, settings);

        assertThat(phases)
                .containsExactly(
                        Phase.TAG_GOLD,
                        Phase.TRAIN,
                        Phase.EVALUATE,
                        Phase.TAG_FETCHED,
                        Phase.PROBE,
                        Phase.LABEL,
                        Phase.FINAL,
                        Phase.JUDGE,
                        Phase.TAG_OPEN,
                        Phase.ASK,
                        Phase.DECIDE,
                        Phase.DONE);
        List<String> described =
                world.all(TagRequest.class).stream().map(TagRequest::getPairId).toList();
        List<String> judged = world.all(LabelRequest.class).stream()
                .filter(r -> r.getStrategy().equals("admitted"))
                .map(LabelRequest::getPairId)
                .toList();
        // A quarter of the dollar describes 32 of the 40 gold pairs; half of it describes and judges three.
        assertThat(described).doesNotHaveDuplicates();
        assertThat(described.stream().filter(id -> !pool.contains(id))).hasSize(32);
        assertThat(judged).isNotEmpty().allMatch(described::contains);
        assertThat(judged.subList(0, 3)).containsExactly(pool.get(9), pool.get(8), pool.get(7));
        assertThat(world.told(1).get("answer/judges/3 attributes")).startsWith("0 of " + described.size());
    }

    @Test
    void gatesCountAuditLabelsAloneOnceThereAreThirty() {
        SmallWorld world = new SmallWorld(9);
        world.pairs(400, 0.75, 2);
        world.label(100);
        world.audit(40);

        world.run(1, ONE_ROUND);

        assertThat(world.told(1).get("answer/gold/1 labels")).startsWith("40 decided");
        assertThat(world.told(1).get("answer/gold/2 drawn by")).startsWith("40 audit labels");
    }
}
