package io.prefstream.models.reward;

import io.prefstream.core.pair.Message;
import java.util.List;

/**
 * A reward model that scores answers. Every score comes from the one model that {@link #id} names. Thread-safe.
 *
 * <p>Scores are raw: the number that the model's head gives, in logits, without a sigmoid, so that the margin of two answers to
 * the same conversation is the log-odds of a Bradley-Terry model. Scores of two models, or of one model on two engines, do not
 * compare.
 */
public interface AnswerScorer extends AutoCloseable {

    /** Id of the checkpoint: SHA-256 in lower-case hex. */
    String id();

    /**
     * Raw scores of answers.
     *
     * <p>Conversations that begin alike and stand beside each other, such as the answers to one prompt, cost less than their
     * sum where the engine can compute what they share once.
     *
     * @param conversations each from its first turn to the answer, which is its last message
     * @return one score a conversation, in their order
     * @throws UnscorableText when a conversation cannot be scored, with its place and the cure
     */
    double[] score(List<List<Message>> conversations);

    /**
     * Raw scores of texts on which the model's chat template has been laid already, by whoever sends them.
     *
     * @return one score a text, in their order
     * @throws UnscorableText when a text cannot be scored, or when the model scores conversations alone
     */
    double[] scoreTexts(List<String> texts);

    @Override
    void close();
}
