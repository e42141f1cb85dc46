package io.prefstream.rewardscorer.client;

import io.prefstream.core.reward.BradleyTerryHead;
import io.prefstream.core.reward.NeighbourModel;
import io.prefstream.rewardscorer.domain.RewardModel;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.GoldenPair;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;

/** Makes models of announcements, and checks each against its golden pairs before it serves. */
public final class Checkpoints {

    /** Kind of a model that reads text: a folder at the announcement's URI, whose card's SHA-256 is the checkpoint's id. */
    public static final String TEXT = "text/1";

    private Checkpoints() {}

    /**
     * The model of an announcement.
     *
     * @throws IllegalArgumentException when it is of an unknown kind, damaged, or misses its golden scores, with figures
     */
    public static RewardModel load(Checkpoint checkpoint) {
        ByteBuffer inline = checkpoint.getInline();
        if (inline == null) {
            throw new IllegalArgumentException("checkpoint " + checkpoint.getCheckpointId() + " is a "
                    + checkpoint.getKind() + " without a model");
        }
        byte[] bytes = new byte[inline.remaining()];
        inline.duplicate().get(bytes);
        return switch (checkpoint.getKind()) {
            case "bt-head/1" -> head(checkpoint, bytes);
            case "knn/1" -> neighbours(checkpoint, bytes);
            default -> throw new IllegalArgumentException("unknown model kind " + checkpoint.getKind());
        };
    }

    private static RewardModel neighbours(Checkpoint checkpoint, byte[] bytes) {
        NeighbourModel model = NeighbourModel.decode(bytes);
        if (!model.sha256().equals(checkpoint.getCheckpointId())) {
            throw new IllegalArgumentException(
                    "checkpoint " + checkpoint.getCheckpointId() + " has the SHA-256 " + model.sha256());
        }
        return new RewardModel.Neighbours(model);
    }

    private static RewardModel head(Checkpoint checkpoint, byte[] bytes) {
        BradleyTerryHead head =
                BradleyTerryHead.decode(bytes, BradleyTerryHead.featuresHash(List.of(checkpoint.getFeatureSet())));
        for (GoldenPair golden : checkpoint.getGoldenPairs()) {
            float[] features = floats(golden.getFeatures());
            if (features.length != head.weights().length) {
                throw new IllegalArgumentException("checkpoint " + checkpoint.getCheckpointId() + " has "
                        + head.weights().length + " weights, and its golden pairs " + features.length + " features");
            }
            double score = head.score(features);
            double off = Math.abs(score - golden.getScore());
            if (!(off <= checkpoint.getTolerance())) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "checkpoint %s misses a golden score by %.3g, and %.3g is allowed",
                        checkpoint.getCheckpointId(),
                        off,
                        checkpoint.getTolerance()));
            }
        }
        return new RewardModel.Head(head, checkpoint.getFold(), checkpoint.getOtherFold());
    }

    /** Numbers of little-endian 32-bit floats. */
    public static float[] floats(ByteBuffer bytes) {
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }
}
