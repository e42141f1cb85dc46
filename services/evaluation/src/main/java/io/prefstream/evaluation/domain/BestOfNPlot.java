package io.prefstream.evaluation.domain;

import io.prefstream.core.benchmark.Curve;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Best-of-N curves as SVG: across, N on a scale of doublings; up, the share of picked answers that are right. */
public final class BestOfNPlot {

    private static final int LEFT = 64;
    private static final int TOP = 56;
    private static final int WIDTH = 520;
    private static final int HEIGHT = 320;
    private static final int MARGIN_RIGHT = 150;
    private static final int MARGIN_BOTTOM = 62;
    private static final double LABEL_GAP = 15;
    private static final String INK = "#222";
    private static final String ORACLE = "#888";
    /** Okabe and Ito's colours, which stay apart for colour-blind eyes. */
    private static final List<String> COLOURS = List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9");

    private record Line(String name, double[] values, String style, String colour) {}

    private final List<Line> lines = new ArrayList<>();
    private final int longest;
    private final double low;
    private final double high;
    private final StringBuilder out = new StringBuilder();

    private BestOfNPlot(List<Curve> curves) {
        Curve mean = curves.getLast();
        for (int i = 0; i < curves.size() - 1; i++) {
            String colour = COLOURS.get(i % COLOURS.size());
            lines.add(new Line(curves.get(i).name(), curves.get(i).picked(), "stroke-width=\"1.6\"", colour));
        }
        lines.add(new Line(mean.name(), mean.picked(), "stroke-width=\"3\"", INK));
        lines.add(new Line(
                "mean, if always right", mean.oracle(), "stroke-width=\"1.6\" stroke-dasharray=\"6 4\"", ORACLE));
        longest = lines.stream().mapToInt(line -> line.values().length).max().orElse(1);
        double least = 1;
        double most = 0;
        for (Line line : lines) {
            for (double value : line.values()) {
                least = Math.min(least, value);
                most = Math.max(most, value);
            }
        }
        low = Math.max(0, Math.floor(least * 10 - 0.2) / 10);
        high = Math.min(1, Math.ceil(most * 10 + 0.2) / 10);
    }

    /**
     * The plot of some sets.
     *
     * @param model name of the model, for the title
     * @param curves a curve a set, then their mean
     */
    public static String svg(String model, List<Curve> curves) {
        BestOfNPlot plot = new BestOfNPlot(curves);
        plot.draw(model);
        return plot.out.toString();
    }

    private void draw(String model) {
        int width = LEFT + WIDTH + MARGIN_RIGHT;
        int height = TOP + HEIGHT + MARGIN_BOTTOM;
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
                        + " font-family=\"sans-serif\" font-size=\"13\" fill=\"%s\">",
                width, height, width, height, INK);
        add("<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>", width, height);
        add("<text x=\"%d\" y=\"22\" font-size=\"15\" font-weight=\"bold\">Best of N on PPE Correctness</text>", LEFT);
        add("<text x=\"%d\" y=\"41\" fill=\"#555\">%s</text>", LEFT, escaped(model));
        axes();
        for (Line line : lines) {
            StringBuilder points = new StringBuilder();
            for (int i = 0; i < line.values().length; i++) {
                points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(i + 1), y(line.values()[i])));
            }
            add(
                    "<polyline fill=\"none\" stroke=\"%s\" %s stroke-linejoin=\"round\" points=\"%s\"/>",
                    line.colour(), line.style(), points.toString().strip());
        }
        labels();
        add("</svg>");
    }

    private void axes() {
        for (int tenths = (int) Math.round(low * 10); tenths <= Math.round(high * 10); tenths++) {
            double at = y(tenths / 10.0);
            add("<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#e4e4e4\"/>", LEFT, at, LEFT + WIDTH, at);
            add(
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"#555\">%d %%</text>",
                    LEFT - 8, at + 4, tenths * 10);
        }
        for (int n = 1; n <= longest; n *= 2) {
            add(
                    "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#999\"/>",
                    x(n), TOP + HEIGHT, x(n), TOP + HEIGHT + 5);
            add("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#555\">%d</text>", x(n), TOP + HEIGHT + 20, n);
        }
        add(
                "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#999\"/>",
                LEFT, TOP + HEIGHT, LEFT + WIDTH, TOP + HEIGHT);
        add(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">answers to pick from (N)</text>",
                LEFT + WIDTH / 2, TOP + HEIGHT + 44);
        add(
                "<text transform=\"translate(16 %d) rotate(-90)\" text-anchor=\"middle\">picked answer is right</text>",
                TOP + HEIGHT / 2);
    }

    /** Each line's name beside its end, pushed apart where ends lie close. */
    private void labels() {
        List<Line> byEnd = lines.stream()
                .sorted(Comparator.comparingDouble((Line line) -> y(end(line))).thenComparing(Line::name))
                .toList();
        double[] at = new double[byEnd.size()];
        for (int i = 0; i < at.length; i++) {
            at[i] = y(end(byEnd.get(i))) + 4;
            at[i] = i > 0 ? Math.max(at[i], at[i - 1] + LABEL_GAP) : at[i];
        }
        double over = Math.max(0, at[at.length - 1] - (TOP + HEIGHT));
        for (int i = at.length - 1; i >= 0 && over > 0; i--) {
            at[i] = i == at.length - 1 ? at[i] - over : Math.min(at[i], at[i + 1] - LABEL_GAP);
        }
        for (int i = 0; i < at.length; i++) {
            Line line = byEnd.get(i);
            add(
                    "<text x=\"%.1f\" y=\"%.1f\" fill=\"%s\">%s</text>",
                    x(longest) + 8, at[i], line.colour(), escaped(line.name()));
        }
    }

    private static double end(Line line) {
        return line.values()[line.values().length - 1];
    }

    private double x(int n) {
        return longest == 1 ? LEFT : LEFT + WIDTH * Math.log(n) / Math.log(longest);
    }

    private double y(double share) {
        return TOP + HEIGHT * (high - share) / (high - low);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    @SuppressWarnings("AnnotateFormatMethod") // its annotation would be a dependency
    private void add(String format, Object... arguments) {
        out.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
