package io.prefstream.core.reward;

import io.prefstream.core.stats.Vectors;

/**
 * Kernel vote of the nearest gold pairs on answer differences. A gold pair speaks for or against by the sign of its cosine
 * with the pair in question, since swapping the answers of either negates the difference. Immutable; any thread.
 */
public final class NeighbourVote {
    private static final int NEAREST = 16;
    private static final double TEMPERATURE = 0.1;
    private static final double PRIOR = 0.5;

    private final float[][] gold;
    private final boolean[] right;
    private final int[] folds;

    /**
     * A voter over gold.
     *
     * @param goldDiffs differences of the gold pairs, scaled
     * @param right whether the original label of each is right
     * @param folds fold of each gold pair
     */
    public NeighbourVote(float[][] goldDiffs, boolean[] right, int[] folds) {
        this.gold = new float[goldDiffs.length][];
        for (int i = 0; i < gold.length; i++) {
            gold[i] = unit(goldDiffs[i]);
        }
        this.right = right.clone();
        this.folds = folds.clone();
    }

    /**
     * Probability that the chosen answer is better; .5 without any neighbour.
     *
     * @param diff scaled difference of the pair
     * @param first gold pairs of this fold have no say
     * @param second nor have those of this one; give the same fold twice to leave out one, -1 for none
     */
    public double probability(float[] diff, int first, int second) {
        float[] query = unit(diff);
        int held = 0;
        double[] cosines = new double[NEAREST]; // by falling strength
        boolean[] says = new boolean[NEAREST];
        for (int i = 0; i < gold.length; i++) {
            if (folds[i] == first || folds[i] == second) {
                continue;
            }
            double cosine = Vectors.dot(query, gold[i]);
            double strength = Math.abs(cosine);
            if (held == NEAREST && strength <= cosines[NEAREST - 1]) {
                continue;
            }
            int at = held < NEAREST ? held++ : NEAREST - 1;
            for (; at > 0 && cosines[at - 1] < strength; at--) {
                cosines[at] = cosines[at - 1];
                says[at] = says[at - 1];
            }
            cosines[at] = strength;
            says[at] = cosine > 0 == right[i];
        }
        double yes = PRIOR / 2;
        double all = PRIOR;
        for (int i = 0; i < held; i++) {
            double weight = StrictMath.exp((cosines[i] - 1) / TEMPERATURE);
            all += weight;
            yes += says[i] ? weight : 0;
        }
        return yes / all;
    }

    private static float[] unit(float[] v) {
        double norm = Math.sqrt(Vectors.dot(v, v));
        float[] u = new float[v.length];
        for (int i = 0; i < u.length; i++) {
            u[i] = norm > 0 ? (float) (v[i] / norm) : 0;
        }
        return u;
    }
}
