package io.prefstream.core.diversity;

import io.prefstream.core.stats.Hashes;
import io.prefstream.core.stats.Vectors;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * k-means on unit vectors by cosine (Dhillon and Modha 2001), begun by k-means++ (Arthur and Vassilvitskii 2007) with hashes in
 * place of random numbers. Sums run in the order of the ids' hashes: the same rows give the same centroids in any order and on
 * any number of threads. Stateless; any thread.
 */
public final class SphericalKMeans {
    private SphericalKMeans() {}

    /**
     * Clusters of the rows.
     *
     * @param centroids unit vectors, one a cluster
     * @param cluster each row's cluster
     * @param iterations assignments made
     */
    public record Clusters(float[][] centroids, int[] cluster, int iterations) {
        /** Rows in each cluster; none may be empty but where rows are equal. */
        public int[] sizes() {
            int[] sizes = new int[centroids.length];
            for (int c : cluster) {
                sizes[c]++;
            }
            return sizes;
        }
    }

    /**
     * Clusters the rows; ends when no row changes its cluster.
     *
     * @param vectors unit vectors, one a row
     * @param ids ids of the rows, distinct
     * @param count most clusters; fewer where there are fewer distinct rows
     * @param iterations most assignments, at least 1
     */
    public static Clusters of(float[][] vectors, String[] ids, int count, int iterations, long seed) {
        if (count < 1 || iterations < 1) {
            throw new IllegalArgumentException(
                    count + " clusters in " + iterations + " iterations: at least 1 of each");
        }
        Rows.dimension(vectors, ids);
        int[] order = Rows.order(ids, seed, "k-means");
        float[][] centroids = begin(vectors, order, count, seed);
        int[] cluster = nearest(vectors, centroids);
        int done = 1;
        for (; done < iterations; done++) {
            centroids = means(vectors, order, cluster, centroids);
            int[] next = nearest(vectors, centroids);
            if (Arrays.equals(next, cluster)) {
                done++;
                break;
            }
            cluster = next;
        }
        return new Clusters(centroids, cluster, done);
    }

    /** The cluster of each row: that of the greatest cosine, the first of equal ones. */
    public static int[] nearest(float[][] vectors, float[][] centroids) {
        int dimension = centroids.length == 0 ? 0 : centroids[0].length;
        float[][] columns = new float[dimension][centroids.length];
        for (int c = 0; c < centroids.length; c++) {
            for (int k = 0; k < dimension; k++) {
                columns[k][c] = centroids[c][k];
            }
        }
        int[] cluster = new int[vectors.length];
        IntStream.range(0, vectors.length).parallel().forEach(i -> cluster[i] = nearest(vectors[i], columns));
        return cluster;
    }

    private static int nearest(float[] row, float[][] columns) {
        float[] cosines = new float[columns[0].length];
        Kernels.products(row, columns, cosines);
        int best = 0;
        for (int c = 1; c < cosines.length; c++) {
            if (cosines[c] > cosines[best]) {
                best = c;
            }
        }
        return best;
    }

    private static float[][] begin(float[][] vectors, int[] order, int count, long seed) {
        float[][] centroids = new float[Math.min(count, order.length)][];
        double[] distance = new double[order.length];
        Arrays.fill(distance, 1);
        int made = 0;
        for (; made < centroids.length; made++) {
            int chosen = drawn(distance, order, Hashes.unit(seed, "k-means++", Integer.toString(made)));
            if (chosen < 0) {
                break; // every row is one of the centroids already
            }
            float[] centroid = vectors[chosen];
            centroids[made] = centroid;
            boolean first = made == 0;
            IntStream.range(0, order.length).parallel().forEach(i -> {
                double d = i == chosen ? 0 : Math.max(0, 1 - Vectors.dot(vectors[i], centroid));
                d = d < 1e-6 ? 0 : d; // equal within the precision of a float
                distance[i] = first ? d : Math.min(distance[i], d);
            });
        }
        return Arrays.copyOf(centroids, made);
    }

    /** A row with the probability of its distance; -1 when all are 0. */
    private static int drawn(double[] distance, int[] order, double unit) {
        double total = 0;
        for (int row : order) {
            total += distance[row];
        }
        double left = unit * total;
        int last = -1;
        for (int row : order) {
            if (distance[row] > 0) {
                last = row;
                left -= distance[row];
                if (left < 0) {
                    break;
                }
            }
        }
        return last;
    }

    private static float[][] means(float[][] vectors, int[] order, int[] cluster, float[][] before) {
        double[][] sums = new double[before.length][before[0].length];
        for (int row : order) {
            add(sums[cluster[row]], vectors[row]);
        }
        float[][] means = new float[before.length][];
        for (int c = 0; c < means.length; c++) {
            double length = StrictMath.sqrt(Vectors.dot(sums[c], sums[c]));
            means[c] = length < 1e-9 ? before[c] : scaled(sums[c], 1 / length);
        }
        return means;
    }

    private static void add(double[] sum, float[] row) {
        for (int k = 0; k < sum.length; k++) {
            sum[k] += row[k];
        }
    }

    private static float[] scaled(double[] row, double factor) {
        float[] scaled = new float[row.length];
        for (int k = 0; k < scaled.length; k++) {
            scaled[k] = (float) (row[k] * factor);
        }
        return scaled;
    }
}
