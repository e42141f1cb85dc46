package io.prefstream.core.diversity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.prefstream.core.diversity.SelectionPreset.Candidate;
import io.prefstream.core.diversity.SelectionPreset.Choice;
import io.prefstream.core.diversity.SelectionPreset.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectionPresetTest {
    private static final SelectionPreset PRESET = new SelectionPreset(0.8, 0.3, 0.5, 40);

    @ParameterizedTest
    @CsvSource({
        "0.8, 0.651, SELECTED",
        "0.79, 0.9, AGREEMENT",
        "0.79, 0.5, AGREEMENT",
        "NaN, 0.9, AGREEMENT",
        "1, 0.64, MARGIN",
        "1, 0.625, MARGIN"
    })
    void takesWhatReachesTheAgreementAndPassesTheMargin(double agreement, double probability, Outcome outcome) {
        SelectionPreset all = new SelectionPreset(0.8, 0.3, 1, 40);
        List<Candidate> one = List.of(new Candidate("a", agreement, probability, new float[] {1, 0}));

        assertThat(all.choose(one, new float[][] {{1, 0}}, 7))
                .extracting(Choice::outcome)
                .containsExactly(outcome);
    }

    @Test
    void aMarginOfExactlyTheThresholdDoesNotPass() {
        SelectionPreset all = new SelectionPreset(0, 0.5, 1, 40);
        List<Candidate> one = List.of(new Candidate("a", 1, 0.75, new float[] {1, 0}));

        assertThat(all.choose(one, new float[][] {{1, 0}}, 7).getFirst().outcome())
                .isEqualTo(Outcome.MARGIN);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void everyTopicKeepsItsShareAndRanksAreWhole(long seed) {
        Points points = Points.of(700, 16, 5, seed);
        float[][] centroids =
                SphericalKMeans.of(points.vectors(), points.ids(), 5, 10, 7).centroids();

        List<Choice> choices = PRESET.choose(candidates(points), centroids, 7);

        for (int c = 0; c < centroids.length; c++) {
            int topic = c;
            List<Choice> mine = choices.stream()
                    .filter(x -> x.cluster() == topic && x.outcome() != Outcome.MARGIN)
                    .toList();
            long selected =
                    mine.stream().filter(x -> x.outcome() == Outcome.SELECTED).count();
            assertThat(selected).isEqualTo(Math.round(0.5 * mine.size()));
        }
        assertThat(choices).allMatch(x -> (x.outcome() == Outcome.SELECTED) == (x.rank() > 0 && x.gain() > 0));
        assertThat(choices).extracting(Choice::outcome).contains(Outcome.SELECTED, Outcome.DIVERSITY, Outcome.MARGIN);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void orderOfThePairsChangesNothing(long seed) {
        Points points = Points.of(400, 16, 4, seed);
        Points other = points.permuted(Points.shuffled(400, seed));

        List<Choice> here = chosen(points);
        List<Choice> there = chosen(other);

        assertThat(there).isEqualTo(here);
    }

    @Test
    void refusesThresholdsOutOfRange() {
        assertThatThrownBy(() -> new SelectionPreset(1.1, 0.3, 0.5, 40)).hasMessageContaining("agreement must lie");
        assertThatThrownBy(() -> new SelectionPreset(0.8, 2, 0.5, 40)).hasMessageContaining("margin must lie");
        assertThatThrownBy(() -> new SelectionPreset(0.8, 0.3, 0, 40)).hasMessageContaining("share must lie");
        assertThatThrownBy(() -> new SelectionPreset(0.8, 0.3, 0.5, 1)).hasMessageContaining("window must be");
        assertThatThrownBy(() -> PRESET.choose(List.of(), new float[0][], 7)).hasMessageContaining("no topics");
    }

    @Test
    void kMeansFindsTheCentresAndEndsWhenNothingMoves() {
        Points points = Points.of(600, 32, 6, 3);

        SphericalKMeans.Clusters clusters = SphericalKMeans.of(points.vectors(), points.ids(), 6, 50, 7);

        assertThat(clusters.iterations()).isLessThan(50);
        assertThat(Arrays.stream(clusters.sizes()).sum()).isEqualTo(600);
        assertThat(SphericalKMeans.nearest(points.vectors(), clusters.centroids()))
                .isEqualTo(clusters.cluster());
        for (float[] centroid : clusters.centroids()) {
            assertThat(square(centroid)).isCloseTo(1, within(1e-5));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void kMeansDoesNotDependOnTheOrderOfTheRows(long seed) {
        Points points = Points.of(300, 16, 5, seed);
        Points other = points.permuted(Points.shuffled(300, seed));

        float[][] here =
                SphericalKMeans.of(points.vectors(), points.ids(), 5, 20, 7).centroids();
        float[][] there =
                SphericalKMeans.of(other.vectors(), other.ids(), 5, 20, 7).centroids();

        assertThat(there).isDeepEqualTo(here);
    }

    @Test
    void kMeansMakesNoMoreClustersThanThereAreDistinctRows() {
        float[][] vectors = {{1, 0}, {1, 0}, {0, 1}, {0, 1}};

        SphericalKMeans.Clusters clusters = SphericalKMeans.of(vectors, new String[] {"a", "b", "c", "d"}, 4, 5, 7);

        assertThat(clusters.sizes()).containsExactly(2, 2);
    }

    @ParameterizedTest
    @CsvSource({"'5,5,5,5', 4", "'9,0,0', 1", "'0,0', 0", "'1,3', 1.7547654"})
    void countsTopicsByTheirEntropy(String sizes, double effective) {
        int[] counts =
                Arrays.stream(sizes.split(",")).mapToInt(Integer::parseInt).toArray();

        assertThat(TopicCoverage.effectiveTopics(counts)).isCloseTo(effective, within(1e-6));
    }

    private static List<Choice> chosen(Points points) {
        float[][] centroids =
                SphericalKMeans.of(points.vectors(), points.ids(), 4, 10, 7).centroids();
        return PRESET.choose(candidates(points), centroids, 7).stream()
                .sorted(Comparator.comparing(Choice::pairId))
                .toList();
    }

    private static List<Candidate> candidates(Points points) {
        return new ArrayList<>(IntStream.range(0, points.ids().length)
                .mapToObj(i -> new Candidate(points.ids()[i], 1, points.quality()[i], points.vectors()[i]))
                .toList());
    }

    private static double square(float[] row) {
        double square = 0;
        for (float x : row) {
            square += (double) x * x;
        }
        return square;
    }
}
