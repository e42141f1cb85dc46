package io.prefstream.ablation.report;

import io.prefstream.ablation.domain.Arm;
import io.prefstream.ablation.domain.MatchedControl;
import io.prefstream.ablation.domain.MatchedControl.Deviation;
import io.prefstream.ablation.domain.PairedTest;
import io.prefstream.ablation.domain.Panel;
import io.prefstream.ablation.domain.Panel.Fates;
import io.prefstream.ablation.domain.Spread;
import io.prefstream.core.plan.ScalingCurve;
import io.prefstream.core.stats.Wilson;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Tells a study: figures with their spread, tests, controls and what all of it was made from. */
public final class StudyReport {

    private static final double LEVEL = 0.90;
    private static final Map<Arm, String[]> INK = new EnumMap<>(Map.of(
            Arm.ORIGINAL, new String[] {"#8a8a8a", ""},
            Arm.FILTERED, new String[] {"#2a7fb8", ""},
            Arm.CORRECTED, new String[] {"#c8502a", ""},
            Arm.RANDOM, new String[] {"#8a8a8a", "4 3"},
            Arm.MATCHED, new String[] {"#6a51a3", "4 3"},
            Arm.MATCHED_NOISE, new String[] {"#b38600", "4 3"},
            Arm.GOLD, new String[] {"#3a9a5b", "1 3"},
            Arm.CLEAN, new String[] {"#3a9a5b", ""}));

    /** Which arms are tested against which, at full size. */
    private static final List<Arm[]> TESTS = List.of(
            new Arm[] {Arm.FILTERED, Arm.ORIGINAL},
            new Arm[] {Arm.CORRECTED, Arm.ORIGINAL},
            new Arm[] {Arm.CORRECTED, Arm.FILTERED},
            new Arm[] {Arm.CORRECTED, Arm.RANDOM},
            new Arm[] {Arm.CORRECTED, Arm.MATCHED},
            new Arm[] {Arm.CORRECTED, Arm.MATCHED_NOISE},
            new Arm[] {Arm.CORRECTED, Arm.GOLD});

    private StudyReport() {}

    /** The report's parts. */
    public static List<Block> of(Study study) {
        List<Block> all = new ArrayList<>();
        if (!study.about().isEmpty()) {
            all.add(new Block.Text(study.about()));
        }
        all.add(new Block.Text("Made by:"));
        all.add(new Block.Command(study.command()));
        boolean compared =
                study.panels().stream().anyMatch(panel -> !panel.accuracy().isEmpty());
        if (compared) {
            all.add(new Block.Heading("Accuracy of reward models"));
            all.add(new Block.Text(study.repeats()));
            all.add(accuracy(study.panels()));
            all.add(new Block.Figure(
                    "curves",
                    "Accuracy over the course of curation: means over the repeats with their 95 % intervals (Student).",
                    Plot.of(
                            study.panels().stream().map(StudyReport::curves).toList(),
                            "share of the pool that has been curated",
                            "share of unseen pairs ranked right",
                            true)));
            all.add(meanings());
            tests(study, all);
            all.add(new Block.Heading("Are the controls alike?"));
            all.add(
                    new Block.Text(
                            "A matched control is drawn at random from the same pool, cell by cell of topic and quarter of"
                                    + " answer length, and then pairs are exchanged within their cells until lengths, margins and, where it says so,"
                                    + " the share of wrong labels are close. The table has the deviation from filtered + corrected at full size,"
                                    + " mean and largest over the repeats; up to 5 % counts as alike. Deviations of means are in standard deviations"
                                    + " of the selection, of spreads and shares relative, of distributions the total variation distance (topics) and"
                                    + " Kolmogorov's distance (lengths). Where a pool has few pairs like those selected, the control shares many of"
                                    + " them with the selection, which the last line tells: it then has little left to differ in."));
            all.add(controls(study.panels(), false));
            all.add(controls(study.panels(), true));
            bestOf(study.panels(), all);
            scaling(study.panels(), all);
        }
        outcomes(study.panels(), all);
        all.add(new Block.Heading("What it was made from"));
        all.addAll(study.facts());
        if (!study.notes().isEmpty()) {
            all.add(new Block.Heading("To be read with it"));
            all.add(new Block.Points(study.notes()));
        }
        return all;
    }

