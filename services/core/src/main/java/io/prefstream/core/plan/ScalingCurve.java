package io.prefstream.core.plan;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongToDoubleFunction;

/**
 * How a score grows with the number of curated pairs, in points (hundredths). It says nothing outside {@link #least} and
 * {@link #most}. Non-decreasing; immutable; any thread.
 */
public final class ScalingCurve {

    /** Half of the intervals that curves give: 90 %, two-sided, normal. */
    private static final double Z = 1.6448536269514722;

    private static final int FEWEST = 3;
    private static final int REACH = 10;
    private static final double MOST_POINTS = 100;

    /**
     * A point of a curve.
     *
     * @param pairs curated pairs, 1 or more
     * @param score points, 0..100
     * @param weight number of measurements behind it, above 0
     */
    public record Point(long pairs, double score, double weight) {}

    private final String name;
    private final List<Point> points;
    private final LongToDoubleFunction halfWidth;

    private ScalingCurve(String name, List<Point> points, LongToDoubleFunction halfWidth) {
        this.name = name;
        this.points = points;
        this.halfWidth = halfWidth;
    }

    /** The curve of the paper that the method comes from, at 8B parameters; the file names its source. */
    public static ScalingCurve paper() {
        List<Point> points = new ArrayList<>();
        try (InputStream in = Objects.requireNonNull(ScalingCurve.class.getResourceAsStream("scaling-1.tsv"))) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", -1))
                    .forEach(row -> points.add(new Point(Long.parseLong(row[0]), Double.parseDouble(row[1]), 1)));
        } catch (IOException e) {
            throw new UncheckedIOException("the paper's curve is not in the jar", e);
        }
        return measured("paper", points);
    }

    /**
     * A curve through points, straight between them over the logarithm of pairs. Its interval is how far points lie from
     * the straight line between their neighbours.
     *
     * @param points three or more, in order, pairs increasing and scores not falling
     */
    public static ScalingCurve measured(String name, List<Point> points) {
        for (int i = 1; i < points.size(); i++) {
            Point a = points.get(i - 1);
            Point b = points.get(i);
            if (b.pairs <= a.pairs || b.score < a.score) {
                throw new IllegalArgumentException("points of a curve must grow, and " + b + " follows on " + a);
            }
        }
        if (points.size() < FEWEST) {
            throw new IllegalArgumentException("a curve needs " + FEWEST + " points, got " + points.size());
        }
        double squares = 0;
        for (int i = 1; i < points.size() - 1; i++) {
            double residual = points.get(i).score - between(points.get(i - 1), points.get(i + 1), points.get(i).pairs);
            squares += residual * residual;
        }
        double half = Z * Math.sqrt(squares / (points.size() - 2));
        return new ScalingCurve(name, List.copyOf(points), pairs -> half);
    }

    /**
     * The line that fits points best, score over the logarithm of pairs, by least squares weighted with the measurements
     * behind each. It reaches to ten times the largest number of pairs, or to 100 points. Its interval is that of a
     * prediction.
     *
     * @return empty with fewer than three distinct numbers of pairs, or when the line doesn't rise
     */
    public static Optional<ScalingCurve> fitted(String name, List<Point> points) {
        if (points.stream().map(Point::pairs).distinct().count() < FEWEST) {
            return Optional.empty();
        }
        double weights = points.stream().mapToDouble(Point::weight).sum();
        double x = points.stream().mapToDouble(p -> p.weight * log(p.pairs)).sum() / weights;
        double y = points.stream().mapToDouble(p -> p.weight * p.score).sum() / weights;
        double xx = points.stream()
                .mapToDouble(p -> p.weight * (log(p.pairs) - x) * (log(p.pairs) - x))
                .sum();
        double slope = points.stream()
                        .mapToDouble(p -> p.weight * (log(p.pairs) - x) * (p.score - y))
                        .sum()
                / xx;
        if (!(slope > 0)) {
            return Optional.empty();
        }
        double squares = points.stream()
                .mapToDouble(p -> p.weight * Math.pow(p.score - y - slope * (log(p.pairs) - x), 2))
                .sum();
        double variance = squares / (points.size() - 2); // of a measurement of weight 1
        double typical = weights / points.size();
        LongToDoubleFunction half = pairs ->
                Z * Math.sqrt(variance * (1 / typical + 1 / weights + (log(pairs) - x) * (log(pairs) - x) / xx));
        long least = points.stream().mapToLong(Point::pairs).min().orElseThrow();
        long seen = points.stream().mapToLong(Point::pairs).max().orElseThrow();
        double full = StrictMath.exp(Math.min(40, x + (MOST_POINTS - y) / slope));
        long most = Math.max(least + 1, Math.min(REACH * seen, (long) full));
        List<Point> ends = List.of(
                new Point(least, y + slope * (log(least) - x), 1), new Point(most, y + slope * (log(most) - x), 1));
        return Optional.of(new ScalingCurve(name, ends, half));
    }

    /** What the curve is called. */
    public String name() {
        return name;
    }

    /** Pairs at its beginning. */
    public long least() {
        return points.getFirst().pairs;
    }

    /** Pairs at its end. */
    public long most() {
        return points.getLast().pairs;
    }

    /** Expected score, points; of fewer or more pairs than it covers, that of its end. */
    public double score(long pairs) {
        if (pairs <= least()) {
            return points.getFirst().score;
        }
        if (pairs >= most()) {
            return points.getLast().score;
        }
        Point after = points.stream()
                .filter(p -> p.pairs >= pairs)
                .min(Comparator.comparingLong(Point::pairs))
                .orElseThrow();
        return between(points.get(points.indexOf(after) - 1), after, pairs);
    }

    /** Half of the 90 % interval around the score, points. */
    public double halfWidth(long pairs) {
        return halfWidth.applyAsDouble(pairs);
    }

    private static double between(Point a, Point b, long pairs) {
        double share = (log(pairs) - log(a.pairs)) / (log(b.pairs) - log(a.pairs));
        return a.score + share * (b.score - a.score);
    }

    private static double log(long pairs) {
        return StrictMath.log((double) pairs);
    }
}
