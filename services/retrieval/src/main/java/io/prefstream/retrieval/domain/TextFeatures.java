package io.prefstream.retrieval.domain;

import io.prefstream.core.pair.Message;
import java.util.List;

/** Turns texts into vectors; a function of the texts alone. Called from several threads. */
public interface TextFeatures {

    /**
     * The attributes that tell conversations apart; the guideline isn't among them, since it speaks of the answers.
     *
     * @param objectivity in lower case, such as {@code objective}
     * @param controversiality in lower case, such as {@code low}
     */
    record Attributes(String taskCategory, String objectivity, String controversiality, String desiredAttributes) {}

    /**
     * A conversation and its attributes, (x, a).
     *
     * @param hash SHA-256 of the text that was encoded, lower-case hex
     * @param vector of length 1
     */
    record Entry(String hash, float[] vector) {}

    /**
     * An answer in its conversation, (x, y).
     *
     * @param hash SHA-256 of the tokens that were encoded, after the cut, lower-case hex
     * @param features the encoder's vector, then the named counts
     */
    record Answer(String hash, float[] features) {}

    /** Encodes (x, a). */
    Entry entry(List<Message> history, Attributes attributes);

    /** Encodes (x, y) and counts. */
    Answer answer(List<Message> history, String answer);

    /** Revision of the encoder. */
    String encoderRevision();

    /** Name and revision of the features of an answer. */
    String featureSet();
}
