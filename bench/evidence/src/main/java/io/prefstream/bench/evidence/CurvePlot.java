package io.prefstream.bench.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Accuracy against coverage as small panels: a row for each set, a column for each noise. Lines are means over seeds. */
final class CurvePlot {

    private static final List<String> SETS =
            List.of(Evidence.TOURNAMENT, "pandalm", "hh_harmless", "evouna_nq", "gsm8k_model_solutions");
    private static final List<String> NOISES = List.of("natural", "swapped", "longer");
    private static final List<String> NOISE_NAMES =
            List.of("natural: one vote", "30 % of labels swapped", "40 % by the longer answer");
    private static final int WIDTH = 250;
    private static final int HEIGHT = 150;
    private static final int GAP_X = 40;
    private static final int GAP_Y = 46;
    private static final int LEFT = 170;
    private static final int TOP = 74;
    private static final double LOWEST = 0.45;
    private static final String KEEP = "#1f6f8b";
    private static final String FLIP = "#c0532c";
    private static final String INK = "#333";

    private final List<JsonNode> results;
    private final StringBuilder out = new StringBuilder();

    /** A plot of the results without LLM judges. */
    CurvePlot(List<JsonNode> results) {
        this.results =
                results.stream().filter(r -> !r.path("judge").isTextual()).toList();
    }

    String svg() {
        int width = LEFT + NOISES.size() * (WIDTH + GAP_X);
        int height = TOP + SETS.size() * (HEIGHT + GAP_Y) + 10;
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"11\" fill=\"%s\">",
                width, height, INK);
        add("<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>", width, height);
        key();
        for (int row = 0; row < SETS.size(); row++) {
            int y = TOP + row * (HEIGHT + GAP_Y);
            add("<text x=\"14\" y=\"%d\" font-weight=\"bold\">%s</text>", y + HEIGHT / 2, SETS.get(row));
            for (int column = 0; column < NOISES.size(); column++) {
                int x = LEFT + column * (WIDTH + GAP_X);
                if (row == 0) {
                    add("<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s</text>", x, TOP - 12, NOISE_NAMES.get(column));
                }
                panel(x, y, SETS.get(row), NOISES.get(column));
            }
        }
        add("</svg>");
        return out.toString();
    }

    private void key() {
        int x = LEFT;
        for (String[] entry : new String[][] {
            {KEEP, "", "KEEP, 6 % gold"},
            {KEEP, "3 2", "KEEP, 2 %"},
            {FLIP, "", "FLIP, 6 % gold"},
            {FLIP, "3 2", "FLIP, 2 %"},
            {"#999", "6 3", "labels as they came"}
        }) {
            add(
                    "<line x1=\"%d\" y1=\"24\" x2=\"%d\" y2=\"24\" stroke=\"%s\" stroke-width=\"1.8\" stroke-dasharray=\"%s\"/>",
                    x, x + 26, entry[0], entry[1]);
            add("<text x=\"%d\" y=\"28\">%s</text>", x + 32, entry[2]);
            x += 150;
        }
        add(
                "<text x=\"%d\" y=\"46\" fill=\"#666\">Across: share of the pool, most certain first. Up: share of these decisions that is right. Pairs with a human label are left out.</text>",
                LEFT);
    }

    private void panel(int x, int y, String set, String noise) {
        List<JsonNode> here = results.stream()
                .filter(r -> r.path("set").asText().equals(set)
                        && r.path("labels").asText().equals(noise))
                .toList();
        if (here.isEmpty()) {
            String why = noise.equals("natural") ? "labels are taken as right" : "not run";
            add("<text x=\"%d\" y=\"%d\" fill=\"#999\">%s</text>", x + 60, y + HEIGHT / 2, why);
            return;
        }
        for (double level : new double[] {0.5, 0.6, 0.7, 0.8, 0.9, 1}) {
            add(
                    "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#e6e6e6\"/>",
                    x, up(y, level), x + WIDTH, up(y, level));
            add(
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" font-size=\"9\" fill=\"#666\">%.1f</text>",
                    x - 4, up(y, level) + 3, level);
        }
        for (int percent = 0; percent <= 100; percent += 20) {
            add(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" font-size=\"9\" fill=\"#666\">%d %%</text>",
                    across(x, percent), y + HEIGHT + 12, percent);
        }
        double base = here.stream()
                .mapToDouble(r -> r.path("right").asDouble() / r.path("open").asDouble())
                .average()
                .orElse(0);
        add(
                "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#999\" stroke-dasharray=\"6 3\"/>",
                x, up(y, base), x + WIDTH, up(y, base));
        if (here.stream().noneMatch(r -> r.path("keep_curve").path(0).isNumber())) {
            add("<text x=\"%d\" y=\"%d\" fill=\"#999\">too few labels to decide</text>", x + 60, y + HEIGHT * 2 / 3);
        }
        for (double gold : new double[] {0.02, 0.06}) {
            List<JsonNode> runs =
                    here.stream().filter(r -> r.path("gold").asDouble() == gold).toList();
            curve(x, y, runs, "keep_curve", 100, KEEP, gold);
            curve(x, y, runs, "flip_curve", 30, FLIP, gold);
        }
    }

    private void curve(int x, int y, List<JsonNode> runs, String name, int most, String colour, double gold) {
        StringBuilder points = new StringBuilder();
        for (int percent = 2; percent <= most; percent++) {
            int at = percent - 1;
            var values = runs.stream()
                    .map(r -> r.path(name).path(at))
                    .filter(JsonNode::isNumber)
                    .mapToDouble(JsonNode::asDouble)
                    .toArray();
            double mean = Arrays.stream(values).average().orElse(0);
            if (mean >= LOWEST) {
                points.append(String.format(Locale.ROOT, "%.1f,%.1f ", across(x, percent), up(y, mean)));
            }
        }
        if (!points.isEmpty()) {
            add(
                    "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.8\" stroke-dasharray=\"%s\" points=\"%s\"/>",
                    colour, gold < 0.05 ? "3 2" : "", points.toString().strip());
        }
    }

    private static double across(int x, int percent) {
        return x + WIDTH * percent / 100.0;
    }

    private static double up(int y, double share) {
        return y + HEIGHT * (1 - share) / (1 - LOWEST);
    }

    @SuppressWarnings("AnnotateFormatMethod") // its annotation would be a dependency
    private void add(String format, Object... arguments) {
        out.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
