package io.prefstream.kittest;

import io.prefstream.wire.AttributeOrigin;
import io.prefstream.wire.AttributesProvenance;
import io.prefstream.wire.Controversiality;
import io.prefstream.wire.EmbeddingProvenance;
import io.prefstream.wire.FeaturesProvenance;
import io.prefstream.wire.Label;
import io.prefstream.wire.LabelKind;
import io.prefstream.wire.LabelOutcome;
import io.prefstream.wire.LabelProvenance;
import io.prefstream.wire.LlmAnswer;
import io.prefstream.wire.LlmCall;
import io.prefstream.wire.Message;
import io.prefstream.wire.Objectivity;
import io.prefstream.wire.Pair;
import io.prefstream.wire.PairAttributes;
import io.prefstream.wire.PairEmbedding;
import io.prefstream.wire.PairFeatures;
import io.prefstream.wire.PairProvenance;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whole and plain records for tests; a test changes what it is about. */
public final class SampleFacts {

    private SampleFacts() {}

    /** A pair that answers one question. */
    public static Pair pair(String pairId, String question, String chosen, String rejected) {
        return Pair.newBuilder()
                .setPairId(pairId)
                .setMatchId("m-" + pairId)
                .setPromptGroup("g-" + pairId)
                .setHistory(List.of(new Message("user", question)))
                .setChosen(chosen)
                .setRejected(rejected)
                .setBatch("000001")
                .setOrdinal(0)
                .setFile("f")
                .setLine(1)
                .setSourceId(pairId)
                .setProvenance(new PairProvenance("ingest", "1", "", List.of(), null, null))
                .build();
    }

    /** The first label of its kind on a pair. */
    public static Label label(String pairId, LabelKind kind, LabelOutcome outcome) {
        return Label.newBuilder()
                .setPairId(pairId)
                .setKind(kind)
                .setOutcome(outcome)
                .setPRight(outcome == LabelOutcome.CHOSEN ? 1 : outcome == LabelOutcome.REJECTED ? 0 : 0.5)
                .setRound(0)
                .setRevision(1)
                .setVotes(1)
                .setProvenance(new LabelProvenance("label-verifier", "1", "", List.of(), null, null))
                .build();
    }

    /** Attributes of a plain sum. */
    public static PairAttributes attributes(String pairId) {
        return PairAttributes.newBuilder()
                .setPairId(pairId)
                .setTaskCategory("Math")
                .setObjectivity(Objectivity.OBJECTIVE)
                .setControversiality(Controversiality.LOW)
                .setDesiredAttributes("correct")
                .setAnnotationGuideline("the right one wins")
                .setOrigin(AttributeOrigin.BUILT_IN)
                .setProvenance(new AttributesProvenance("attribute-tagger", "1", "", List.of(), null, null))
                .build();
    }

    /** Features of two answers with texts of their own. */
    public static PairFeatures features(String pairId, float[] chosen, float[] rejected) {
        return PairFeatures.newBuilder()
                .setPairId(pairId)
                .setMatchId("m-" + pairId)
                .setPromptGroup("g-" + pairId)
                .setTaskCategory("Math")
                .setEntry("e-" + pairId)
                .setSameFeatures(false)
                .setChosen(floats(chosen))
                .setRejected(floats(rejected))
                .setChosenText("c-" + pairId)
                .setRejectedText("r-" + pairId)
                .setFeatureSet("made-up/1")
                .setProvenance(new FeaturesProvenance("retrieval", "1", "", List.of(), null, null))
                .build();
    }

    /** Where a pair lies. */
    public static PairEmbedding embedding(String pairId, byte[] vector) {
        return PairEmbedding.newBuilder()
                .setPairId(pairId)
                .setEntry("e-" + pairId)
                .setVector(ByteBuffer.wrap(vector))
                .setEncoderRevision("made-up/1")
                .setProvenance(new EmbeddingProvenance("retrieval", "1", "", List.of(), null, null))
                .build();
    }

    /** What a revision of the model answered, or why it did not. */
    public static LlmAnswer answer(LlmCall call, @Nullable String text, @Nullable String error) {
        return LlmAnswer.newBuilder()
                .setCallId(call.getCallId())
                .setPairId(call.getPairId())
                .setModel(call.getModel() + "-1")
                .setJudge(call.getJudge())
                .setAttempt(call.getAttempt())
                .setTries(1)
                .setMillis(20)
                .setText(text)
                .setError(error)
                .setInputTokens(7)
                .setOutputTokens(3)
                .setCostUsd(0.1)
                .build();
    }

    private static ByteBuffer floats(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes;
    }
}
