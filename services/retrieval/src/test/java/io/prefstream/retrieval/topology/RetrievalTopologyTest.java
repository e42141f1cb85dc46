package io.prefstream.retrieval.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.core.pair.Message;
import io.prefstream.kit.topic.Topics;
import io.prefstream.kittest.SampleFacts;
import io.prefstream.kittest.StageFixture;
import io.prefstream.retrieval.domain.TextFeatures;
import io.prefstream.wire.AttributeOrigin;
import io.prefstream.wire.Evaluation;
import io.prefstream.wire.EvaluationProvenance;
import io.prefstream.wire.Hit;
import io.prefstream.wire.Label;
import io.prefstream.wire.LabelKind;
import io.prefstream.wire.LabelOutcome;
import io.prefstream.wire.LabelRequest;
import io.prefstream.wire.Pair;
import io.prefstream.wire.PairAttributes;
import io.prefstream.wire.PairFeatures;
import io.prefstream.wire.RetrievalAnswer;
import io.prefstream.wire.RetrievalQuery;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RetrievalTopologyTest {

    private final StageFixture stage =
            new StageFixture("retrieval", environment -> RetrievalTopology.of(environment, new ByFirstLetter(), 7));

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void encodesAPairOnceTextAndAttributesAreThereInEitherOrder() {
        stage.pipe(Topics.PAIRS, "p1", pair("p1", "a", null));
        assertThat(stage.read(Topics.PAIR_FEATURES)).isEmpty();
        stage.pipe(Topics.PAIR_ATTRIBUTES, "p1", SampleFacts.attributes("p1"));
        stage.pipe(Topics.PAIR_ATTRIBUTES, "p2", SampleFacts.attributes("p2"));
        stage.pipe(Topics.PAIRS, "p2", pair("p2", "b", null));

        List<PairFeatures> features = stage.read(Topics.PAIR_FEATURES);
        assertThat(features).extracting(PairFeatures::getPairId).containsExactly("p1", "p2");
        assertThat(features.getFirst()
                        .getChosen()
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asFloatBuffer()
                        .get(0))
                .isEqualTo(3f);
        assertThat(features.getFirst().getSameFeatures()).isFalse();
        assertThat(stage.read(Topics.PAIR_EMBEDDINGS)).hasSize(2);
    }

    @Test
    void whatALanguageModelSaysOfAPairLaterChangesNothingInTheIndex() {
        index("p1", "a");
        stage.read(Topics.PAIR_FEATURES);
        stage.read(Topics.PAIR_EMBEDDINGS);

        stage.pipe(
                Topics.PAIR_ATTRIBUTES,
                "p1",
                PairAttributes.newBuilder(SampleFacts.attributes("p1"))
                        .setTaskCategory("Planning")
                        .setOrigin(AttributeOrigin.LLM)
                        .build());
        stage.pipe(Topics.PAIRS, "p1", pair("p1", "a", "p9"));

        assertThat(stage.read(Topics.PAIR_EMBEDDINGS)).isEmpty();
        assertThat(stage.read(Topics.PAIR_FEATURES))
                .singleElement()
                .satisfies(features -> assertThat(features.getTaskCategory()).isEqualTo("Math"));
        assertThat(stage.progress().getConsumed()).containsEntry("pair-attributes", 2L);
    }

    @Test
    void marksAPairWhoseAnswersTheEncoderCannotTellApart() {
        Pair pair = pair("p1", "a", null);
        pair.setRejected(
                pair.getChosen().substring(0, 1) + "*" + pair.getChosen().substring(1));
        stage.pipe(Topics.PAIRS, "p1", pair);
        stage.pipe(Topics.PAIR_ATTRIBUTES, "p1", SampleFacts.attributes("p1"));

        assertThat(stage.read(Topics.PAIR_FEATURES).getFirst().getSameFeatures())
                .isTrue();
    }

    @Test
    void countsTheEmojiOfBothAnswersBesideTheFeatures() {
        Pair pair = pair("p1", "a", null);
        pair.setChosen(pair.getChosen() + " \uD83D\uDE00\uD83D\uDE00");
        stage.pipe(Topics.PAIRS, "p1", pair);
        stage.pipe(Topics.PAIR_ATTRIBUTES, "p1", SampleFacts.attributes("p1"));

        PairFeatures features = stage.read(Topics.PAIR_FEATURES).getFirst();

        assertThat(features.getChosenEmoji()).isEqualTo(2);
        assertThat(features.getRejectedEmoji()).isZero();
    }

    @Test
    void aMirrorThatComesLaterIsAddedToTheFeaturesAlone() {
        index("p1", "a");
        PairFeatures before = stage.read(Topics.PAIR_FEATURES).getFirst();
        stage.read(Topics.PAIR_EMBEDDINGS);

        stage.pipe(Topics.PAIRS, "p1", pair("p1", "a", "p9"));

        PairFeatures after = stage.read(Topics.PAIR_FEATURES).getFirst();
        assertThat(after.getMirrorPairId()).isEqualTo("p9");
        after.setMirrorPairId(null);
        assertThat(after).isEqualTo(before);
        assertThat(stage.read(Topics.PAIR_EMBEDDINGS)).isEmpty();
    }

    @Test
    void thePairSentAgainChangesNothing() {
        index("p1", "a");
        stage.read(Topics.PAIR_FEATURES);

        stage.pipe(Topics.PAIRS, "p1", pair("p1", "a", null));

        assertThat(stage.read(Topics.PAIR_FEATURES)).isEmpty();
    }

    @Test
    void anErrorOnGoldFetchesTheNearestUnlabelledPairs() {
        index("gold", "a");
        index("near", "a");
        index("silver", "a");
        index("far", "b");
        label("gold", LabelKind.GOLD, 0);
        label("silver", LabelKind.SILVER, 1);

        evaluate("gold", 2, -0.5);
        loop();

        List<LabelRequest> requests = stage.read(Topics.LABEL_REQUESTS);
        assertThat(requests).extracting(LabelRequest::getPairId).containsExactly("near", "far");
        assertThat(requests.getFirst().getAnchors()).containsExactly("gold");
        assertThat(requests.getFirst().getSimilarity()).isEqualTo(1.0);
    }

    @Test
    void aLabelOfTheSameRoundHidesNothing() {
        index("gold", "a");
        index("p1", "a");
        label("gold", LabelKind.GOLD, 0);
        label("p1", LabelKind.SILVER, 2);

        evaluate("gold", 2, -0.5);
        loop();

        assertThat(stage.read(Topics.LABEL_REQUESTS))
                .extracting(LabelRequest::getPairId)
                .containsExactly("p1");
    }

    @Test
    void aSureModelFetchesFewer() {
        index("gold", "a");
        evaluate("gold", 1, -1);
        evaluate("gold", 1, 5);

        assertThat(stage.read(Topics.RETRIEVAL_QUERIES))
                .extracting(RetrievalQuery::getK)
                .containsExactly(8, 1);
    }

    @Test
    void waitsForTheAnswersOfAllPartitions() {
        RetrievalAnswer one = answer(0, new Hit("p1", "e1", 0.5, "0"), new Hit("p3", "e1", 0.5, "2"));
        RetrievalAnswer two = answer(1, new Hit("p2", "e1", 0.5, "1"), new Hit("p4", "e2", 0.4, "0"));

        stage.pipe(Topics.RETRIEVAL_ANSWERS, "gold", two);
        assertThat(stage.read(Topics.LABEL_REQUESTS)).isEmpty();
        stage.pipe(Topics.RETRIEVAL_ANSWERS, "gold", one);

        assertThat(stage.read(Topics.LABEL_REQUESTS))
                .extracting(LabelRequest::getPairId)
                .containsExactly("p1", "p2", "p4");
    }

    /** The test driver feeds back what goes out on topics that the stage reads. */
    private void loop() {
        assertThat(stage.read(Topics.RETRIEVAL_QUERIES)).hasSize(1);
        assertThat(stage.read(Topics.RETRIEVAL_ANSWERS)).hasSize(1);
    }

    private void index(String pairId, String question) {
        stage.pipe(Topics.PAIRS, pairId, pair(pairId, question, null));
        stage.pipe(Topics.PAIR_ATTRIBUTES, pairId, SampleFacts.attributes(pairId));
    }

    private void evaluate(String pairId, int round, double margin) {
        stage.pipe(
                Topics.EVALUATIONS,
                pairId,
                Evaluation.newBuilder()
                        .setPairId(pairId)
                        .setRound(round)
                        .setCheckpoint("pool/0")
                        .setMargin(margin)
                        .setP(0.5)
                        .setCorrect(margin > 0)
                        .setProvenance(new EvaluationProvenance("reward-scorer", "1", "", List.of(), null, null))
                        .build());
    }

    private void label(String pairId, LabelKind kind, int round) {
        Label label = SampleFacts.label(pairId, kind, LabelOutcome.CHOSEN);
        label.setRound(round);
        stage.pipe(Topics.LABELS, pairId, label);
    }

    private static RetrievalAnswer answer(int partition, Hit... hits) {
        return new RetrievalAnswer("gold", 1, 8, partition, 2, List.of(hits), 2L);
    }

    private static Pair pair(String pairId, String question, @Nullable String mirror) {
        Pair pair = SampleFacts.pair(pairId, question, "yes", "no");
        pair.setMirrorPairId(mirror);
        return pair;
    }

    /** An encoder that sees the first letter of the question, and an answer but for its stars. */
    private static final class ByFirstLetter implements TextFeatures {
        @Override
        public Entry entry(List<Message> history, Attributes attributes) {
            String text = history.getLast().content();
            float[] vector = new float[4];
            vector[text.charAt(0) - 'a'] = 1;
            return new Entry("entry-" + text, vector);
        }

        @Override
        public Answer answer(List<Message> history, String answer) {
            return new Answer("answer-" + answer.replace("*", ""), new float[] {answer.length()});
        }

        @Override
        public String encoderRevision() {
            return "first-letter/1";
        }

        @Override
        public String featureSet() {
            return "length/1";
        }
    }
}
