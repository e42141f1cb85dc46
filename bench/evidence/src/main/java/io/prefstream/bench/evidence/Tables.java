package io.prefstream.bench.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import io.prefstream.core.verdict.Gates;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The results as Markdown: one line for each kind of pool, mean and standard deviation over its seeds. */
final class Tables {

    private static final List<String> MODELS =
            List.of("raw", "random", "gold", "curated", "recycled", "ungated", "clean");

    private final List<JsonNode> results;
    private final Map<String, List<JsonNode>> kinds = new TreeMap<>();

    /** Tables of these results. */
    Tables(List<JsonNode> results) {
        this.results = results;
        for (JsonNode result : results) {
            kinds.computeIfAbsent(kind(result), k -> new ArrayList<>()).add(result);
        }
    }

    String markdown() {
        StringBuilder out = new StringBuilder();
        gates(out);
        table(
                out,
                "Published",
                "Of the pairs whose answer the product was not given: labels right as they came; KEEP and FLIP as published, "
                        + "precision and share of the pool, over the runs in which gold opened the gate.",
                "| right | KEEP | kept | open in | FLIP | flipped | open in |",
                runs -> cell(runs, r -> share(r, "right", "open")) + published(runs, "keep") + published(runs, "flip"));
        table(
                out,
                "Accuracy and coverage over p_right",
                "Precision of the pairs of highest p_right that make up a share of the pool (KEEP), and of lowest (FLIP), "
                        + "published or not.",
                "| KEEP at 30 % | 50 % | 70 % | FLIP at 2 % | 5 % | 10 % | 15 % | 20 % |",
                runs -> point(runs, "keep_curve", 30, 50, 70) + point(runs, "flip_curve", 2, 5, 10, 15, 20));
        table(
                out,
                "Reward models on unseen prompts",
                "Accuracy of the same head trained on: the raw labels; a random subset of them as large as what was curated; the "
                        + "human labels alone; curated; curated and recycled; what would be curated without gates; the right labels.",
                "| raw | random | gold | curated | recycled | ungated | clean |",
                runs -> MODELS.stream()
                        .map(model -> cell(runs, r -> r.path("rm").path(model).asDouble()))
                        .collect(Collectors.joining()));
        return out.toString();
    }

    /** Whether what was published holds against the known answers, over all runs. */
    private void gates(StringBuilder out) {
        List<JsonNode> kept = opened(results, "keep");
        List<JsonNode> flipped = opened(results, "flip");
        long under = kept.stream()
                .filter(r -> share(r, "keep_right", "keep") < share(r, "right", "open"))
                .count();
        long wrong = flipped.stream()
                .filter(r -> share(r, "flip_right", "flip") < Gates.FLIP_BOUND)
                .count();
        out.append("### Gates\n\n")
                .append(String.format(
                        Locale.ROOT,
                        "Of %d runs, %d published KEEP, %d of them with fewer right labels than the pool has; %d published FLIP, "
                                + "%d of them with less than %.0f %% right.%n%n",
                        results.size(),
                        kept.size(),
                        under,
                        flipped.size(),
                        wrong,
                        100 * Gates.FLIP_BOUND));
    }

    /** Runs whose gate opened and let something through; a closed one lets through only what people said of a duplicate. */
    private static List<JsonNode> opened(List<JsonNode> runs, String verdict) {
        return runs.stream()
                .filter(r -> r.path(verdict + "_gate").asText().equals("open")
                        && r.path(verdict).asInt() > 0)
                .toList();
    }

    private static double share(JsonNode run, String part, String whole) {
        return run.path(part).asDouble() / run.path(whole).asDouble();
    }

    private interface Cells {
        String of(List<JsonNode> runs);
    }

    private void table(StringBuilder out, String title, String about, String columns, Cells cells) {
        out.append("### ").append(title).append("\n\n").append(about).append("\n\n");
        String head = "| pool | noise | gold | judge | runs " + columns;
        out.append(head).append('\n');
        out.append("|---".repeat((int) head.chars().filter(c -> c == '|').count() - 1))
                .append("|\n");
        kinds.values().forEach(runs -> {
            JsonNode first = runs.getFirst();
            double labelled = runs.stream()
                    .mapToInt(r -> r.path("labelled").asInt())
                    .average()
                    .orElse(0);
            out.append(String.format(
                            Locale.ROOT,
                            "| %s | %s | %.0f %% = %.0f | %s | %d ",
                            first.path("set").asText(),
                            first.path("labels").asText(),
                            100 * first.path("gold").asDouble(),
                            labelled,
                            first.path("judge").asText("-"),
                            runs.size()))
                    .append(cells.of(runs))
                    .append("|\n");
        });
        out.append('\n');
    }

    private static String published(List<JsonNode> runs, String verdict) {
        List<JsonNode> open = opened(runs, verdict);
        return cell(open, r -> share(r, verdict + "_right", verdict))
                + cell(open, r -> share(r, verdict, "open"))
                + "| " + open.size() + " of " + runs.size() + " ";
    }

    private static String point(List<JsonNode> runs, String curve, int... percents) {
        StringBuilder out = new StringBuilder();
        for (int percent : percents) {
            List<JsonNode> some = runs.stream()
                    .filter(r -> r.path(curve).path(percent - 1).isNumber())
                    .toList();
            out.append(cell(some, r -> r.path(curve).path(percent - 1).asDouble()));
        }
        return out.toString();
    }

    /** Mean and standard deviation over seeds; a dash without any. */
    private static String cell(List<JsonNode> runs, ToDoubleFunction<JsonNode> value) {
        if (runs.isEmpty()) {
            return "| - ";
        }
        double[] values = runs.stream().mapToDouble(value).toArray();
        double mean = 0;
        for (double v : values) {
            mean += v / values.length;
        }
        double squares = 0;
        for (double v : values) {
            squares += (v - mean) * (v - mean);
        }
        return values.length < 2
                ? String.format(Locale.ROOT, "| %.3f ", mean)
                : String.format(Locale.ROOT, "| %.3f ± %.3f ", mean, Math.sqrt(squares / (values.length - 1)));
    }

    private static String kind(JsonNode r) {
        boolean tournament = r.path("set").asText().equals(Evidence.TOURNAMENT);
        return (tournament ? "0" : "1") + r.path("set").asText() + "/"
                + "natural swapped longer".indexOf(r.path("labels").asText()) + "/"
                + (1 - r.path("gold").asDouble()) + "/" + r.path("judge").asText("");
    }
}