    private static Block accuracy(List<Panel> panels) {
        List<String> head = new ArrayList<>(List.of("", "repeats", "tested"));
        for (Arm arm : Arm.values()) {
            head.add(arm.words());
        }
        List<List<String>> rows = new ArrayList<>();
        for (Panel panel : panels) {
            List<String> row = new ArrayList<>();
            row.add(panel.name());
            row.add(Integer.toString(panel.tested().size()));
            row.add(
                    panel.tested().isEmpty()
                            ? "-"
                            : Long.toString(Math.round(panel.tested().stream()
                                    .mapToInt(n -> n)
                                    .average()
                                    .orElse(0))));
            for (Arm arm : Arm.values()) {
                row.add(cell(panel, arm));
            }
            rows.add(row);
        }
        return new Block.Table(
                "At full size: share of unseen pairs that the model ranks right, mean ± standard deviation over the repeats;"
                        + " in brackets the mean number of pairs trained on.",
                head,
                rows);
    }

    private static String cell(Panel panel, Arm arm) {
        Spread spread = Spread.of(panel.atFullSize(arm));
        if (spread.n() == 0) {
            return "-";
        }
        double pairs = panel.pairs().getOrDefault(arm, List.of()).getLast().stream()
                .mapToInt(n -> n)
                .average()
                .orElse(0);
        String fewer = spread.n() < panel.tested().size() ? ", in " + spread.n() : "";
        return figure(spread.mean())
                + (Double.isNaN(spread.deviation()) ? "" : " ± " + figure(spread.deviation()))
                + " (" + Math.round(pairs) + fewer + ")";
    }

    private static Block meanings() {
        List<String> items = new ArrayList<>();
        for (Arm arm : Arm.values()) {
            items.add(arm.words() + ": " + arm.meaning() + ".");
        }
        return new Block.Points(items);
    }

    private static Plot.Axes curves(Panel panel) {
        List<Plot.Line> lines = new ArrayList<>();
        panel.accuracy().forEach((arm, sizes) -> {
            List<Plot.Point> points = new ArrayList<>();
            for (int i = 0; i < sizes.size() && i < panel.sizes().size(); i++) {
                Spread spread = Spread.of(sizes.get(i));
                // An arm that is missing for some repeats would be another mean.
                if (spread.n() > 0 && spread.n() == panel.tested().size()) {
                    points.add(new Plot.Point(panel.sizes().get(i), spread.mean(), spread.half()));
                }
            }
            lines.add(line(arm, points));
        });
        return new Plot.Axes(panel.name(), lines);
    }

    private static Plot.Line line(Arm arm, List<Plot.Point> points) {
        String[] ink = INK.getOrDefault(arm, new String[] {"currentColor", ""});
        return new Plot.Line(arm.words(), ink[0], ink[1], points);
    }

    private record Tested(String panel, String what, PairedTest test) {}

