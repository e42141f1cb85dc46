package io.prefstream.consistencyfilter.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.core.verdict.HumanOutcome;
import io.prefstream.core.verdict.Judges;
import io.prefstream.core.verdict.Verdict.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WhyNotPropertyTest {

    private static final Map<String, String> TOLD = Map.ofEntries(
            Map.entry("gold/state", "READY"),
            Map.entry("gate/keep", "closed"),
            Map.entry("gate/flip", "open"),
            Map.entry("gate/labels", "40"),
            Map.entry("gate/labels/right", "32"),
            Map.entry("gate/keep/right", "10"),
            Map.entry("gate/keep/n", "10"),
            Map.entry("gate/flip/right", "20"),
            Map.entry("gate/flip/n", "20"),
            Map.entry("calibrator/0", "0"),
            Map.entry("calibrator/1", "0.5"),
            Map.entry("calibrator/2", "0.5"),
            Map.entry("calibrator/3", "1"));

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyToldChangeGivesTheAskedVerdictAndNoWayHoldsAnother(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 150; i++) {
            Evidence evidence = Cases.evidence(random);
            DecisionSettings settings = Cases.settings(random);
            Kind asked = random.nextBoolean() ? Kind.KEEP : Kind.FLIP;

            List<WhyNot.Way> ways = WhyNot.ways(evidence, settings, asked);

            assertThat(ways).isNotEmpty(); // people can always decide, once the cleaning rules let them
            boolean there = Decision.of(evidence, settings).verdict().kind() == asked;
            assertThat(ways.getFirst().changes().isEmpty()).isEqualTo(there);
            Set<Set<String>> seen = new HashSet<>();
            for (WhyNot.Way way : ways) {
                assertThat(Decision.of(way.evidence(), way.settings()).verdict())
                        .isEqualTo(way.verdict())
                        .extracting("kind")
                        .isEqualTo(asked);
                assertThat(seen.add(new HashSet<>(way.changes()))).isTrue();
            }
        }
    }

    @Test
    void aPairUnderAClosedGateNeedsTheGateOrPeople() {
        assertThat(ways(evidence(HumanOutcome.NONE, 3, 3), TOLD, Kind.KEEP))
                .containsExactly(
                        List.of("people say that the original label is right"),
                        List.of(
                                "gold proves KEEP (10 of 10 labels in its region agree; 2 more that agree would open its gate)"));
    }

    @Test
    void anUncertainPairIsToldHowFarItIsFromTheThreshold() {
        Map<String, String> open = new TreeMap<>(TOLD);
        open.put("gate/keep", "open");

        assertThat(ways(evidence(HumanOutcome.NONE, 1, 1), open, Kind.KEEP))
                .contains(
                        List.of("--keep 0.731 instead of 0.85, with the gates as they are"),
                        List.of("the best model's margin is 2.4693 (p_best 0.9220) instead of 1.0000 (0.7311)"),
                        List.of("LLM judges are asked and call the label right"));
    }

    @Test
    void whatPeopleSaidOnlyTheyCanUndo() {
        Map<String, String> open = new TreeMap<>(TOLD);
        open.put("gate/keep", "open");

        assertThat(ways(evidence(HumanOutcome.REJECTED, 3, 3), open, Kind.KEEP))
                .containsExactly(
                        List.of("people say instead that the original label is right"),
                        List.of("people say nothing, so that the models decide"));
    }

    @Test
    void aFlipThatAnAuditHoldsBackNeedsTheAuditToHold() {
        Map<String, String> off = new TreeMap<>(TOLD);
        off.put(DecisionSettings.FLIPS_OFF + "Math", "9 of 20");

        assertThat(ways(evidence(HumanOutcome.NONE, -4, -4), off, Kind.FLIP))
                .containsExactly(
                        List.of("people say that the other answer is better"),
                        List.of("people's audit of flips switches none off (9 of 20)"));
        off.remove(DecisionSettings.FLIPS_OFF + "Math");
        off.put(DecisionSettings.FLIPS_OFF + "Code", "9 of 20");
        assertThat(ways(evidence(HumanOutcome.NONE, -4, -4), off, Kind.FLIP)).containsExactly(List.of());
    }

    private static Evidence evidence(HumanOutcome human, double best, double gold) {
        return new Evidence(human, false, null, false, best, gold, Judges.NOT_ASKED, null, null, null, "Math");
    }

    private static List<List<String>> ways(Evidence evidence, Map<String, String> told, Kind asked) {
        return WhyNot.ways(evidence, DecisionSettings.of(told), asked).stream()
                .map(WhyNot.Way::changes)
                .toList();
    }
}
