package io.prefstream.core.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.core.verdict.FlipAudit.Decided;
import io.prefstream.core.verdict.FlipAudit.Row;
import io.prefstream.core.verdict.ToLabel.Pick;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlipAuditTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0.02, 0",
        "7, 0.02, 7",
        "20, 0.02, 20",
        "1000, 0.02, 20",
        "1001, 0.02, 21",
        "1001, 0, 0",
        "30, 1, 30"
    })
    void drawsAShareButTwentyAtLeastWhenThereAreSoMany(int flips, double share, int drawn) {
        assertThat(FlipAudit.draw(ids(flips), share, 7)).hasSize(drawn).doesNotHaveDuplicates();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void theOrderOfTheFlipsDoesNotMatterAndWhatNobodyLabelledIsDrawnAgain(long seed) {
        List<String> flips = ids(300);
        List<String> drawn = FlipAudit.draw(flips, 0.02, seed);
        Collections.shuffle(flips, new Random(seed));
        assertThat(FlipAudit.draw(flips, 0.02, seed)).isEqualTo(drawn);

        flips.removeAll(drawn.subList(0, 5)); // labelled since
        assertThat(FlipAudit.draw(flips, 0.02, seed).subList(0, 15)).isEqualTo(drawn.subList(5, 20));
    }

    @Test
    void switchesOffWhereTheLowerBoundOnTwentyLabelsIsTooLow() {
        List<Decided> decided = new ArrayList<>();
        add(decided, "Math", 8, 12); // 20 labels, most of them against
        add(decided, "Code", 60, 1);
        add(decided, "Essay", 0, 19); // one too few to tell
        add(decided, FlipAudit.ALL, 0, 1);

        List<Row> rows = FlipAudit.measure(decided, 0.8);

        assertThat(rows).extracting(Row::category).containsExactly(FlipAudit.ALL, "Code", "Essay", "Math");
        assertThat(rows).extracting(Row::off).containsExactly(true, false, false, true);
        assertThat(rows.getFirst().share()).isEqualTo(new GoldFigures.Share(68, 101));
    }

    @Test
    void oneRefusalInTwentyIsWithinTheBoundAndTwoAreNot() {
        List<Decided> decided = new ArrayList<>();
        add(decided, "Math", 19, 1);
        assertThat(FlipAudit.measure(decided, 0.8)).noneMatch(Row::off);
        add(decided, "Math", 0, 1);
        assertThat(FlipAudit.measure(decided, 0.8)).allMatch(Row::off);
        assertThat(FlipAudit.measure(decided, 0.7)).noneMatch(Row::off);
        assertThat(FlipAudit.measure(List.of(), 0.8)).containsExactly(new Row("", new GoldFigures.Share(0, 0), false));
    }

    @Test
    void spreadsDrawnFlipsAmongTheOthersAndMarksThoseThatArePickedAlready() {
        List<Pick> picks = IntStream.range(0, 6)
                .mapToObj(i -> new Pick("p" + i, i == 3, false))
                .toList();

        List<Pick> all = ToLabel.withFlips(picks, List.of("f0", "p3", "f1"));

        assertThat(all).extracting(Pick::id).containsExactly("p0", "p1", "f0", "p2", "p3", "f1", "p4", "p5");
        assertThat(all).filteredOn(Pick::flip).extracting(Pick::id).containsExactly("f0", "p3", "f1");
        assertThat(all).filteredOn(Pick::audit).extracting(Pick::id).containsExactly("p3");
        assertThat(ToLabel.withFlips(List.of(), List.of("f0", "f1"))).hasSize(2);
        assertThat(ToLabel.withFlips(picks, List.of())).isEqualTo(picks);
    }

    private static void add(List<Decided> to, String category, int right, int wrong) {
        to.addAll(Collections.nCopies(right, new Decided(category, true)));
        to.addAll(Collections.nCopies(wrong, new Decided(category, false)));
    }

    private static List<String> ids(int n) {
        return new ArrayList<>(IntStream.range(0, n).mapToObj(i -> "pair-" + i).toList());
    }
}
