package io.prefstream.core.reward;

import io.prefstream.core.stats.Hashes;
import io.prefstream.core.stats.LimitedMemoryBfgs;
import io.prefstream.core.stats.Logistic;
import io.prefstream.core.stats.Vectors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Linear reward over answer features: r(x, y) = w · phi(x, y), P(a better than b) = sigmoid(r_a - r_b) (Bradley and Terry
 * 1952). Weights are on raw features, so a head needs nothing beside itself. Immutable by convention; any thread.
 *
 * @param featuresHash SHA-256 (hex) of the feature names in order; see {@link #featuresHash(List)}
 * @param weights one weight a feature
 */
public record BradleyTerryHead(String featuresHash, double[] weights) {
    private static final int MAGIC = 0x42544648; // "HFTB" little-endian on disk
    private static final int VERSION = 1;
    private static final int HASH = 32;
    private static final int HEADER = 3 * Integer.BYTES + HASH;
    private static final int ITERATIONS = 60;
    private static final double TOLERANCE = 1e-4;

    /** SHA-256 (hex) of the names, each ended by a line feed. */
    public static String featuresHash(List<String> names) {
        String joined = String.join("\n", names) + "\n";
        return HexFormat.of().formatHex(Hashes.sha256(joined.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Fits by minimising the weighted mean cross entropy + l2/2 |w|², w on scaled columns.
     *
     * @param diffs features of the chosen less those of the rejected answer, already scaled by {@code scales}, one a row
     * @param targets probability that the chosen answer is better, 0 to 1
     * @param sampleWeights weight of each row, 0 leaves it out; null weighs all alike
     * @param l2 strength of the penalty, above 0; it does not depend on the number of rows
     * @return the head over raw features; all weights 0 when no row has weight
     */
    public static BradleyTerryHead fit(
            String featuresHash,
            Standardizer scales,
            float[][] diffs,
            double[] targets,
            double @Nullable [] sampleWeights,
            double l2) {
        int d = scales.scale().length;
        double total = 0;
        for (int i = 0; i < diffs.length; i++) {
            total += sampleWeights == null ? 1 : sampleWeights[i];
        }
        if (!(total > 0)) {
            return new BradleyTerryHead(featuresHash, new double[d]);
        }
        double all = total;
        double[] w = LimitedMemoryBfgs.minimise(
                (x, g) -> {
                    double loss = 0;
                    Arrays.fill(g, 0);
                    for (int i = 0; i < diffs.length; i++) {
                        double weight = sampleWeights == null ? 1 : sampleWeights[i];
                        if (weight == 0) {
                            continue;
                        }
                        float[] row = diffs[i];
                        double margin = Vectors.dot(x, row);
                        loss += weight * Logistic.loss(margin, targets[i]);
                        double slope = weight * (Logistic.sigmoid(margin) - targets[i]);
                        for (int j = 0; j < g.length; j++) {
                            g[j] += slope * row[j];
                        }
                    }
                    for (int j = 0; j < g.length; j++) {
                        g[j] = g[j] / all + l2 * x[j];
                    }
                    return loss / all + l2 / 2 * Vectors.dot(x, x);
                },
                d,
                ITERATIONS,
                TOLERANCE);
        return new BradleyTerryHead(featuresHash, scales.unscale(w));
    }

    /** Reward of one answer from its raw features. */
    public double score(float[] answerFeatures) {
        return Vectors.dot(weights, answerFeatures);
    }

    /** Reward of the chosen less that of the rejected answer, from their raw difference. */
    public double margin(float[] rawDiff) {
        return Vectors.dot(weights, rawDiff);
    }

    /** Little-endian bytes: magic, version, features hash, number of weights, weights, SHA-256 of all before it. */
    public byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(HEADER + weights.length * Double.BYTES + HASH)
                .order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(MAGIC)
                .putInt(VERSION)
                .put(HexFormat.of().parseHex(featuresHash))
                .putInt(weights.length);
        for (double w : weights) {
            out.putDouble(w);
        }
        out.put(Hashes.sha256(Arrays.copyOf(out.array(), out.position())));
        return out.array();
    }

    /** SHA-256 (hex) of {@link #encode()}: the name of the checkpoint. */
    public String sha256() {
        return HexFormat.of().formatHex(Hashes.sha256(encode()));
    }

    /**
     * Reads what {@link #encode()} wrote.
     *
     * @throws IllegalArgumentException when the bytes are not such a head, damaged, or of other features
     */
    public static BradleyTerryHead decode(byte[] bytes, String expectedFeaturesHash) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < HEADER + HASH || in.getInt() != MAGIC) {
            throw new IllegalArgumentException("these bytes are not a Bradley-Terry head");
        }
        int version = in.getInt();
        if (version != VERSION) {
            throw new IllegalArgumentException("head of version " + version + ", this program reads " + VERSION);
        }
        byte[] hash = new byte[HASH];
        in.get(hash);
        String features = HexFormat.of().formatHex(hash);
        int d = in.getInt();
        if (d < 0 || bytes.length != HEADER + (long) d * Double.BYTES + HASH) {
            throw new IllegalArgumentException("head of " + d + " weights in " + bytes.length + " bytes");
        }
        byte[] body = Arrays.copyOf(bytes, bytes.length - HASH);
        if (!Arrays.equals(Hashes.sha256(body), Arrays.copyOfRange(bytes, body.length, bytes.length))) {
            throw new IllegalArgumentException("the head is damaged: its SHA-256 does not match");
        }
        if (!features.equals(expectedFeaturesHash)) {
            throw new IllegalArgumentException(
                    "the head was trained on other features: " + features + ", not " + expectedFeaturesHash);
        }
        double[] weights = new double[d];
        for (int j = 0; j < d; j++) {
            weights[j] = in.getDouble();
            if (!Double.isFinite(weights[j])) {
                throw new IllegalArgumentException("weight " + j + " of the head is not finite");
            }
        }
        return new BradleyTerryHead(features, weights);
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof BradleyTerryHead other
                && featuresHash.equals(other.featuresHash)
                && Arrays.equals(weights, other.weights);
    }

    @Override
    public int hashCode() {
        return 31 * featuresHash.hashCode() + Arrays.hashCode(weights);
    }
}
