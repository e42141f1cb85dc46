package io.prefstream.core.diversity;

import io.prefstream.core.stats.Vectors;
import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/**
 * Greedy MAP of a determinantal point process: a subset that is good and whose members differ from each other. Each pick is the
 * row that raises det(L) of the picked rows most, with L = diag(q) S diag(q) and S = (1 - r) (1 + cosine) / 2 + r I: the cosine
 * moved to [0, 1], and a ridge r that lets more rows be picked than the vectors have dimensions.
 *
 * <p>Given the rows picked so far a row's gain is q² s, s being its conditional variance under S. Each pick t lowers s by the
 * square of one element of the incremental Cholesky factor (Chen, Zhang and Zhou 2018). S is of low rank but for the ridge, so
 * that element is an inner product of the row with a vector that depends on the picks alone, and no row of the factor is kept.
 * Gains only shrink, hence the lazy form: a row is brought up to date only when its old gain is the greatest known (Minoux
 * 1978). It does the same operations on a row in the same order as the plain form, so that both pick the same rows, bit for
 * bit, however many threads bring rows up to date. Memory: (d + 1)² + k (d + 1) doubles. Any thread; immutable.
 */
public final class DiverseSubset {
    /** The ridge: the share of a row's variance that no other row explains. */
    public static final double RIDGE = 1e-3;

    private static final int BATCH = 32;
    private static final int SHARES = 8; // of a batch, for as many threads at most
    private static final int TILE = 64; // picks whose vectors fit the second cache
    private static final int FEW = 8; // picks that a row missed, for which a tile is too much

    private final float[][] vectors;
    private final String[] ids;
    private final double[] weight;
    private final int dimension;
    private final long seed;

    /**
     * What was picked.
     *
     * @param rows indices of the picks, in order
     * @param gains factor by which each pick raised the determinant, q² s, above 0 and never rising
     * @param updates inner products of a row with a pick: the work done
     * @param touched rows that were brought up to date at least once
     */
    public record Picks(int[] rows, double[] gains, long updates, int touched) {
        /** Logarithm of det(L) of the picked rows; 0 when there are none. */
        public double logDeterminant() {
            double sum = 0;
            for (double gain : gains) {
                sum += StrictMath.log(gain);
            }
            return sum;
        }
    }

