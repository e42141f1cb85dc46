package io.prefstream.core.diversity;

import java.util.Random;

/** Unit vectors from a seed. */
record Points(float[][] vectors, double[] quality, String[] ids) {

    /** Rows around so many centres, or anywhere when there are none. */
    static Points of(int count, int dimension, int centres, long seed) {
        Random random = new Random(seed);
        float[][] centre = new float[centres][];
        for (int c = 0; c < centres; c++) {
            centre[c] = row(random, dimension, null);
        }
        float[][] vectors = new float[count][];
        double[] quality = new double[count];
        String[] ids = new String[count];
        for (int i = 0; i < count; i++) {
            vectors[i] = row(random, dimension, centres == 0 ? null : centre[random.nextInt(centres)]);
            quality[i] = 0.5 + random.nextDouble() / 2;
            ids[i] = "pair-" + i;
        }
        return new Points(vectors, quality, ids);
    }

    private static float[] row(Random random, int dimension, float[] centre) {
        double[] row = new double[dimension];
        double square = 0;
        for (int k = 0; k < dimension; k++) {
            row[k] = random.nextGaussian() / Math.sqrt(dimension) * (centre == null ? 1 : 0.5)
                    + (centre == null ? 0 : centre[k]);
            square += row[k] * row[k];
        }
        float[] unit = new float[dimension];
        for (int k = 0; k < dimension; k++) {
            unit[k] = (float) (row[k] / Math.sqrt(square));
        }
        return unit;
    }

    /** The same rows in another order: row i is row {@code order[i]} of these. */
    Points permuted(int[] order) {
        Points all = new Points(new float[order.length][], new double[order.length], new String[order.length]);
        for (int i = 0; i < order.length; i++) {
            all.vectors[i] = vectors[order[i]];
            all.quality[i] = quality[order[i]];
            all.ids[i] = ids[order[i]];
        }
        return all;
    }

    static int[] shuffled(int count, long seed) {
        Random random = new Random(seed);
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    DiverseSubset subset() {
        return new DiverseSubset(vectors, quality, ids, 7);
    }

    /** Element of L as its definition says. */
    double kernel(int i, int j) {
        double dot = 0;
        for (int k = 0; k < vectors[i].length; k++) {
            dot += (double) vectors[i][k] * vectors[j][k];
        }
        double similarity = (1 - DiverseSubset.RIDGE) * (1 + dot) / 2 + (i == j ? DiverseSubset.RIDGE : 0);
        return quality[i] * similarity * quality[j];
    }

    /** Logarithm of the determinant of L over these rows, by Gauss elimination. */
    double logDeterminant(int[] rows, int count) {
        double[][] a = new double[count][count];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < count; j++) {
                a[i][j] = kernel(rows[i], rows[j]);
            }
        }
        double sum = 0;
        for (int p = 0; p < count; p++) {
            sum += Math.log(a[p][p]);
            for (int i = p + 1; i < count; i++) {
                double factor = a[i][p] / a[p][p];
                for (int j = p; j < count; j++) {
                    a[i][j] -= factor * a[p][j];
                }
            }
        }
        return sum;
    }
}
