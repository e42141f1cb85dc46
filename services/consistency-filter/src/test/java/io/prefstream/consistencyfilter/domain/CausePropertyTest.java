package io.prefstream.consistencyfilter.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.consistencyfilter.domain.Cause.Case;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
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
}
