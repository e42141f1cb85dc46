package io.prefstream.core.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.prefstream.core.agreement.Votes.Vote;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AgreementTest {

    /** Table C of Krippendorff's paper of 2011: four observers, twelve units, five classes; 0 is missing. */
    private static final int[][] TABLE_C = {
        {1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0},
        {1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3},
        {0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0},
        {1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0},
    };

    @Test
    void findsTheAlphaThatKrippendorffWorksOut() {
        assertThat(value(KrippendorffAlpha.of(tableC()))).isCloseTo(0.743, within(0.0005));
    }

    @Test
    void findsAlphaOfTwoObserversWithoutGaps() {
        // Table B of the same paper, binary data: alpha .095.
        int[] one = {0, 1, 0, 0, 0, 0, 0, 0, 1, 0};
        int[] two = {1, 1, 1, 0, 0, 1, 0, 0, 0, 0};
        List<Vote> votes = new ArrayList<>();
        for (int i = 0; i < one.length; i++) {
            votes.add(new Vote("i" + i, "one", one[i]));
            votes.add(new Vote("i" + i, "two", two[i]));
        }

        assertThat(value(KrippendorffAlpha.of(Votes.of(2, votes)))).isCloseTo(0.095, within(0.0005));
    }

    @Test
    void saysWhyAlphaIsUndefined() {
        assertThat(KrippendorffAlpha.of(Votes.of(3, List.of(new Vote("i", "a", 0))))
                        .undefined())
                .isEqualTo("no pair has two votes");
        assertThat(KrippendorffAlpha.of(Votes.of(3, List.of(new Vote("i", "a", 1), new Vote("i", "b", 1)))))
                .satisfies(alpha -> assertThat(alpha.value()).isNull())
                .satisfies(alpha -> assertThat(alpha.undefined()).contains("one class"))
                .satisfies(alpha -> assertThat(alpha.items()).isEqualTo(1));
    }

    @Test
    void takesItemsOutOfAlphaWithoutATrace() {
        Random random = new Random(3);
        KrippendorffAlpha alpha = new KrippendorffAlpha(3);
        KrippendorffAlpha changed = new KrippendorffAlpha(3);
        List<int[]> gone = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            int[] counts = {random.nextInt(4), random.nextInt(3), random.nextInt(2)};
            changed.add(counts);
            if (random.nextBoolean()) {
                alpha.add(counts);
            } else {
                gone.add(counts);
            }
        }
        Collections.shuffle(gone, random);
        gone.forEach(changed::remove);

        assertThat(changed.value()).isEqualTo(alpha.value());
    }

    @Test
    void isOneOnFullAgreementAndAboutNoughtOnChance() {
        Random random = new Random(5);
        List<Vote> same = new ArrayList<>();
        List<Vote> chance = new ArrayList<>();
        for (int i = 0; i < 4000; i++) {
            int truth = random.nextInt(3);
            for (int a = 0; a < 3; a++) {
                same.add(new Vote("i" + i, "a" + a, truth));
                chance.add(new Vote("i" + i, "a" + a, random.nextInt(3)));
            }
        }

        assertThat(value(KrippendorffAlpha.of(Votes.of(3, same)))).isEqualTo(1);
        assertThat(value(KrippendorffAlpha.of(Votes.of(3, chance)))).isCloseTo(0, within(0.03));
    }

    @Test
    void knowsNoOrderAndNoNamesOfClasses() {
        Random random = new Random(7);
        List<Vote> votes = SeededVotes.of(300, 4, 10, 1).votes();
        List<Vote> shuffled = new ArrayList<>(votes);
        Collections.shuffle(shuffled, random);
        int[] other = {2, 0, 1};
        List<Vote> renamed = votes.stream()
                .map(v -> new Vote(v.item(), v.annotator(), other[v.choice()]))
                .toList();
        Coefficient alpha = KrippendorffAlpha.of(Votes.of(3, votes));
        var batch = DawidSkene.fit(Votes.of(3, votes), DawidSkene.Options.PLAIN);
        var batchOfRenamed = DawidSkene.fit(Votes.of(3, renamed), DawidSkene.Options.PLAIN);

        assertThat(KrippendorffAlpha.of(Votes.of(3, shuffled))).isEqualTo(alpha);
        assertThat(value(KrippendorffAlpha.of(Votes.of(3, renamed)))).isCloseTo(value(alpha), within(1e-12));
        assertThat(DawidSkene.fit(Votes.of(3, shuffled), DawidSkene.Options.PLAIN)
                        .posteriors())
                .isDeepEqualTo(batch.posteriors());
        for (int i = 0; i < batch.items().size(); i++) {
            for (int c = 0; c < 3; c++) {
                assertThat(batchOfRenamed.posteriors()[i][other[c]]).isCloseTo(batch.posteriors()[i][c], within(1e-9));
            }
        }
    }

    @Test
    void findsTheKappaOfATextbook() {
        // Two readers of fifty proposals: 20 and 15 alike, 5 and 10 not. Agreement .7, by chance .5.
        assertThat(value(CohenKappa.of(new long[][] {{20, 5}, {10, 15}}))).isCloseTo(0.4, within(1e-12));
        // Cohen's own table of 1960, in shares of 200: kappa .492.
        assertThat(value(CohenKappa.of(new long[][] {{88, 14, 18}, {10, 40, 10}, {2, 6, 12}})))
                .isCloseTo(0.492, within(0.0005));
    }

    @Test
    void saysWhyKappaIsUndefined() {
        assertThat(CohenKappa.of(new long[2][2]).undefined()).contains("no pair in common");
        assertThat(CohenKappa.of(new long[][] {{9, 0}, {0, 0}}).undefined()).contains("same one class");
        assertThat(value(CohenKappa.of(new long[][] {{9, 1}, {0, 0}}))).isZero();
    }

    @Test
    void refusesACoefficientThatIsNoNumber() {
        assertThatThrownBy(() -> new Coefficient(Double.NaN, 1, null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Coefficient(null, 1, null)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Votes tableC() {
        List<Vote> votes = new ArrayList<>();
        for (int o = 0; o < TABLE_C.length; o++) {
            for (int u = 0; u < TABLE_C[o].length; u++) {
                if (TABLE_C[o][u] > 0) {
                    votes.add(new Vote("u" + u, "o" + o, TABLE_C[o][u] - 1));
                }
            }
        }
        return Votes.of(5, votes);
    }

    private static double value(Coefficient coefficient) {
        return Objects.requireNonNull(coefficient.value(), coefficient.toString());
    }
}
