package io.prefstream.ablation.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Line plots with error bars, several side by side, as SVG that takes its ink from the page. */
final class Plot {

    private static final int WIDTH = 250;
    private static final int HEIGHT = 170;
    private static final int GAP_X = 62;
    private static final int GAP_Y = 58;
    private static final int LEFT = 48;
    private static final int A_ROW = 3;

    /**
     * A point of a line.
     *
     * @param half half of its error bar; NaN for none
     */
    record Point(double x, double y, double half) {}

    /**
     * A line.
     *
     * @param colour as SVG names it
     * @param dash lengths of dashes and gaps; empty for a solid line
     */
    record Line(String name, String colour, String dash, List<Point> points) {}

    /** Lines that share their axes. */
    record Axes(String title, List<Line> lines) {}

    private Plot() {}

    /** Draws the axes in rows of three; across and up say what the axes are. */
    static String of(List<Axes> all, String across, String up, boolean percentAcross) {
        List<Line> named = all.stream()
                .flatMap(axes -> axes.lines().stream())
                .filter(line -> !line.points().isEmpty())
                .toList();
        List<Line> key = new ArrayList<>();
        for (Line line : named) {
            if (key.stream().noneMatch(there -> there.name().equals(line.name()))) {
                key.add(line);
            }
        }
        int columns = Math.min(A_ROW, Math.max(1, all.size()));
        int rows = (all.size() + A_ROW - 1) / A_ROW;
        int keyRows = (key.size() + 3) / 4;
        int top = 22 + 18 * keyRows + 34;
        int width = Math.max(LEFT + columns * (WIDTH + GAP_X), LEFT + 4 * 215);
        int height = top + rows * (HEIGHT + GAP_Y);
        StringBuilder out = new StringBuilder();
        add(
                out,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" font-family=\"sans-serif\""
                        + " font-size=\"11\" fill=\"currentColor\" color=\"#777\">",
                width,
                height,
                width);
        for (int i = 0; i < key.size(); i++) {
            int x = LEFT + i % 4 * 215;
            int y = 14 + 18 * (i / 4);
            stroke(out, key.get(i), x, y, x + 26, y);
            add(
                    out,
                    "<text x=\"%d\" y=\"%d\">%s</text>",
                    x + 32,
                    y + 4,
                    Html.escaped(key.get(i).name()));
        }
        add(
                out,
                "<text x=\"%d\" y=\"%d\" font-style=\"italic\">Across: %s. Up: %s.</text>",
                LEFT,
                20 + 18 * keyRows,
                Html.escaped(across),
                Html.escaped(up));
        for (int i = 0; i < all.size(); i++) {
            draw(
                    out,
                    all.get(i),
                    LEFT + i % A_ROW * (WIDTH + GAP_X),
                    top + i / A_ROW * (HEIGHT + GAP_Y),
                    percentAcross);
        }
        return out.append("</svg>").toString();
    }

    private static void draw(StringBuilder out, Axes axes, int left, int top, boolean percent) {
        add(out, "<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s</text>", left, top - 10, Html.escaped(axes.title()));
        List<Point> points =
                axes.lines().stream().flatMap(line -> line.points().stream()).toList();
        if (points.isEmpty()) {
            add(out, "<text x=\"%d\" y=\"%d\">nothing to draw</text>", left + 60, top + HEIGHT / 2);
            return;
        }
        double lowX = points.stream().mapToDouble(Point::x).min().orElse(0);
        double highX = points.stream().mapToDouble(Point::x).max().orElse(1);
        double low = points.stream().mapToDouble(p -> p.y() - half(p)).min().orElse(0);
        double high = points.stream().mapToDouble(p -> p.y() + half(p)).max().orElse(1);
        double step = step(high - low);
        low = Math.floor(low / step) * step;
        high = Math.max(low + step, Math.ceil(high / step) * step);
        double spanX = highX > lowX ? highX - lowX : 1;
        double spanY = high - low;
        for (double level = low; level <= high + step / 2; level += step) {
            double y = top + HEIGHT * (1 - (level - low) / spanY);
            add(
                    out,
                    "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"currentColor\" stroke-opacity=\".25\"/>",
                    left,
                    y,
                    left + WIDTH,
                    y);
            add(
                    out,
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" font-size=\"9\">%s</text>",
                    left - 4,
                    y + 3,
                    String.format(Locale.ROOT, step < 0.01 ? "%.3f" : "%.2f", level));
        }
        points.stream()
                .mapToDouble(Point::x)
                .distinct()
                .sorted()
                .forEach(x -> add(
                        out,
                        "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" font-size=\"9\">%s</text>",
                        left + 8 + (WIDTH - 16) * (x - lowX) / spanX,
                        top + HEIGHT + 13,
                        percent ? Math.round(100 * x) + " %" : Long.toString(Math.round(x))));
        for (int i = 0; i < axes.lines().size(); i++) {
            Line line = axes.lines().get(i);
            StringBuilder path = new StringBuilder();
            for (Point point : line.points()) {
                // Bars of lines that lie on each other stand beside each other.
                double x = left
                        + 8
                        + (WIDTH - 16) * (point.x() - lowX) / spanX
                        + (i - axes.lines().size() / 2.0) * 1.6;
                double y = top + HEIGHT * (1 - (point.y() - low) / spanY);
                double bar = HEIGHT * half(point) / spanY;
                if (bar > 0) {
                    add(
                            out,
                            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-opacity=\".55\"/>",
                            x,
                            y - bar,
                            x,
                            y + bar,
                            line.colour());
                }
                add(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.2\" fill=\"%s\"/>", x, y, line.colour());
                path.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
            }
            add(
                    out,
                    "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.8\" stroke-dasharray=\"%s\" points=\"%s\"/>",
                    line.colour(),
                    line.dash(),
                    path.toString().strip());
        }
    }

    private static double half(Point point) {
        return Double.isNaN(point.half()) ? 0 : point.half();
    }

    /** A round step that makes about five lines. */
    private static double step(double span) {
        double rough = Math.max(span, 1e-3) / 5;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        for (double times : new double[] {1, 2, 5}) {
            if (times * power >= rough) {
                return times * power;
            }
        }
        return 10 * power;
    }

    private static void stroke(StringBuilder out, Line line, int x1, int y1, int x2, int y2) {
        add(
                out,
                "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-width=\"1.8\" stroke-dasharray=\"%s\"/>",
                x1,
                y1,
                x2,
                y2,
                line.colour(),
                line.dash());
    }

    @SuppressWarnings("AnnotateFormatMethod") // its annotation would be a dependency
    private static void add(StringBuilder out, String format, Object... arguments) {
        out.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
