package io.prefstream.models.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class EncoderTest {

    private final Encoder encoder = Encoder.miniLm();

    @AfterAll
    static void close() {
        Encoder.closeShared();
    }

    @Test
    void putsParaphrasesNearerThanOtherSubjects() {
        float[] cat = vector("How do I teach my cat to come when called?");
        float[] kitten = vector("What is a good way to train a kitten to respond to its name?");
        float[] tax = vector("Which form do I need for a late tax return?");

        assertThat(cosine(cat, kitten)).isGreaterThan(cosine(cat, tax) + 0.3);
    }

    @Test
    void givesVectorsOfLengthOne() {
        float[] v = vector("one");

        assertThat(cosine(v, v)).isCloseTo(1, offset(1e-5));
    }

    @Test
    void readsBeyondToken128() {
        String start = "word ".repeat(150);
        float[] a = encoder.encode(
                EncoderInput.ofPrompt(encoder, "", List.of(start + "elephant")).tokens());
        float[] b = encoder.encode(
                EncoderInput.ofPrompt(encoder, "", List.of(start + "tax")).tokens());

        assertThat(a).isNotEqualTo(b);
    }

    @Test
    void keepsHeadAndTailOfALongAnswer() {
        String middle = "filler ".repeat(400);
        EncoderInput first = EncoderInput.ofAnswer(encoder, "question", "head " + middle + " end");
        EncoderInput otherTail = EncoderInput.ofAnswer(encoder, "question", "head " + middle + " finish");
        EncoderInput otherMiddle = EncoderInput.ofAnswer(encoder, "question", "head " + middle + middle + " end");

        assertThat(first.tokens()).hasSizeLessThanOrEqualTo(Encoder.MAX_TOKENS);
        assertThat(otherTail.hash()).isNotEqualTo(first.hash());
        assertThat(otherMiddle.hash()).isEqualTo(first.hash());
    }

    @Test
    void givesTheSameBytesFromAnyThread() {
        float[] alone = vector("the same text, whoever asks");

        List<float[]> together = IntStream.range(0, 16)
                .parallel()
                .mapToObj(i -> vector("the same text, whoever asks"))
                .toList();

        assertThat(together).allSatisfy(v -> assertThat(v).isEqualTo(alone));
    }

    private float[] vector(String text) {
        return encoder.encode(EncoderInput.ofPrompt(encoder, "", List.of(text)).tokens());
    }

    private static double cosine(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
