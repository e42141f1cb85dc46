package io.prefstream.core.cleaning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.prefstream.core.pair.Message;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairSketchTest {

    private static final int TRIALS = 400;

    @ParameterizedTest
    @ValueSource(doubles = {0.02, 0.3, 0.6, 0.8, 0.95})
    void estimatesJaccardWithoutBiasAndWithinItsStandardError(double share) {
        Random random = new Random(1);
        double error = 0;
        double squared = 0;
        double expected = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            String a = text(random, 600);
            String b = alike(a, share, random);
            double jaccard = jaccard(a, b);
            double e = MinHash.similarity(MinHash.bytes(MinHash.of(a)), MinHash.bytes(MinHash.of(b))) - jaccard;
            error += e / TRIALS;
            squared += e * e / TRIALS;
            expected += jaccard * (1 - jaccard) / MinHash.SIZE / TRIALS;
        }

        assertThat(error).isCloseTo(0, within(4 * Math.sqrt((expected + 1e-4) / TRIALS)));
        assertThat(squared).isBetween(expected / 2, 1.6 * expected + 1e-4);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 0.65, 0.8})
    void pairsMeetInABandAsOftenAsTheFormulaSays(double share) {
        Random random = new Random(2);
        int met = 0;
        double expected = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            String[] a = {text(random, 400), text(random, 400), text(random, 400)};
            String[] b = {alike(a[0], share, random), alike(a[1], share, random), alike(a[2], share, random)};
            Set<Long> shared = new HashSet<>(sketch(a).bands());
            shared.retainAll(sketch(b).bands());
            met += shared.isEmpty() ? 0 : 1;
            double band = Math.pow(jaccard(a[0], b[0]), 3)
                    * Math.pow(jaccard(a[1], b[1]), 2)
                    * Math.pow(jaccard(a[2], b[2]), 2);
            expected += (1 - Math.pow(1 - band, PairSketch.BANDS)) / TRIALS;
        }

        assertThat((double) met / TRIALS)
                .isCloseTo(expected, within(4 * Math.sqrt(expected * (1 - expected) / TRIALS) + 0.005));
    }

    @Test
    void aPairAndItsMirrorMeetInTheMirrorsBands() {
        PairSketch.Banded pair = sketch("why is that so", "because of this", "for no reason at all");
        PairSketch.Banded mirror = sketch("why is that so", "for no reason at all", "because of this");

        assertThat(mirror.mirrorBands()).isEqualTo(pair.bands());
        assertThat(mirror.bands()).isEqualTo(pair.mirrorBands()).doesNotContainAnyElementsOf(pair.bands());
        assertThat(pair.sketch().mirrorSimilarity(mirror.sketch())).isEqualTo(1);
        assertThat(pair.sketch().similarity(mirror.sketch())).isZero();
    }

    @Test
    void caseBlanksAndCompositionDoNotCount() {
        String text = "Où est le   café,\n\tÉmile? ";

        assertThat(MinHash.of(Normalizer.normalize(text, Normalizer.Form.NFD).toUpperCase(java.util.Locale.ROOT)))
                .isEqualTo(MinHash.of("où est le café, émile?"));
    }

    @Test
    void shortAndEmptyTextsAreComparedAsWholes() {
        assertThat(MinHash.of("no")).isEqualTo(MinHash.of(" NO ")).isNotEqualTo(MinHash.of("on"));
        assertThat(MinHash.of("")).isEqualTo(MinHash.of(" \n")).isNotEqualTo(MinHash.of("a"));
    }

    @Test
    void signaturesAreTheSameOnEveryMachine() {
        int[] signature = MinHash.of("The same text gives the same signature, today and later.");

        assertThat(java.util.Arrays.hashCode(signature)).isEqualTo(SIGNATURE_HASH);
    }

    private static final int SIGNATURE_HASH = 182612316;

    private static PairSketch.Banded sketch(String... texts) {
        return PairSketch.of(List.of(new Message("user", texts[0])), texts[1], texts[2]);
    }

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }

    /** A text that keeps so much of the first that about this share of shingles is common to both. */
    private static String alike(String text, double jaccard, Random random) {
        int kept = (int) Math.round(text.length() * 2 * jaccard / (1 + jaccard));
        return text.substring(0, kept) + text(random, text.length() - kept);
    }

    private static double jaccard(String a, String b) {
        Set<String> both = shingles(a);
        Set<String> any = new HashSet<>(both);
        both.retainAll(shingles(b));
        any.addAll(shingles(b));
        return (double) both.size() / any.size();
    }

    private static Set<String> shingles(String text) {
        Set<String> shingles = new HashSet<>();
        for (int i = 0; i + 5 <= text.length(); i++) {
            shingles.add(text.substring(i, i + 5));
        }
        return shingles;
    }
}
