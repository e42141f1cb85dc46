package io.prefstream.bench.retrieval;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Labels that each strategy needs to be as good as chance is at a given number of labels, as Markdown and as a plot. */
final class NeededTable {

    private static final List<String> MODELS = List.of("gold", "corrected", "curated");
    private static final List<Integer> AT = List.of(300, 660, 1500);
    private static final List<String> COLOURS = List.of("#777777", "#1f6f8b", "#c0532c", "#5b8c2a", "#7a4fa3");
    private static final int WIDTH = 300;
    private static final int HEIGHT = 220;

    private final List<JsonNode> runs;
    private final List<Integer> seeds;

    NeededTable(List<JsonNode> runs) {
        this.runs = runs;
        TreeSet<Integer> all = new TreeSet<>();
        runs.forEach(run -> all.add(run.path("seed").asInt()));
        this.seeds = List.copyOf(all);
    }

    String markdown() {
        StringBuilder out = new StringBuilder();
        out.append(String.format(
                Locale.ROOT,
                "%d seeds, mean ± standard deviation. Trained on the labels as they came: %s; on the right ones: %s.%n%n",
                seeds.size(),
                spread(bound("raw"), "%.3f"),
                spread(bound("clean"), "%.3f")));
        for (String model : MODELS) {
            out.append("### Reward model trained on: ").append(model).append("\n\n| strategy |");
            AT.forEach(n ->
                    out.append(" labels for chance's accuracy at ").append(n).append(" |"));
            AT.forEach(n -> out.append(" accuracy at ").append(n).append(" |"));
            out.append(" less chance's at the end | wrong labels met |\n|")
                    .append("---|".repeat(2 * AT.size() + 3))
                    .append('\n');
            for (String strategy : LabelsNeeded.STRATEGIES) {
                row(out, model, strategy);
            }
            out.append('\n');
        }
        return out.toString();
    }

    private double[] bound(String of) {
        return seeds.stream()
                .mapToDouble(seed -> runs.stream()
                        .filter(run -> run.path("seed").asInt() == seed)
                        .mapToDouble(run -> run.path(of).asDouble())
                        .findFirst()
                        .orElse(Double.NaN))
                .toArray();
    }

    private void row(StringBuilder out, String model, String strategy) {
        out.append("| ").append(strategy).append(" |");
        for (int at : AT) {
            out.append(' ').append(needed(model, strategy, at)).append(" |");
        }
        for (int at : AT) {
            out.append(' ')
                    .append(spread(
                            seeds.stream()
                                    .mapToDouble(seed -> curve(seed, strategy, model)[step(at)])
                                    .toArray(),
                            "%.3f"))
                    .append(" |");
        }
        double[] lead = seeds.stream()
                .mapToDouble(seed -> last(curve(seed, strategy, model)) - last(curve(seed, "random", model)))
                .toArray();
        double[] met = seeds.stream()
                .mapToDouble(seed -> last(curve(seed, strategy, "wrong")) / last(curve(seed, strategy, "labels")))
                .toArray();
        out.append(strategy.equals("random") ? "" : " " + spread(lead, "%+.3f"))
                .append(" | ")
                .append(spread(met, "%.2f"))
                .append(" |\n");
    }

    /** Mean and standard deviation over seeds; a seed that never gets there counts as more than all labels. */
    private String needed(String model, String strategy, int at) {
        List<Double> found = new ArrayList<>();
        for (int seed : seeds) {
            double goal = rising(curve(seed, "random", model))[step(at)];
            double[] curve = rising(curve(seed, strategy, model));
            double[] labels = curve(seed, strategy, "labels");
            for (int i = 0; i < curve.length; i++) {
                if (curve[i] >= goal - 1e-9) {
                    double before = i == 0 ? goal : curve[i - 1];
                    double share = i == 0 || curve[i] == before ? 1 : (goal - before) / (curve[i] - before);
                    found.add(i == 0 ? labels[0] : labels[i - 1] + share * (labels[i] - labels[i - 1]));
                    break;
                }
            }
        }
        String reached = found.isEmpty()
                ? "never"
                : spread(found.stream().mapToDouble(n -> n).toArray(), "%.0f");
        return found.size() == seeds.size() ? reached : reached + " (in " + found.size() + " of " + seeds.size() + ")";
    }

    /** Mean over a strategy's draws on one seed. */
    private double[] curve(int seed, String strategy, String of) {
        List<JsonNode> some = runs.stream()
                .filter(run -> run.path("seed").asInt() == seed
                        && run.path("strategy").asText().equals(strategy))
                .toList();
        return IntStream.range(0, some.getFirst().path(of).size())
                .mapToDouble(i -> some.stream()
                        .mapToDouble(run -> run.path(of).path(i).asDouble())
                        .average()
                        .orElse(Double.NaN))
                .toArray();
    }

