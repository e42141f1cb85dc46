package io.prefstream.trainer.round;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.kit.topic.Topics;
import io.prefstream.trainer.domain.Phase;
import io.prefstream.trainer.domain.Step;
import io.prefstream.wire.Centroid;
import io.prefstream.wire.DeadLetter;
import io.prefstream.wire.PairSelection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SelectingTest {

    private static SmallWorld world(long seed) {
        SmallWorld world = new SmallWorld(seed);
        world.pairs(400, 0.75, 2);
        world.label(100);
        return world;
    }

    private static Map<String, String> preset(String... more) {
        Map<String, String> settings = new HashMap<>(
                Map.of("rounds", "1", "to-label", "20", "selection", "preset", "selection.clusters", "8"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }

    private static List<PairSelection> picked(SmallWorld world) {
        return world.all(PairSelection.class).stream()
                .filter(PairSelection::getSelected)
                .toList();
    }

    @Test
    void selectsBeforeItDecidesAndLeavesOutWhatPeopleDecided() {
        SmallWorld world = world(1);

        List<Phase> phases = world.run(1, preset());

        assertThat(phases)
                .containsExactly(Phase.TRAIN, Phase.EVALUATE, Phase.FINAL, Phase.SELECT, Phase.DECIDE, Phase.DONE);
        List<PairSelection> all = world.all(PairSelection.class);
        assertThat(all)
                .extracting(PairSelection::getPairId)
                .doesNotHaveDuplicates()
                .isSubsetOf(world.unlabelled());
        assertThat(picked(world)).isNotEmpty().allSatisfy(pair -> {
            assertThat(pair.getWhy()).isNull();
            assertThat(pair.getRank()).isPositive();
            assertThat(pair.getGain()).isPositive();
            assertThat(pair.getAgreement()).isGreaterThanOrEqualTo(0.8);
            assertThat(pair.getMargin()).isGreaterThan(0.3);
        });
        assertThat(all).filteredOn(pair -> !pair.getSelected()).isNotEmpty().allSatisfy(pair -> {
            assertThat(pair.getWhy()).isNotBlank();
            assertThat(pair.getRank()).isZero();
        });
    }

    @Test
    void picksItsShareOfEachTopicAndTellsWhereTheTopicsLie() {
        SmallWorld world = world(2);

        world.run(1, preset("selection.share", "0.25"));

        Map<Integer, int[]> counted = new TreeMap<>(); // beyond the thresholds, picked
        for (PairSelection pair : world.all(PairSelection.class)) {
            int[] of = counted.computeIfAbsent(pair.getTopic(), t -> new int[2]);
            of[0] += pair.getAgreement() >= 0.8 && pair.getMargin() > 0.3 ? 1 : 0;
            of[1] += pair.getSelected() ? 1 : 0;
        }
        counted.forEach((topic, of) -> assertThat(of[1]).isEqualTo((int) Math.round(0.25 * of[0])));
        List<Centroid> topics = world.all(Centroid.class);
        assertThat(topics).hasSize(8).extracting(Centroid::getTopic).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(topics).allSatisfy(topic -> {
            assertThat(topic.getVector().remaining()).isEqualTo(16 * Float.BYTES);
            assertThat(topic.getSelected())
                    .isEqualTo(counted.getOrDefault(topic.getTopic(), new int[2])[1])
                    .isLessThanOrEqualTo(topic.getPublished());
        });
        assertThat(topics.stream().mapToInt(Centroid::getPool).sum()).isEqualTo(300);
        assertThat(topics.stream().mapToInt(Centroid::getPublished).sum())
                .isEqualTo(world.all(PairSelection.class).size());
        assertThat(world.told(1).get("answer/selection/1 picked"))
                .startsWith(picked(world).size() + " of "
                        + world.all(PairSelection.class).size() + " pairs");
        assertThat(world.told(1).get("answer/selection/2 effective topics")).endsWith("; 8 topics");
    }

    @Test
    void itsPicksAreMoreDiverseThanPairsDrawnAtRandom() {
        SmallWorld world = world(3);

        world.run(1, preset("selection.clusters", "1"));

        String[] words = world.told(1)
                .get("answer/selection/3 log-determinant")
                .replace(",", "")
                .split(" ", -1);
        assertThat(Double.parseDouble(words[0])).isGreaterThan(Double.parseDouble(words[2]));
    }

    @Test
    void theSameFactsGiveTheSameRecords() {
        SmallWorld one = world(4);
        SmallWorld other = world(4);

        one.run(1, preset());
        other.run(1, preset());

        assertThat(one.all(PairSelection.class)).isNotEmpty();
        assertThat(one.records()).isEqualTo(other.records());
    }

    @Test
    void judgesWhoAreAgainstALabelHoldItBack() {
        SmallWorld world = world(5);
        world.judge("m", 0, 0); // always wrong, so that gold learns to distrust it

        world.run(1, preset("judge.model", "m", "budget.usd", "10"));

        Set<String> asked = new HashSet<>();
        world.facts().votes().forEach(vote -> asked.add(vote.getPairId()));
        assertThat(world.all(PairSelection.class))
                .filteredOn(pair -> asked.contains(pair.getPairId()))
                .isNotEmpty()
                .allSatisfy(pair -> assertThat(pair.getAgreement()).isIn(0.0, 1.0));
        assertThat(world.all(PairSelection.class))
                .filteredOn(pair -> pair.getAgreement() < 0.8)
                .isNotEmpty()
                .allSatisfy(pair -> assertThat(pair.getWhy()).contains("of the votes are for its label"));
    }

    @Test
    void aPairThatDiedElsewhereIsNoCandidate() {
        SmallWorld world = world(6);
        SmallWorld other = world(6);
        world.run(1, preset());
        String first = world.all(PairSelection.class).getFirst().getPairId();

        other.facts()
                .add(
                        Topics.deadLetters("retrieval").name(),
                        first,
                        new DeadLetter("retrieval", "pairs", 0, 0L, "processing", "bug", first, null));
        other.run(1, preset());

        assertThat(other.all(PairSelection.class))
                .hasSize(world.all(PairSelection.class).size() - 1)
                .extracting(PairSelection::getPairId)
                .doesNotContain(first);
    }

    @Test
    void withoutGoldItSelectsNothingAndStillDecides() {
        SmallWorld world = new SmallWorld(7);
        world.pairs(50, 0.75, 2);
        SmallWorld empty = new SmallWorld(7);

        assertThat(world.run(1, preset())).containsExactly(Phase.SELECT, Phase.DECIDE, Phase.DONE);
        assertThat(empty.run(1, preset())).containsExactly(Phase.SELECT, Phase.DECIDE, Phase.DONE);

        assertThat(world.all(PairSelection.class)).isEmpty();
        assertThat(world.told(1).get("answer/selection/1 picked")).startsWith("0 of 0 pairs");
    }

    @Test
    void aReplayOfRecordedFactsSelectsAnew() {
        SmallWorld world = world(8);
        world.run(1, preset());

        Step next = world.step(new Step(1, Phase.RECORDED, 1), preset("selection.share", "1"));

        assertThat(next.phase()).isEqualTo(Phase.SELECT);
        assertThat(world.step(next, preset()).phase()).isEqualTo(Phase.DECIDE);
        assertThat(world.step(new Step(1, Phase.RECORDED, 1), Map.of()).phase()).isEqualTo(Phase.DECIDE);
    }
}