    private static void tests(Study study, List<Block> all) {
        List<Tested> tests = new ArrayList<>();
        Map<String, Panel> byName = new LinkedHashMap<>();
        for (Panel panel : study.panels()) {
            byName.put(panel.name(), panel);
            for (Arm[] pair : TESTS) {
                tests.add(new Tested(
                        panel.name(),
                        pair[0].words() + " - " + pair[1].words(),
                        PairedTest.of(panel.atFullSize(pair[0]), panel.atFullSize(pair[1]))));
            }
        }
        study.between().forEach((name, other) -> {
            Panel a = byName.get(name);
            Panel b = byName.get(other);
            if (a != null && b != null) {
                tests.add(new Tested(
                        name + " - " + other,
                        Arm.CORRECTED.words(),
                        PairedTest.of(a.atFullSize(Arm.CORRECTED), b.atFullSize(Arm.CORRECTED))));
            }
        });
        List<Double> corrected =
                PairedTest.holm(tests.stream().map(t -> t.test().p()).toList());
        List<List<String>> rows = new ArrayList<>();
        int made = 0;
        for (int i = 0; i < tests.size(); i++) {
            PairedTest test = tests.get(i).test();
            if (test.n() == 0) {
                continue;
            }
            made += Double.isNaN(test.p()) ? 0 : 1;
            rows.add(List.of(
                    tests.get(i).panel(),
                    tests.get(i).what(),
                    Integer.toString(test.n()),
                    signed(test.difference()),
                    Double.isNaN(test.low()) ? "-" : signed(test.low()) + " to " + signed(test.high()),
                    Double.isNaN(test.t()) ? "-" : String.format(Locale.ROOT, "%.2f", test.t()),
                    probability(test.p()),
                    probability(corrected.get(i))));
        }
        all.add(new Block.Heading("Tests"));
        all.add(new Block.Text(
                "Student's paired t-test at full size, paired by repeat. \"p, all\" is corrected by Holm for the "
                        + made + " tests of this report. Intervals are of single comparisons."));
        all.add(new Block.Table(
                "Differences in accuracy.",
                List.of("", "difference of", "repeats", "mean", "95 % interval", "t", "p", "p, all"),
                rows));
    }

    private static Block controls(List<Panel> panels, boolean noise) {
        List<String> head = new ArrayList<>(List.of(""));
        List<List<String>> rows = new ArrayList<>();
        Map<String, List<String>> byWhat = new LinkedHashMap<>();
        for (Panel panel : panels) {
            head.add(panel.name());
            Map<String, List<Deviation>> all = new LinkedHashMap<>();
            (noise ? panel.matchedNoise() : panel.matched())
                    .forEach(repeat -> repeat.forEach(each -> all.computeIfAbsent(each.what(), w -> new ArrayList<>())
                            .add(each)));
            all.forEach((what, each) -> {
                List<String> cells = byWhat.computeIfAbsent(what, w -> new ArrayList<>());
                while (cells.size() < head.size() - 2) {
                    cells.add("-");
                }
                cells.add(control(what, each));
            });
        }
        byWhat.forEach((what, cells) -> {
            List<String> row = new ArrayList<>();
            row.add(what);
            row.addAll(cells);
            while (row.size() < head.size()) {
                row.add("-");
            }
            rows.add(row);
        });
        return new Block.Table(
                (noise ? Arm.MATCHED_NOISE : Arm.MATCHED).words()
                        + ": mean deviation, the largest in brackets; an asterisk where the mean is over 5 %.",
                head,
                rows);
    }

    private static String control(String what, List<Deviation> each) {
        if (what.startsWith("pairs in both")) {
            return percent(each.stream().mapToDouble(Deviation::got).average().orElse(0));
        }
        double mean = each.stream().mapToDouble(Deviation::deviation).average().orElse(0);
        double most = each.stream().mapToDouble(Deviation::deviation).max().orElse(0);
        return percent(mean) + " (" + percent(most) + ")" + (mean > MatchedControl.ALIKE ? " *" : "");
    }

    private static void bestOf(List<Panel> panels, List<Block> all) {
        List<Plot.Axes> axes = new ArrayList<>();
        for (Panel panel : panels) {
            if (panel.bestOf().isEmpty()) {
                continue;
            }
            List<Plot.Line> lines = new ArrayList<>();
            panel.bestOf().forEach((arm, drawn) -> {
                List<Plot.Point> points = new ArrayList<>();
                for (int n = 0; n < drawn.size(); n++) {
                    Spread spread = Spread.of(drawn.get(n));
                    points.add(new Plot.Point(n + 1.0, spread.mean(), spread.half()));
                }
                lines.add(line(arm, points));
            });
            axes.add(new Plot.Axes(panel.name(), lines));
        }
        if (!axes.isEmpty()) {
            all.add(new Block.Heading("Best of N"));
            all.add(new Block.Figure(
                    "best-of-n",
                    "Mean quality of the answer that scores highest among N drawn from those to one unseen prompt, over all"
                            + " draws; at N = 1 it is chance.",
                    Plot.of(axes, "answers drawn", "mean quality of the best", false)));
        }
    }