    private int step(int labels) {
        double[] all = curve(seeds.getFirst(), "random", "labels");
        return IntStream.range(0, all.length)
                .filter(i -> all[i] >= labels)
                .findFirst()
                .orElse(all.length - 1);
    }

    /** The nearest curve that never falls, by least squares (pool adjacent violators). */
    static double[] rising(double[] curve) {
        double[] means = new double[curve.length];
        int[] sizes = new int[curve.length];
        int blocks = 0;
        for (double value : curve) {
            means[blocks] = value;
            sizes[blocks++] = 1;
            while (blocks > 1 && means[blocks - 2] > means[blocks - 1]) {
                int size = sizes[blocks - 2] + sizes[blocks - 1];
                means[blocks - 2] =
                        (means[blocks - 2] * sizes[blocks - 2] + means[blocks - 1] * sizes[blocks - 1]) / size;
                sizes[blocks - 2] = size;
                blocks--;
            }
        }
        double[] out = new double[curve.length];
        int at = 0;
        for (int b = 0; b < blocks; b++) {
            Arrays.fill(out, at, at + sizes[b], means[b]);
            at += sizes[b];
        }
        return out;
    }

    private static double last(double[] values) {
        return values[values.length - 1];
    }

    private static String spread(double[] values, String format) {
        double mean = Arrays.stream(values).average().orElse(Double.NaN);
        double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        String told = String.format(Locale.ROOT, format, mean);
        return values.length < 2
                ? told
                : told + " ± "
                        + String.format(Locale.ROOT, format.replace("+", ""), Math.sqrt(squares / (values.length - 1)));
    }

    /** Mean accuracy over seeds against labels, a panel a model, with bars of one standard error. */
    String svg() {
        StringBuilder out = new StringBuilder();
        int width = MODELS.size() * (WIDTH + 50) + 20;
        out.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"11\"><rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>%n",
                width,
                HEIGHT + 90,
                width,
                HEIGHT + 90));
        for (int i = 0; i < LabelsNeeded.STRATEGIES.size(); i++) {
            out.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"16\" fill=\"%s\" font-weight=\"bold\">%s</text>%n",
                    40 + i * 100,
                    COLOURS.get(i),
                    LabelsNeeded.STRATEGIES.get(i)));
        }
        for (int m = 0; m < MODELS.size(); m++) {
            panel(out, MODELS.get(m), 45 + m * (WIDTH + 50));
        }
        return out.append("</svg>\n").toString();
    }

    private void panel(StringBuilder out, String model, int left) {
        double[] labels = curve(seeds.getFirst(), "random", "labels");
        double low = 1;
        double high = 0;
        for (String strategy : LabelsNeeded.STRATEGIES) {
            for (int i = 0; i < labels.length; i++) {
                double[] at = at(strategy, model, i);
                low = Math.min(low, at[0] - at[1]);
                high = Math.max(high, at[0] + at[1]);
            }
        }
        out.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"40\" font-weight=\"bold\">trained on: %s</text><rect x=\"%d\" y=\"50\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#ccc\"/>%n",
                left,
                model,
                left,
                WIDTH,
                HEIGHT));
        out.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"58\" text-anchor=\"end\">%.3f</text><text x=\"%d\" y=\"%d\" text-anchor=\"end\">%.3f</text>%n",
                left - 4,
                high,
                left - 4,
                50 + HEIGHT,
                low));
        out.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\">%.0f</text><text x=\"%d\" y=\"%d\" text-anchor=\"end\">%.0f human labels</text>%n",
                left,
                50 + HEIGHT + 16,
                labels[0],
                left + WIDTH,
                50 + HEIGHT + 16,
                last(labels)));
        for (int s = 0; s < LabelsNeeded.STRATEGIES.size(); s++) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < labels.length; i++) {
                double[] at = at(LabelsNeeded.STRATEGIES.get(s), model, i);
                double x = left + WIDTH * (labels[i] - labels[0]) / (last(labels) - labels[0]) + s - 2;
                double scale = HEIGHT / (high - low);
                line.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, 50 + (high - at[0]) * scale));
                out.append(String.format(
                        Locale.ROOT,
                        "<path d=\"M%.1f %.1fV%.1f\" stroke=\"%s\" opacity=\".35\"/>%n",
                        x,
                        50 + (high - at[0] - at[1]) * scale,
                        50 + (high - at[0] + at[1]) * scale,
                        COLOURS.get(s)));
            }
            out.append(String.format(
                    Locale.ROOT,
                    "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.6\"/>%n",
                    line.toString().strip(),
                    COLOURS.get(s)));
        }
    }

    /** Mean over seeds, and its standard error. */
    private double[] at(String strategy, String model, int step) {
        double[] values = seeds.stream()
                .mapToDouble(seed -> curve(seed, strategy, model)[step])
                .toArray();
        double mean = Arrays.stream(values).average().orElse(Double.NaN);
        double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        int n = values.length;
        return new double[] {mean, n < 2 ? 0 : Math.sqrt(squares / (n - 1) / n)};
    }
}
