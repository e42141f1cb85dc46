package io.prefstream.runner.models;

import io.prefstream.core.pair.Message;
import io.prefstream.core.reward.BradleyTerryHead;
import io.prefstream.models.reward.AnswerScorer;
import io.prefstream.models.reward.UnscorableText;
import io.prefstream.retrieval.app.MiniLmTextFeatures;
import io.prefstream.retrieval.domain.TextFeatures;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A Bradley-Terry head of a run, over the encoder that ships with the product. It reads the last user turn and the answer, so
 * it scores conversations alone. It holds nothing to close.
 */
public final class HeadScorer implements AnswerScorer {

    private final String id;
    private final BradleyTerryHead head;
    private final TextFeatures texts;

    /**
     * The head as a scorer.
     *
     * @throws IllegalArgumentException when it was trained on the features of another encoder
     */
    public HeadScorer(String id, String featureSet, BradleyTerryHead head) {
        this(id, featureSet, head, new MiniLmTextFeatures());
    }

    HeadScorer(String id, String featureSet, BradleyTerryHead head, TextFeatures texts) {
        if (!featureSet.equals(texts.featureSet())) {
            throw new IllegalArgumentException("checkpoint " + id + " reads the features " + featureSet
                    + ", and this version makes " + texts.featureSet() + ": curate again");
        }
        this.id = id;
        this.head = head;
        this.texts = texts;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public double[] score(List<List<Message>> conversations) {
        for (int i = 0; i < conversations.size(); i++) {
            List<Message> talk = conversations.get(i);
            if (talk.isEmpty() || !talk.getLast().role().equals("assistant")) {
                throw new UnscorableText(i, "the conversation must end with the assistant's turn, which is scored");
            }
        }
        return IntStream.range(0, conversations.size())
                .parallel()
                .mapToDouble(i -> scoreOne(conversations.get(i)))
                .toArray();
    }

    @Override
    public double[] scoreTexts(List<String> templated) {
        throw new UnscorableText(
                0,
                "the model is a built-in head, which scores conversations alone: send messages with role and content in place of"
                        + " text, or serve a text model");
    }

    @Override
    public void close() {
        // The encoder is the process's own.
    }

    private double scoreOne(List<Message> talk) {
        return head.score(
                texts.answer(talk.subList(0, talk.size() - 1), talk.getLast().content())
                        .features());
    }
}
