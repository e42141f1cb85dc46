package io.prefstream.evaluation.domain;

import io.prefstream.core.benchmark.Average;
import io.prefstream.core.benchmark.Figure;
import io.prefstream.core.benchmark.Outcome;
import io.prefstream.core.benchmark.Tally;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tables of an evaluation, for a terminal and in Markdown. Shares are printed in points of 100.
 *
 * @param model what was evaluated
 * @param standings how it stands, in the order of the paper's columns
 */
public record Report(String model, List<Standing> standings) {

    /** Groups that are long, and stand in the files alone. */
    private static final Set<String> DETAILS =
            Set.of("subset", "task", "language", "domain and level", "ties", "best of N, max", "best of N, loss");

    private static final Map<String, String> SHORT = Map.of(
            "rewardbench", "RB",
            "rewardbench-2", "RB2",
            "ppe-preference", "PPE-P",
            "ppe-correctness", "PPE-C",
            "rmb", "RMB",
            "rm-bench", "RM-B",
            "judgebench", "JB");

    private static final String PARTIAL = "*";

    /** Outcomes by benchmark id. */
    public Map<String, Outcome> outcomes() {
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        standings.forEach(standing -> outcomes.put(standing.id(), standing.outcome()));
        return outcomes;
    }

    /** What the terminal shows. */
    public String text() {
        StringBuilder out = new StringBuilder();
        out.append("Model ")
                .append(model)
                .append("\n\n")
                .append(totals().text())
                .append('\n');
        standings.forEach(standing -> {
            Table table = figures(standing, false);
            if (!table.isEmpty()) {
                out.append(table.text()).append('\n');
            }
        });
        if (comparable()) {
            out.append(beside().text()).append('\n');
        }
        remarks().forEach(line -> out.append(line).append('\n'));
        return out.toString();
    }

    /** The page {@code results.md}. */
    public String markdown() {
        StringBuilder out = new StringBuilder();
        out.append("# Reward model benchmarks\n\nModel `").append(model).append("`.\n\n");
        out.append(totals().markdown());
        remarks().forEach(line -> out.append('\n').append(line).append('\n'));
        if (comparable()) {
            out.append("\n## Beside published models\n\n").append(beside().markdown());
            out.append("\nPublished rows: [arXiv 2507.01352v3](https://arxiv.org/abs/2507.01352v3), Tables 1 and 7.\n");
        }
        if (standings.stream().anyMatch(standing -> !standing.outcome().curves().isEmpty())) {
            out.append("\n## Best of N\n\n![Best of N](bon.svg)\n");
        }
        for (Standing standing : standings) {
            Table table = figures(standing, true);
            if (!table.isEmpty()) {
                out.append("\n## ")
                        .append(standing.format().benchmark().title())
                        .append("\n\n");
                out.append(table.markdown());
            }
        }
        return out.toString();
    }

    private Table totals() {
        Table table = new Table("benchmark", "total", "95 % interval", "items", "failed", "refused");
        for (Standing standing : standings) {
            Outcome outcome = standing.outcome();
            table.row(
                    standing.format().benchmark().title(),
                    points(outcome.score()) + (outcome.complete() ? " " : PARTIAL),
                    totalInterval(outcome),
                    Long.toString(standing.items().size()),
                    Long.toString(standing.failed()),
                    Long.toString(standing.refused().size()));
        }
        return table;
    }

    /** A total has an interval when it is the plain mean of items. */
    private static String totalInterval(Outcome outcome) {
        return outcome.figures().stream()
                .filter(figure -> figure.group().equals("accuracy")
                        && figure.tally() != null
                        && figure.value() == outcome.score())
                .findFirst()
                .map(figure -> interval(figure.tally()))
                .orElse("");
    }

    private static Table figures(Standing standing, boolean all) {
        Table table = new Table(standing.format().benchmark().title(), "value", "95 % interval", "items");
        for (Figure figure : standing.outcome().figures()) {
            if (all || !DETAILS.contains(figure.group())) {
                Tally tally = figure.tally();
                table.row(
                        figure.group() + ": " + figure.name(),
                        points(figure.value()),
                        interval(tally),
                        tally == null ? "" : Long.toString(tally.items()));
            }
        }
        return table;
    }

    private boolean comparable() {
        return standings.stream()
                .anyMatch(standing -> Average.OF_SEVEN.benchmarks().contains(standing.id()));
    }

    private Table beside() {
        List<String> ids = Average.OF_SEVEN.benchmarks();
        List<String> head = new ArrayList<>(List.of("points"));
        ids.forEach(id -> head.add(SHORT.getOrDefault(id, id)));
        head.add("mean");
        head.add("mean of six");
        Table table = new Table(head.toArray(String[]::new));
        Map<String, Outcome> own = outcomes();
        List<String> row = new ArrayList<>(List.of("this model"));
        for (String id : ids) {
            Outcome outcome = own.get(id);
            row.add(outcome == null ? "-" : points(outcome.score()) + (outcome.complete() ? "" : PARTIAL));
        }
        row.add(points(Average.OF_SEVEN.of(own)));
        row.add(points(Average.OF_SIX.of(own)));
        table.row(row.toArray(String[]::new));
        for (Published published : Published.rows()) {
            List<String> cells = new ArrayList<>(List.of(published.model()));
            ids.forEach(id -> cells.add(format(published.points().getOrDefault(id, Double.NaN))));
            cells.add(format(mean(published, Average.OF_SEVEN)));
            cells.add(format(mean(published, Average.OF_SIX)));
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }

    private static double mean(Published published, Average average) {
        double sum = 0;
        for (String id : average.benchmarks()) {
            sum += published.points().getOrDefault(id, Double.NaN);
        }
        return sum / average.benchmarks().size();
    }

    /** What keeps totals and means from being whole. */
    private List<String> remarks() {
        List<String> lines = new ArrayList<>();
        Map<String, Outcome> own = outcomes();
        for (Standing standing : standings) {
            List<String> missing = standing.outcome().missing();
            if (!missing.isEmpty()) {
                lines.add(PARTIAL + " " + standing.format().benchmark().title() + ": partial ("
                        + Average.abridged(missing) + ")");
            }
        }
        if (comparable()) {
            for (Average average : List.of(Average.OF_SEVEN, Average.OF_SIX)) {
                List<String> missing = average.missing(own);
                lines.add(
                        missing.isEmpty()
                                ? "The " + average.name() + ": " + points(average.of(own))
                                : "No " + average.name() + ", for want of: " + String.join(", ", missing));
            }
        }
        return lines;
    }

    private static String interval(@Nullable Tally tally) {
        return tally == null ? "" : points(tally.lower()) + " to " + points(tally.upper());
    }

    private static String points(double share) {
        return format(100 * share);
    }

    private static String format(double points) {
        return Double.isNaN(points) ? "-" : String.format(Locale.ROOT, "%.1f", points);
    }
}
