package io.prefstream.core.benchmark;

import io.prefstream.core.stats.Hashes;
import java.util.Arrays;
import java.util.List;

/**
 * Best of N: the answers come in random order, the model picks the first of those with the highest score among the first N, and
 * what counts is whether the picked one is right.
 *
 * <p>The expectation over all orders has a closed form. The first N are a random subset of the n answers, in random order, so of
 * answers with equal scores each is as likely to be first. With h answers scored higher than a group of m equal scores, the
 * group holds the pick with probability C(n-h, N) / C(n, N) - C(n-h-m, N) / C(n, N), and the pick is right with the share of
 * right answers in the group. The owner samples 100 orders instead.
 */
public final class BestOfN {

    /** Orders that are sampled. */
    public static final int ORDERS = 100;

    private BestOfN() {}

    /** Mean curve of questions, up to the least number of answers among them; questions must not be missing. */
    static Curve curve(String name, List<ScoredItem> items, long seed) {
        int longest =
                items.stream().mapToInt(item -> item.scores().length).min().orElseThrow();
        double[] picked = new double[longest];
        double[] sampled = new double[longest];
        double[] oracle = new double[longest];
        for (ScoredItem item : items) {
            add(picked, expected(item.scores(), item.right()), items.size());
            add(sampled, sampled(item, Hashes.of(seed, "best-of-n", item.part() + "/" + item.name())), items.size());
            double[] truth = new double[item.right().length];
            for (int i = 0; i < truth.length; i++) {
                truth[i] = item.right()[i] ? 1 : 0;
            }
            add(oracle, expected(truth, item.right()), items.size());
        }
        return new Curve(name, picked, sampled, oracle);
    }

    /** Plain mean of curves, up to the shortest of them. */
    static Curve mean(String name, List<Curve> curves) {
        int longest =
                curves.stream().mapToInt(curve -> curve.picked().length).min().orElseThrow();
        double[] picked = new double[longest];
        double[] sampled = new double[longest];
        double[] oracle = new double[longest];
        for (Curve curve : curves) {
            add(picked, curve.picked(), curves.size());
            add(sampled, curve.sampled(), curves.size());
            add(oracle, curve.oracle(), curves.size());
        }
        return new Curve(name, picked, sampled, oracle);
    }

    private static void add(double[] to, double[] values, int of) {
        for (int i = 0; i < to.length; i++) {
            to[i] += values[i] / of;
        }
    }

    /** Probability that the pick is right, by N - 1, over all orders of the answers. */
    static double[] expected(double[] scores, boolean[] right) {
        int n = scores.length;
        Integer[] order = new Integer[n];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(scores[b], scores[a]));
        double[] expected = new double[n];
        double[] noneHigher =
                new double[n]; // by N - 1: the chance that none of those above the group is among the first N
        Arrays.fill(noneHigher, 1);
        for (int from = 0; from < n; ) {
            int to = from;
            int rightHere = 0;
            for (; to < n && scores[order[to]] == scores[order[from]]; to++) {
                rightHere += right[order[to]] ? 1 : 0;
            }
            double none = 1; // C(n - to, N) / C(n, N), factor by factor
            for (int k = 0; k < n; k++) {
                none *= Math.max(0, n - to - k) / (double) (n - k);
                expected[k] += (noneHigher[k] - none) * rightHere / (to - from);
                noneHigher[k] = none;
            }
            from = to;
        }
        return expected;
    }

    /** Share of seeded orders in which the pick is right, by N - 1. */
    private static double[] sampled(ScoredItem item, long seed) {
        int n = item.scores().length;
        double[] share = new double[n];
        int[] order = new int[n];
        long state = seed;
        for (int draw = 0; draw < ORDERS; draw++) {
            Arrays.setAll(order, i -> i);
            for (int i = n - 1; i > 0; i--) { // Fisher and Yates
                state += 0x9e3779b97f4a7c15L;
                int j = (int) Long.remainderUnsigned(mixed(state), i + 1L);
                int kept = order[i];
                order[i] = order[j];
                order[j] = kept;
            }
            int best = order[0];
            for (int k = 0; k < n; k++) {
                best = item.scores()[order[k]] > item.scores()[best] ? order[k] : best;
                share[k] += item.right()[best] ? 1.0 / ORDERS : 0;
            }
        }
        return share;
    }

    /** Finalizer of SplitMix64 (Steele, Lea, Flood 2014): a counter becomes evenly spread bits. */
    private static long mixed(long z) {
        long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
        return b ^ (b >>> 31);
    }
}
