package io.prefstream.consistencyfilter.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.consistencyfilter.domain.Cause.Case;
import io.prefstream.core.verdict.HumanOutcome;
import io.prefstream.core.verdict.Judges;
import io.prefstream.core.verdict.Verdict.Kind;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CausePropertyTest {

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theCauseGivesTheOtherVerdictAndNoPartOfItDoes(long seed) {
        Random random = new Random(seed);
        int changed = 0;
        for (int i = 0; i < 200; i++) {
            Case a = new Case(Cases.evidence(random), Cases.settings(random));
            Case b = new Case(Cases.evidence(random), Cases.settings(random));

            List<Set<Cause>> causes = Cause.between(a, b);

            assertThat(Cause.between(a, a)).isEmpty();
            assertThat(causes.isEmpty())
                    .isEqualTo(a.verdict().kind() == b.verdict().kind());
            changed += causes.isEmpty() ? 0 : 1;
            for (Set<Cause> cause : causes) {
                assertThat(Cause.differing(a, b)).containsAll(cause);
                assertThat(Cause.mixed(a, b, cause).verdict().kind())
                        .isEqualTo(b.verdict().kind());
                for (Cause part : cause) {
                    Set<Cause> less = EnumSet.copyOf(cause);
                    less.remove(part);
                    assertThat(Cause.mixed(a, b, less).verdict().kind())
                            .isNotEqualTo(b.verdict().kind());
                }
            }
            assertThat(Cause.mixed(a, b, EnumSet.allOf(Cause.class)).verdict()).isEqualTo(b.verdict());
        }
        assertThat(changed).isPositive();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"epsilon", "epsilon.gold"})
    void aBandAloneIsACause(String band) {
        Map<String, String> told = new TreeMap<>(Map.of(
                "gold/state",
                "READY",
                "gate/keep",
                "open",
                "calibrator/0",
                "3",
                "calibrator/1",
                "1",
                "calibrator/2",
                "1"));
        Evidence evidence =
                new Evidence(HumanOutcome.NONE, false, null, false, 0.2, 0.2, Judges.NOT_ASKED, null, null, null, "");
        Case without = new Case(evidence, DecisionSettings.of(told));
        told.put(band, "0.1");
        Case with = new Case(evidence, DecisionSettings.of(told));

        assertThat(without.verdict().kind()).isEqualTo(Kind.KEEP);
        assertThat(Cause.between(without, with)).containsExactly(EnumSet.of(Cause.THRESHOLDS));
    }
}
