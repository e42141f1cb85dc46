package io.prefstream.core.reward;

import io.prefstream.core.stats.Hashes;
import io.prefstream.core.stats.Logistic;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/** The neighbours' vote as a model that travels: its gold pairs with their scales. Immutable; any thread. */
public final class NeighbourModel {

    private static final int MAGIC = 0x314e4e4b; // "KNN1"

    private final Standardizer scales;
    private final byte[] bytes;
    private final NeighbourVote vote;

    private NeighbourModel(Standardizer scales, byte[] bytes, NeighbourVote vote) {
        this.scales = scales;
        this.bytes = bytes;
        this.vote = vote;
    }

    /**
     * A model over gold.
     *
     * @param scales scales of the columns
     * @param goldDiffs scaled differences of the gold pairs
     * @param right whether the original label of each is right
     * @param folds fold of each, 0 to 127
     */
    public static NeighbourModel of(Standardizer scales, float[][] goldDiffs, boolean[] right, int[] folds) {
        int d = scales.scale().length;
        ByteBuffer out =
                ByteBuffer.allocate(12 + d * 8 + goldDiffs.length * (d * 4 + 2)).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(MAGIC).putInt(d).putInt(goldDiffs.length);
        for (double scale : scales.scale()) {
            out.putDouble(scale);
        }
        for (int i = 0; i < goldDiffs.length; i++) {
            out.put((byte) (right[i] ? 1 : 0)).put((byte) folds[i]);
            for (float x : goldDiffs[i]) {
                out.putFloat(x);
            }
        }
        return new NeighbourModel(scales, out.array(), new NeighbourVote(goldDiffs, right, folds));
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException when the bytes are not such a model
     */
    public static NeighbourModel decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < 12 || in.getInt() != MAGIC) {
            throw new IllegalArgumentException("these bytes are not a neighbours' model");
        }
        int d = in.getInt();
        int n = in.getInt();
        if (d < 0 || n < 0 || bytes.length != 12 + d * 8L + n * (d * 4L + 2)) {
            throw new IllegalArgumentException("neighbours' model of " + n + " rows in " + bytes.length + " bytes");
        }
        double[] scale = new double[d];
        for (int j = 0; j < d; j++) {
            scale[j] = in.getDouble();
        }
        float[][] diffs = new float[n][d];
        boolean[] right = new boolean[n];
        int[] folds = new int[n];
        for (int i = 0; i < n; i++) {
            right[i] = in.get() == 1;
            folds[i] = in.get();
            for (int j = 0; j < d; j++) {
                diffs[i][j] = in.getFloat();
            }
        }
        return new NeighbourModel(new Standardizer(scale), bytes.clone(), new NeighbourVote(diffs, right, folds));
    }

    /** The model's bytes. */
    public byte[] encode() {
        return bytes.clone();
    }

    /** SHA-256 (hex) of the bytes: the name of the checkpoint. */
    public String sha256() {
        return HexFormat.of().formatHex(Hashes.sha256(bytes));
    }

    /**
     * Margin of a pair: the logit of the vote.
     *
     * @param rawDiff features of the chosen less those of the rejected answer
     * @param first gold pairs of this fold have no say
     * @param second nor have those of this one
     */
    public double margin(float[] rawDiff, int first, int second) {
        return Logistic.logit(vote.probability(scales.apply(rawDiff), first, second));
    }
}
