package io.prefstream.core.benchmark;

import java.util.List;

/**
 * How a model did on a benchmark.
 *
 * @param score the benchmark's own total, 0 to 1 (RewardBench 2's term for ties can reach 1.01); over the parts that are there
 *     when some are missing, NaN when nothing is
 * @param missing parts of which there is no item; empty when the score is the whole benchmark's
 * @param figures what the total is made of, in the order in which it is printed
 * @param curves best-of-N curves, where the benchmark has them
 */
public record Outcome(double score, List<String> missing, List<Figure> figures, List<Curve> curves) {

    /** Keeps copies. */
    public Outcome {
        missing = List.copyOf(missing);
        figures = List.copyOf(figures);
        curves = List.copyOf(curves);
    }

    /** An outcome without curves. */
    public Outcome(double score, List<String> missing, List<Figure> figures) {
        this(score, missing, figures, List.of());
    }

    /** Whether the score is the whole benchmark's, and may stand beside published ones. */
    public boolean complete() {
        return missing.isEmpty() && !Double.isNaN(score);
    }
}