    /**
     * Reads the rows; they are not copied and must not change.
     *
     * @param vectors unit vectors, one a row
     * @param quality q of each row, above 0; its scale is free
     * @param ids ids of the rows, distinct; ties go by their hash
     * @throws IllegalArgumentException when a vector has no unit length or a quality is not above 0
     */
    public DiverseSubset(float[][] vectors, double[] quality, String[] ids, long seed) {
        this.dimension = Rows.dimension(vectors, ids);
        this.vectors = vectors;
        this.ids = ids;
        this.seed = seed;
        this.weight = new double[ids.length];
        if (quality.length != ids.length) {
            throw new IllegalArgumentException(quality.length + " qualities of " + ids.length + " ids");
        }
        for (int i = 0; i < weight.length; i++) {
            if (!(quality[i] > 0 && quality[i] < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("the quality of " + ids[i] + " must be above 0, not " + quality[i]);
            }
            weight[i] = quality[i] * quality[i];
        }
    }

    /** The picks by lazy evaluation: exactly those of {@link #plain}. */
    public Picks lazy(int count) {
        int[] order = Rows.order(ids, seed, "diverse-subset");
        Work work = new Work(Math.min(count, ids.length));
        PriorityQueue<Bound> queue = new PriorityQueue<>(Math.max(1, order.length));
        for (int rank = 0; rank < order.length; rank++) {
            queue.add(new Bound(work.gain(order[rank]), rank, order[rank], 0));
        }
        while (!work.complete()) {
            Bound[] stale = stale(queue, work.picked);
            if (stale.length == 0) {
                work.pick(queue.remove().row);
                continue;
            }
            int now = work.picked;
            int shares = stale.length * (long) now > BATCH ? SHARES : 1;
            IntStream.range(0, shares).parallel().forEach(share -> work.refresh(stale, share, shares));
            for (Bound bound : stale) {
                queue.add(new Bound(work.gain(bound.row), bound.rank, bound.row, now));
            }
        }
        return work.picks();
    }

    /** The picks by bringing every row up to date after every pick: what the lazy form is measured against. */
    public Picks plain(int count) {
        int[] order = Rows.order(ids, seed, "diverse-subset");
        Work work = new Work(Math.min(count, ids.length));
        boolean[] taken = new boolean[ids.length];
        while (!work.complete()) {
            int best = -1;
            for (int row : order) {
                if (!taken[row] && (best < 0 || work.gain(row) > work.gain(best))) {
                    best = row;
                }
            }
            taken[best] = true;
            work.pick(best);
            if (!work.complete()) {
                IntStream.range(0, ids.length)
                        .parallel()
                        .filter(row -> !taken[row])
                        .forEach(work::refresh);
            }
        }
        return work.picks();
    }

    /** The greatest bounds, up to a batch and up to the first that is up to date. */
    private static Bound[] stale(PriorityQueue<Bound> queue, int picked) {
        Bound[] batch = new Bound[BATCH];
        int n = 0;
        for (Bound top = queue.peek(); n < BATCH && top != null && top.level < picked; top = queue.peek()) {
            batch[n++] = queue.remove();
        }
        return Arrays.copyOf(batch, n);
    }

    /** A gain as it was after {@code level} picks: no less than what it is now. */
    private record Bound(double gain, int rank, int row, int level) implements Comparable<Bound> {
        @Override
        public int compareTo(Bound other) {
            int byGain = Double.compare(other.gain, gain);
            return byGain != 0 ? byGain : Integer.compare(rank, other.rank);
        }
    }

    /** State of one selection. Rows may be refreshed by several threads at once, each row by one. */
    private final class Work {
        private final int count;
        private final int[] rows;
        private final double[] gains;
        private final double[] variance = new double[ids.length];
        private final int[] level = new int[ids.length];
        /** (I + Σ φ φᵀ (1 - r) / r)⁻¹ over the picks' φ = (1, vector) / √2. */
        private final double[][] inverse;
        /** {@code directions[t / TILE][k][t % TILE]}: element k of the vector of pick t; {@code offsets[t]} is its product with the constant 1. */
        private final double[][][] directions;

        private final double[] offsets;
        /** The same vectors by pick, for rows that missed few. */
        private final double[][] byPick;

        private int picked;

        Work(int count) {
            this.count = count;
            this.rows = new int[count];
            this.gains = new double[count];
            this.inverse = new double[dimension + 1][dimension + 1];
            this.directions = new double[(count + TILE - 1) / TILE][dimension][TILE];
            this.byPick = new double[count][];
            this.offsets = new double[count];
            for (int i = 0; i < variance.length; i++) {
                variance[i] = RIDGE + (1 - RIDGE) * (1 + Vectors.dot(vectors[i], vectors[i])) / 2;
            }
            for (int i = 0; i <= dimension; i++) {
                inverse[i][i] = 1;
            }
        }

        boolean complete() {
            return picked == count;
        }

        double gain(int row) {
            return weight[row] * variance[row];
        }

        void pick(int row) {
            rows[picked] = row;
            gains[picked] = gain(row);
            double[] phi = phi(row);
            double[] w = new double[dimension + 1];
            for (int i = 0; i < w.length; i++) {
                add(w, inverse[i], phi[i]);
            }
            double explained = 0;
            for (int i = 0; i < w.length; i++) {
                explained += phi[i] * w[i];
            }
            double scale = RIDGE / (1 - RIDGE) + explained;
            Kernels.downdate(inverse, w, scale);
            // (1 - r) φᵢᵀ w / √((1 - r) scale) is the element of the Cholesky factor; φᵢ brings 1/√2
            double factor = StrictMath.sqrt((1 - RIDGE) / scale / 2);
            offsets[picked] = factor * w[0];
            double[] direction = new double[dimension];
            for (int k = 0; k < dimension; k++) {
                direction[k] = factor * w[k + 1];
                directions[picked / TILE][k][picked % TILE] = direction[k];
            }
            byPick[picked] = direction;
            picked++;
        }

        void refresh(int row) {
            if (picked - level[row] < FEW) {
                for (int t = level[row]; t < picked; t++) {
                    lower(row, Kernels.product(vectors[row], byPick[t]) + offsets[t]);
                }
                level[row] = picked;
            } else {
                double[] sums = new double[TILE];
                for (int tile = level[row] / TILE; tile * TILE < picked; tile++) {
                    refresh(row, tile, sums);
                }
            }
        }

        private void refresh(int row, int tile, double[] sums) {
            int start = tile * TILE;
            int from = Math.max(level[row], start);
            int end = Math.min(start + TILE, picked);
            if (from < end) {
                Arrays.fill(sums, 0);
                Kernels.products(vectors[row], directions[tile], sums);
                for (int t = from; t < end; t++) {
                    lower(row, sums[t - start] + offsets[t]);
                }
                level[row] = end;
            }
        }

        /**
         * Refreshes every so-manieth of some rows, some picks at a time: their vectors then stay in the processor's cache while all
         * rows pass over them, and that is what the time goes into.
         */
        void refresh(Bound[] stale, int share, int shares) {
            double[] sums = new double[TILE];
            for (int tile = 0; tile * TILE < picked; tile++) {
                for (int i = share; i < stale.length; i += shares) {
                    int row = stale[i].row;
                    if (picked - level[row] < FEW) {
                        refresh(row);
                    } else if (level[row] < (tile + 1) * TILE) {
                        refresh(row, tile, sums);
                    }
                }
            }
        }

        /** Less the square, but for rounding never below the ridge. */
        private void lower(int row, double element) {
            variance[row] = Math.max(RIDGE, variance[row] - element * element);
        }

        private double[] phi(int row) {
            double[] phi = new double[dimension + 1];
            double half = StrictMath.sqrt(0.5);
            phi[0] = half;
            for (int k = 0; k < dimension; k++) {
                phi[k + 1] = half * vectors[row][k];
            }
            return phi;
        }

        private void add(double[] sums, double[] row, double factor) {
            for (int j = 0; j < sums.length; j++) {
                sums[j] += factor * row[j];
            }
        }

        Picks picks() {
            long updates = 0;
            int touched = 0;
            for (int steps : level) {
                updates += steps;
                touched += steps > 0 ? 1 : 0;
            }
            return new Picks(rows, gains, updates, touched);
        }
    }
}
