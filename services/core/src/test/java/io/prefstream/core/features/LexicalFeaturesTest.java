package io.prefstream.core.features;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class LexicalFeaturesTest {

    private static final Offset<Float> CLOSE = Offset.offset(1e-6f);

    @Test
    void everyFeatureHasAName() {
        assertThat(LexicalFeatures.of("", "")).hasSameSizeAs(LexicalFeatures.NAMES.toArray());
    }

    @Test
    void emptyAnswerHasOnlyFiniteNumbers() {
        for (float value : LexicalFeatures.of("Why?", "")) {
            assertThat(value).isFinite();
        }
    }

    @Test
    void countsWordsOverLengthsThatItNames() {
        float[] features = LexicalFeatures.of("Which city?", "Paris is a city. Paris is large!");

        assertThat(of("log_words", features)).isCloseTo((float) Math.log1p(7), CLOSE);
        assertThat(of("log_sentences", features)).isCloseTo((float) Math.log1p(2), CLOSE);
        assertThat(of("word_length", features)).isCloseTo(24 / 7f, CLOSE);
        assertThat(of("distinct_words", features)).isCloseTo(5 / 7f, CLOSE);
        assertThat(of("exclamation_marks", features)).isCloseTo((float) Math.log1p(1), CLOSE);
        assertThat(of("prompt_overlap", features)).isCloseTo(1 / 7f, CLOSE);
        assertThat(of("prompt_words_used", features)).isCloseTo(1 / 2f, CLOSE);
    }

    @Test
    void seesTheStructureOfMarkdown() {
        float[] features =
                LexicalFeatures.of("", "# Plan\n\n- **first** step\n- second\n\n```\ncode\n```\nhttps://a.b");

        assertThat(of("headings", features)).isCloseTo((float) Math.log1p(1), CLOSE);
        assertThat(of("list_items", features)).isCloseTo((float) Math.log1p(2), CLOSE);
        assertThat(of("bold", features)).isCloseTo((float) Math.log1p(1), CLOSE);
        assertThat(of("code_fences", features)).isCloseTo((float) Math.log1p(2), CLOSE);
        assertThat(of("paragraphs", features)).isCloseTo((float) Math.log1p(2), CLOSE);
        assertThat(of("links", features)).isCloseTo((float) Math.log1p(1), CLOSE);
    }

    @Test
    void tellsARefusalAndACarefulWord() {
        float[] refusing = LexicalFeatures.of("", "I'm sorry, I can't help.");
        float[] careful = LexicalFeatures.of("", "Perhaps, because it depends.");

        assertThat(of("refusal", refusing)).isOne();
        assertThat(of("refusal", careful)).isZero();
        assertThat(of("hedges", careful)).isCloseTo((float) Math.log1p(2), CLOSE);
        assertThat(of("reasons", careful)).isCloseTo((float) Math.log1p(1), CLOSE);
    }

    @Test
    void repeatedTrigramsAreAShareOfAll() {
        assertThat(of("repeated_trigrams", LexicalFeatures.of("", "a b c a b c")))
                .isCloseTo(1 / 4f, CLOSE);
        assertThat(of("repeated_trigrams", LexicalFeatures.of("", "a b c"))).isZero();
    }

    private static float of(String name, float[] features) {
        return features[LexicalFeatures.NAMES.indexOf(name)];
    }
}
