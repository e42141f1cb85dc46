package io.prefstream.ablation.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.prefstream.ablation.domain.MatchedControl.Deviation;
import io.prefstream.ablation.domain.Subject.Fate;
import io.prefstream.core.features.FeatureGroup;
import io.prefstream.core.features.LexicalFeatures;
import io.prefstream.core.stats.Hashes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComparisonTest {

    private static final int COLUMNS = FeatureGroup.ENCODER_COLUMNS + LexicalFeatures.NAMES.size();

    /** A pool of which 40 % of the labels are wrong; a filter that keeps the right ones with some errors. */
    private static List<Subject> pool(int n, double errors) {
        List<Subject> pool = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            boolean right = unit("label", i) >= 0.4;
            boolean filterSaysRight = right != unit("filter", i) < errors;
            float[] better = diff(i);
            float[] diff = right ? better : reversed(better);
            pool.add(new Subject(
                    "p" + i,
                    "topic " + i % 3,
                    i % 2 == 0 ? "Math" : "Others",
                    diff,
                    100 + 400 * unit("length", i),
                    (filterSaysRight ? 1 : -1) * unit("margin", i) * 3,
                    filterSaysRight ? Fate.KEPT : unit("flip", i) < 0.5 ? Fate.FLIPPED : Fate.DROPPED,
                    null,
                    right));
        }
        return pool;
    }

    @Test
    void findsAPlantedEffectAndNoneWhereThereIsNone() {
        List<TestPair> test = test(400);
        List<Panel> good = new ArrayList<>();
        List<Panel> blind = new ArrayList<>();
        for (long seed = 0; seed < 4; seed++) {
            good.add(new Comparison(pool(600, 0.05), test, List.of(), true, 1).repeat("good", List.of(0.5, 1.0), seed));
            blind.add(
                    new Comparison(pool(600, 0.5), test, List.of(), true, 1).repeat("blind", List.of(0.5, 1.0), seed));
        }
        Panel helps = Panel.together("good", good);
        Panel not = Panel.together("blind", blind);

        PairedTest effect = PairedTest.of(helps.atFullSize(Arm.CORRECTED), helps.atFullSize(Arm.RANDOM), 0);
        assertThat(effect.difference()).isGreaterThan(0.03);
        assertThat(effect.p()).isLessThan(0.05);
        PairedTest none = PairedTest.of(not.atFullSize(Arm.FILTERED), not.atFullSize(Arm.RANDOM), 1);
        assertThat(none.p()).isGreaterThan(0.05);
        PromptBootstrap prompts = PromptBootstrap.of(helps, Arm.CORRECTED, Arm.RANDOM);
        assertThat(prompts.low()).isPositive();
        assertThat(prompts.difference()).isCloseTo(effect.difference(), within(1e-9));
        assertThat(Spread.of(helps.atFullSize(Arm.CLEAN)).mean())
                .isGreaterThanOrEqualTo(
                        Spread.of(helps.atFullSize(Arm.CORRECTED)).mean());
        Panel.Fates math = helps.verdicts().getFirst().get("Math");
        assertThat(math.keptRight()).isGreaterThan(math.kept() * 9 / 10);
        assertThat(helps.pairs().get(Arm.RANDOM).getLast())
                .isEqualTo(helps.pairs().get(Arm.CORRECTED).getLast());
        assertThat(helps.pairs().get(Arm.ORIGINAL).getFirst()).containsOnly(300);
    }

    @Test
    void theSameSeedGivesTheSameFiguresInWhateverOrderThePoolComes() {
        List<Subject> pool = pool(300, 0.1);
        List<Subject> other = new ArrayList<>(pool);
        Collections.reverse(other);
        List<TestPair> test = test(100);

        assertThat(new Comparison(other, test, List.of(), true, 1).repeat("x", List.of(0.4, 1.0), 3))
                .isEqualTo(new Comparison(pool, test, List.of(), true, 1).repeat("x", List.of(0.4, 1.0), 3));
    }

    @Test
    void withNothingPublishedThereIsNothingToMeasure() {
        List<Subject> pool = pool(50, 0.1).stream()
                .map(p -> new Subject(
                        p.pairId(), p.topic(), p.category(), p.diff(), p.length(), 0, Fate.DROPPED, null, p.truth()))
                .toList();

        Panel panel = new Comparison(pool, test(20), List.of(), false, 0).repeat("x", List.of(1.0), 0);

        assertThat(panel.atFullSize(Arm.CORRECTED)).containsExactly(Double.NaN);
        assertThat(panel.atFullSize(Arm.MATCHED)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4})
    void aControlIsAsFarFromTheSelectionAsItSays(long seed) {
        List<Subject> pool = pool(2000, 0.2);
        int[] selection = java.util.stream.IntStream.range(0, pool.size())
                .filter(i ->
                        unit("selected" + seed, i) < 0.1 + 0.2 * pool.get(i).length() / 500)
                .toArray();

        MatchedControl control = MatchedControl.draw(pool, selection, true, seed);

        assertThat(control.pairs()).hasSize(selection.length).doesNotHaveDuplicates();
        double wanted = Arrays.stream(selection)
                .mapToDouble(i -> pool.get(i).length())
                .average()
                .orElseThrow();
        double got = Arrays.stream(control.pairs())
                .mapToDouble(i -> pool.get(i).length())
                .average()
                .orElseThrow();
        Deviation length = named(control, "answer length, mean");
        assertThat(length.wanted()).isCloseTo(wanted, within(1e-6));
        assertThat(length.got()).isCloseTo(got, within(1e-6));
        assertThat(control.deviations())
                .allSatisfy(
                        each -> assertThat(each.isAlike()).as(each.toString()).isTrue());
    }

    @Test
    void aFlippedPairCountsAsItIsPublished() {
        List<Subject> pool = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            boolean right = i % 2 == 0;
            pool.add(new Subject(
                    "p" + i, "t", "Math", diff(i), 100, right ? 2 : -2, right ? Fate.KEPT : Fate.FLIPPED, null, right));
        }
        int[] all = java.util.stream.IntStream.range(0, 200).toArray();

        MatchedControl control = MatchedControl.draw(pool, all, true, 1);

        assertThat(named(control, "margin, mean").wanted()).as("after the flip").isCloseTo(2, within(1e-9));
        assertThat(named(control, "wrong labels, share of those known").wanted())
                .isZero();
    }

    private static Deviation named(MatchedControl control, String what) {
        return control.deviations().stream()
                .filter(each -> each.what().equals(what))
                .findFirst()
                .orElseThrow();
    }

    private static List<TestPair> test(int n) {
        List<TestPair> test = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            test.add(new TestPair("g" + i, diff(100_000 + i)));
        }
        return test;
    }

    /** Better less worse: the first column tells, with much noise; the others say nothing. */
    private static float[] diff(int i) {
        float[] diff = new float[COLUMNS];
        for (int j = 0; j < 24; j++) {
            diff[j] = (float) (unit("column" + j, i) - 0.5);
        }
        diff[0] += 0.25f;
        return diff;
    }

    private static float[] reversed(float[] diff) {
        float[] out = diff.clone();
        for (int j = 0; j < out.length; j++) {
            out[j] = -out[j];
        }
        return out;
    }

    private static double unit(String what, int i) {
        return Hashes.unit(1, what, "" + i);
    }
}
