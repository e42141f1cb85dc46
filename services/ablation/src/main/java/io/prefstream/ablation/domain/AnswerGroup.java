package io.prefstream.ablation.domain;

import java.util.List;

/**
 * Several answers to one prompt that no variant has seen.
 *
 * @param features raw features of each
 * @param quality how good each is, 0 to 1
 */
public record AnswerGroup(List<float[]> features, List<Double> quality) {

    /**
     * Expected quality of the one that scores highest among n drawn from the group without putting back, over all draws. The
     * answer of rank i among m is the best of n in C(m - i, n - 1) of C(m, n) draws.
     *
     * @param scores score of each answer; equal ones share their places
     */
    double bestOf(int n, double[] scores) {
        int m = scores.length;
        double expected = 0;
        for (int i = 0; i < m; i++) {
            int above = 0;
            int equal = 0;
            for (int j = 0; j < m; j++) {
                above += scores[j] > scores[i] ? 1 : 0;
                equal += scores[j] == scores[i] ? 1 : 0;
            }
            double chance = 0;
            for (int place = above + 1; place <= above + equal; place++) {
                chance += choose(m - place, n - 1) / choose(m, n) / equal;
            }
            expected += chance * quality.get(i);
        }
        return expected;
    }

    private static double choose(int from, int take) {
        if (take > from) {
            return 0;
        }
        double ways = 1;
        for (int i = 0; i < take; i++) {
            ways *= (double) (from - i) / (i + 1);
        }
        return ways;
    }
}
