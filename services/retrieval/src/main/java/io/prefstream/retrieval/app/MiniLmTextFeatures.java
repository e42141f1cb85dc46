package io.prefstream.retrieval.app;

import io.prefstream.core.features.LexicalFeatures;
import io.prefstream.core.pair.Message;
import io.prefstream.models.encoder.Encoder;
import io.prefstream.models.encoder.EncoderInput;
import io.prefstream.models.encoder.VectorCache;
import io.prefstream.retrieval.domain.TextFeatures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Texts through the encoder that ships with the product, and the named counts. */
public final class MiniLmTextFeatures implements TextFeatures {

    private final VectorCache cache = VectorCache.shared();

    @Override
    public Entry entry(List<Message> history, Attributes attributes) {
        String told = String.join(
                "; ",
                attributes.taskCategory(),
                attributes.objectivity(),
                attributes.controversiality(),
                attributes.desiredAttributes());
        List<String> backwards = new ArrayList<>();
        int last = lastUserTurn(history);
        if (last >= 0) {
            for (int i = last; i >= 0; i--) {
                backwards.add(history.get(i).content());
            }
        }
        EncoderInput input = EncoderInput.ofPrompt(encoder(), told, backwards);
        return new Entry(input.hash(), vector(input));
    }

    @Override
    public Answer answer(List<Message> history, String answer) {
        int last = lastUserTurn(history);
        String turn = last < 0 ? "" : history.get(last).content();
        EncoderInput input = EncoderInput.ofAnswer(encoder(), turn, answer);
        float[] vector = vector(input);
        float[] counts = LexicalFeatures.of(turn, answer);
        float[] features = Arrays.copyOf(vector, vector.length + counts.length);
        System.arraycopy(counts, 0, features, vector.length, counts.length);
        return new Answer(input.hash(), features);
    }

    @Override
    public String encoderRevision() {
        return encoder().revision();
    }

    @Override
    public String featureSet() {
        return encoder().revision() + "+lexical/1";
    }

    private float[] vector(EncoderInput input) {
        return cache.get(input.hash(), () -> encoder().encode(input.tokens()));
    }

    private static Encoder encoder() {
        return Encoder.miniLm();
    }

    private static int lastUserTurn(List<Message> history) {
        for (int i = history.size() - 1; i >= 0; i--) {
            if (history.get(i).role().equals("user")) {
                return i;
            }
        }
        return -1;
    }
}
