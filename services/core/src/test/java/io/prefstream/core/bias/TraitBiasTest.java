package io.prefstream.core.bias;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.prefstream.core.features.FeatureGroup;
import io.prefstream.core.features.LexicalFeatures;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraitBiasTest {

    /** Pairs of a quality that people go by, and a trait that leans with it so far. */
    private record World(double[] traits, double[] quality, boolean[] right) {
        static World of(int n, long seed, double lean) {
            Random random = new Random(seed);
            World world = new World(new double[n], new double[n], new boolean[n]);
            for (int i = 0; i < n; i++) {
                world.quality[i] = random.nextGaussian();
                world.traits[i] = lean * world.quality[i] + random.nextGaussian();
                world.right[i] = world.quality[i] > 0;
            }
            return world;
        }

        TraitBias bias(double followsTrait) {
            double[] margins = new double[right.length];
            for (int i = 0; i < margins.length; i++) {
                margins[i] = quality[i] + followsTrait * traits[i];
            }
            return TraitBias.of(traits, margins, traits, margins, right);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aModelThatFollowsTheTraitHasAGapAndLeansFurtherThanPeople(long seed) {
        TraitBias bias = World.of(2000, seed, 0).bias(1);

        assertThat(bias.spearman()).isGreaterThan(0.5);
        assertThat(bias.perDeviation()).isCloseTo(1, within(0.1));
        assertThat(bias.gapLower()).isPositive();
        assertThat(bias.modelLean()).isGreaterThan(bias.peopleLean() + 0.1);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void aModelThatLeansFurtherThanPeopleErrsTowardsTheTrait(long seed) {
        TraitBias bias = World.of(2000, seed, 1).bias(2);

        assertThat(bias.excessLower()).isPositive().isLessThan(bias.excess());
        assertThat(bias.excess())
                .isLessThanOrEqualTo(bias.excessUpper() + 1e-9); // alike where no error goes away from it
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5, 6})
    void aTraitThatPeopleLikeTooIsNoBias(long seed) {
        TraitBias bias = World.of(2000, seed, 1).bias(0);

        assertThat(bias.spearman()).isGreaterThan(0.5); // as above
        assertThat(bias.gap()).isZero(); // and yet every label is ranked right
        assertThat(bias.excess()).isZero();
        assertThat(bias.modelLean()).isEqualTo(bias.peopleLean()).isGreaterThan(0.6);
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 8})
    void theSideThatAPairIsStoredOnHasNoEffect(long seed) {
        World world = World.of(300, seed, 0.5);
        World turned = World.of(300, seed, 0.5);
        for (int i = 0; i < 300; i += 3) {
            turned.traits()[i] *= -1;
            turned.quality()[i] *= -1;
            turned.right()[i] ^= true;
        }

        assertThat(turned.bias(0.4).metrics(Trait.LENGTH))
                .isEqualTo(world.bias(0.4).metrics(Trait.LENGTH));
    }

    @ParameterizedTest
    @ValueSource(longs = {9, 10})
    void ranksAreThoseOfBothOrdersOfEveryPair(long seed) {
        Random random = new Random(seed);
        double[] a = random.ints(40, -3, 4).asDoubleStream().toArray(); // with ties and zeros
        double[] b = random.ints(40, -5, 6).asDoubleStream().toArray();

        assertThat(SignedRanks.correlation(a, b)).isCloseTo(spearman(both(a), both(b)), within(1e-12));
        assertThat(SignedRanks.correlation(a, a)).isCloseTo(1, within(1e-12));
        assertThat(SignedRanks.correlation(a, new double[40])).isNaN();
    }

    private static double[] both(double[] values) {
        double[] both = new double[2 * values.length];
        for (int i = 0; i < values.length; i++) {
            both[2 * i] = values[i];
            both[2 * i + 1] = -values[i];
        }
        return both;
    }

    /** By the book: Pearson's correlation of mean ranks. */
    private static double spearman(double[] a, double[] b) {
        double mean = (a.length + 1) / 2.0;
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            double ra = rank(a, a[i]) - mean;
            double rb = rank(b, b[i]) - mean;
            ab += ra * rb;
            aa += ra * ra;
            bb += rb * rb;
        }
        return ab / Math.sqrt(aa * bb);
    }

    private static double rank(double[] values, double value) {
        int below = 0;
        int equal = 0;
        for (double other : values) {
            below += other < value ? 1 : 0;
            equal += other == value ? 1 : 0;
        }
        return below + (equal + 1) / 2.0;
    }

    @Test
    void countsByHand() {
        TraitBias bias = TraitBias.of(
                new double[] {1, -2},
                new double[] {2, 1},
                new double[] {1, 1, -1, 0},
                new double[] {1, -1, 1, 1},
                new boolean[] {true, true, true, true});

        assertThat(bias.more()).isEqualTo(2);
        assertThat(bias.moreRight()).isEqualTo(1);
        assertThat(bias.less()).isEqualTo(1);
        assertThat(bias.lessRight()).isEqualTo(1);
        assertThat(bias.gap()).isEqualTo(-0.5);
        assertThat(bias.peopleLean()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(bias.modelLean()).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(bias.perDeviation()).isCloseTo(0, within(1e-12));
        assertThat(bias.gapLower()).isLessThan(-0.5);
        assertThat(bias.gapUpper()).isGreaterThan(-0.5);
    }

    @Test
    void tellsNoFigureThatIsUndefined() {
        TraitBias never = TraitBias.of(new double[5], new double[5], new double[0], new double[0], new boolean[0]);

        assertThat(never.metrics(Trait.EMOJI))
                .containsOnlyKeys(
                        "bias_emoji_more", "bias_emoji_more_right", "bias_emoji_less", "bias_emoji_less_right");
    }

    @Test
    void traitsComeFromTheirColumns() {
        float[] diff = new float[FeatureGroup.ENCODER_COLUMNS + LexicalFeatures.NAMES.size()];
        for (int i = 0; i < LexicalFeatures.NAMES.size(); i++) {
            diff[FeatureGroup.ENCODER_COLUMNS + i] = 1 << (i % 20);
        }
        float[] shortOne = new float[FeatureGroup.ENCODER_COLUMNS + 1];

        assertThat(Trait.LENGTH.of(diff, 0)).hasValue(1);
        assertThat(Trait.WORDS.of(diff, 0)).hasValue(2);
        assertThat(Trait.LISTS.of(diff, 0)).hasValue(1 << 15);
        assertThat(Trait.MARKDOWN.of(diff, 0)).hasValue((1 << 15) + (1 << 16) + (1 << 17) + (1 << 18));
        assertThat(Trait.POSITION.of(diff, 0)).hasValue(1);
        assertThat(Trait.EMOJI.of(diff, 0.5)).hasValue(0.5);
        assertThat(Trait.EMOJI.of(diff, Double.NaN)).isEmpty();
        assertThat(Trait.LENGTH.of(shortOne, 0)).hasValue(0);
        assertThat(Trait.WORDS.of(shortOne, 0)).isEmpty();
    }
}
