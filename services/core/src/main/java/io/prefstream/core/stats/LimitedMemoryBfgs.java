package io.prefstream.core.stats;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/** Minimises a smooth convex function (Liu and Nocedal 1989, memory 10, Armijo halving). Deterministic; any thread. */
public final class LimitedMemoryBfgs {
    private static final int MEMORY = 10;

    private LimitedMemoryBfgs() {}

    /** A function with its gradient. */
    public interface Objective {
        /**
         * Value at x.
         *
         * @param gradient receives the gradient; its old content is overwritten
         */
        double at(double[] x, double[] gradient);
    }

    private record Step(double[] s, double[] y, double rho) {}

    /**
     * Minimum from x = 0.
     *
     * @param dimension length of x
     * @param iterations most steps
     * @param tolerance ends when the gradient's norm has fallen to this share of the first
     */
    public static double[] minimise(Objective objective, int dimension, int iterations, double tolerance) {
        double[] x = new double[dimension];
        double[] g = new double[dimension];
        double value = objective.at(x, g);
        double stop = tolerance * Math.sqrt(Vectors.dot(g, g));
        Deque<Step> memory = new ArrayDeque<>();
        for (int iteration = 0; iteration < iterations && Math.sqrt(Vectors.dot(g, g)) > stop; iteration++) {
            double[] direction = direction(g, memory);
            double slope = Vectors.dot(direction, g);
            double step = memory.isEmpty() ? 1 / Math.max(1, Math.sqrt(Vectors.dot(g, g))) : 1;
            double[] next = new double[dimension];
            double[] nextG = new double[dimension];
            double nextValue = Double.POSITIVE_INFINITY;
            for (int halving = 0; halving < 40; halving++, step /= 2) {
                for (int i = 0; i < dimension; i++) {
                    next[i] = x[i] + step * direction[i];
                }
                nextValue = objective.at(next, nextG);
                if (nextValue <= value + 1e-4 * step * slope) {
                    break;
                }
            }
            if (!(nextValue < value)) {
                break; // no descent left within rounding
            }
            remember(memory, x, next, g, nextG);
            x = next;
            g = nextG;
            value = nextValue;
        }
        return x;
    }

    private static void remember(Deque<Step> memory, double[] x, double[] next, double[] g, double[] nextG) {
        double[] s = minus(next, x);
        double[] y = minus(nextG, g);
        double curvature = Vectors.dot(s, y);
        if (curvature > 1e-12 * Vectors.dot(y, y)) {
            if (memory.size() == MEMORY) {
                memory.removeFirst();
            }
            memory.addLast(new Step(s, y, 1 / curvature));
        }
    }

    private static double[] direction(double[] g, Deque<Step> memory) {
        double[] d = new double[g.length];
        for (int i = 0; i < d.length; i++) {
            d[i] = -g[i];
        }
        if (memory.isEmpty()) {
            return d;
        }
        double[] alphas = new double[memory.size()];
        int a = memory.size();
        for (Iterator<Step> back = memory.descendingIterator(); back.hasNext(); ) {
            Step step = back.next();
            a--;
            alphas[a] = step.rho * Vectors.dot(step.s, d);
            add(d, -alphas[a], step.y);
        }
        Step last = memory.getLast();
        double scale = 1 / (last.rho * Vectors.dot(last.y, last.y));
        for (int i = 0; i < d.length; i++) {
            d[i] *= scale;
        }
        for (Step step : memory) {
            add(d, alphas[a++] - step.rho * Vectors.dot(step.y, d), step.s);
        }
        return d;
    }

    private static void add(double[] to, double factor, double[] row) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * row[i];
        }
    }

    private static double[] minus(double[] a, double[] b) {
        double[] d = new double[a.length];
        for (int i = 0; i < d.length; i++) {
            d[i] = a[i] - b[i];
        }
        return d;
    }
}