    private static void scaling(List<Panel> panels, List<Block> all) {
        List<List<String>> rows = new ArrayList<>();
        for (Panel panel : panels) {
            curve(panel).ifPresent(curve -> {
                long now = points(panel).getLast().pairs();
                rows.add(List.of(
                        panel.name(),
                        Long.toString(now),
                        points(curve, now),
                        points(curve, 2 * now),
                        points(curve, 4 * now)));
            });
        }
        if (!rows.isEmpty()) {
            all.add(new Block.Heading("How accuracy grows"));
            all.add(new Block.Table(
                    "A line fitted to accuracy of filtered + corrected over the logarithm of published pairs, in points, with"
                            + " its 90 % prediction interval: now, and with twice and four times as many pairs. Pools whose"
                            + " accuracy doesn't grow are left out. prefstream plan --curve reads it from curve.json.",
                    List.of("", "pairs now", "now", "twice", "four times"), rows));
        }
    }

    /** Accuracy of filtered + corrected over published pairs, in points; empty when it doesn't rise. */
    public static Optional<ScalingCurve> curve(Panel panel) {
        return ScalingCurve.fitted(panel.name(), points(panel));
    }

    /** What that curve is fitted to: of each size the means over the repeats. */
    public static List<ScalingCurve.Point> points(Panel panel) {
        List<List<Double>> accuracy = panel.accuracy().getOrDefault(Arm.CORRECTED, List.of());
        List<List<Integer>> pairs = panel.pairs().getOrDefault(Arm.CORRECTED, List.of());
        List<ScalingCurve.Point> points = new ArrayList<>();
        for (int i = 0; i < accuracy.size(); i++) {
            Spread spread = Spread.of(accuracy.get(i));
            long mean =
                    Math.round(pairs.get(i).stream().mapToInt(n -> n).average().orElse(0));
            if (spread.n() == panel.tested().size() && mean > 0) {
                double tested = panel.tested().stream().mapToInt(n -> n).sum();
                points.add(new ScalingCurve.Point(mean, 100 * spread.mean(), tested));
            }
        }
        return points;
    }

    private static String points(ScalingCurve curve, long pairs) {
        return String.format(Locale.ROOT, "%.1f ± %.1f", curve.score(pairs), curve.halfWidth(pairs));
    }

    private static void outcomes(List<Panel> panels, List<Block> all) {
        all.add(new Block.Heading("What became of the pairs"));
        for (Panel panel : panels) {
            List<List<String>> rows = new ArrayList<>();
            panel.fates().forEach((category, fates) -> {
                if (!category.equals("all")) {
                    rows.add(fates(category, fates));
                }
            });
            Fates sum = panel.fates().get("all");
            if (sum != null) {
                rows.add(fates("all", sum));
                all.add(new Block.Table(
                        panel.name()
                                + ": all repeats together. Right: share, with its 90 % interval (Wilson), of those of which the"
                                + " right label is known and was not told to the run.",
                        List.of("category", "pairs", "kept", "of them right", "flipped", "of them right", "left out"),
                        rows));
            }
        }
    }

    private static List<String> fates(String category, Fates fates) {
        int pairs = fates.kept() + fates.flipped() + fates.dropped();
        return List.of(
                category,
                Integer.toString(pairs),
                Integer.toString(fates.kept()),
                right(fates.keptRight(), fates.keptKnown()),
                Integer.toString(fates.flipped()),
                right(fates.flippedRight(), fates.flippedKnown()),
                Integer.toString(fates.dropped()));
    }

    private static String right(int right, int known) {
        return known == 0
                ? "-"
                : figure((double) right / known) + " (" + figure(Wilson.lower((long) right, known, LEVEL)) + " to "
                        + figure(Wilson.upper((long) right, known, LEVEL)) + ", n = " + known + ")";
    }

    private static String figure(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static String signed(double value) {
        return String.format(Locale.ROOT, "%+.4f", value);
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * value);
    }

    private static String probability(double p) {
        return Double.isNaN(p) ? "-" : p < 0.0001 ? "< .0001" : String.format(Locale.ROOT, "%.4f", p);
    }
}
