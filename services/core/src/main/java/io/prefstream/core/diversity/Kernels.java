package io.prefstream.core.diversity;

/**
 * Inner products of one row with many, written as sums of columns, which the compiler turns into vector instructions without
 * changing the order of a single sum. Small and static: the C2 compiler of JDK 25.0.3 crashed on such loops within large methods.
 */
final class Kernels {
    private Kernels() {}

    /**
     * Adds to {@code sums[j]} the products of {@code row} with all columns j.
     *
     * @param columns {@code columns[k][j]}: element k of the other vector j
     */
    static void products(float[] row, double[][] columns, double[] sums) {
        int k = 0;
        for (int end = row.length - 7; k < end; k += 8) {
            add8(sums, columns, row, k);
        }
        for (; k < row.length; k++) {
            add(sums, columns[k], row[k], sums.length);
        }
    }

    private static void add8(double[] sums, double[][] columns, float[] row, int k) {
        double[] c0 = columns[k];
        double[] c1 = columns[k + 1];
        double[] c2 = columns[k + 2];
        double[] c3 = columns[k + 3];
        double[] c4 = columns[k + 4];
        double[] c5 = columns[k + 5];
        double[] c6 = columns[k + 6];
        double[] c7 = columns[k + 7];
        double x0 = row[k];
        double x1 = row[k + 1];
        double x2 = row[k + 2];
        double x3 = row[k + 3];
        double x4 = row[k + 4];
        double x5 = row[k + 5];
        double x6 = row[k + 6];
        double x7 = row[k + 7];
        for (int j = 0; j < sums.length; j++) {
            sums[j] = sums[j]
                    + x0 * c0[j]
                    + x1 * c1[j]
                    + x2 * c2[j]
                    + x3 * c3[j]
                    + x4 * c4[j]
                    + x5 * c5[j]
                    + x6 * c6[j]
                    + x7 * c7[j];
        }
    }

    /** As above in single precision, over all columns. */
    static void products(float[] row, float[][] columns, float[] sums) {
        int k = 0;
        for (int end = row.length - 3; k < end; k += 4) {
            add4(
                    sums,
                    columns[k],
                    columns[k + 1],
                    columns[k + 2],
                    columns[k + 3],
                    row[k],
                    row[k + 1],
                    row[k + 2],
                    row[k + 3]);
        }
        for (; k < row.length; k++) {
            add(sums, columns[k], row[k]);
        }
    }

    /** The product of {@code row} with column {@code j}: bit for bit what {@code products} adds to a sum of 0. */
    static double product(float[] row, double[] other) {
        double sum = 0;
        for (int k = 0; k < row.length; k++) {
            sum += row[k] * other[k];
        }
        return sum;
    }

    private static void add(double[] sums, double[] column, double x, int to) {
        for (int j = 0; j < to; j++) {
            sums[j] += x * column[j];
        }
    }

    private static void add4(
            float[] sums, float[] c0, float[] c1, float[] c2, float[] c3, float x0, float x1, float x2, float x3) {
        for (int j = 0; j < sums.length; j++) {
            sums[j] = sums[j] + x0 * c0[j] + x1 * c1[j] + x2 * c2[j] + x3 * c3[j];
        }
    }

    private static void add(float[] sums, float[] column, float x) {
        for (int j = 0; j < sums.length; j++) {
            sums[j] += x * column[j];
        }
    }

    /** {@code square -= w wᵀ / scale}. */
    static void downdate(double[][] square, double[] w, double scale) {
        for (int i = 0; i < w.length; i++) {
            add(square[i], w, -w[i] / scale, w.length);
        }
    }
}
