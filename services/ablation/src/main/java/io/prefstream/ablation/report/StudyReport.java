package io.prefstream.ablation.report;

import io.prefstream.ablation.domain.Arm;
import io.prefstream.ablation.domain.MatchedControl;
import io.prefstream.ablation.domain.MatchedControl.Deviation;
import io.prefstream.ablation.domain.PairedTest;
import io.prefstream.ablation.domain.Panel;
import io.prefstream.ablation.domain.Panel.Fates;
import io.prefstream.ablation.domain.PromptBootstrap;
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
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/** Tells a study: figures with their spread, tests, controls and what all of it was made from. */
public final class StudyReport {

    private static final double LEVEL = 0.90;
    private static final Map<Arm, String[]> INK = new EnumMap<>(Map.of(
            Arm.ORIGINAL, new String[] {"#8a8a8a", ""},
            Arm.LABELLED, new String[] {"#8a8a8a", "1 3"},
            Arm.FILTERED, new String[] {"#2a7fb8", ""},
            Arm.CORRECTED, new String[] {"#c8502a", ""},
            Arm.RANDOM, new String[] {"#8a8a8a", "4 3"},
            Arm.MATCHED, new String[] {"#6a51a3", "4 3"},
            Arm.MATCHED_NOISE, new String[] {"#b38600", "4 3"},
            Arm.GOLD, new String[] {"#3a9a5b", "1 3"},
            Arm.CLEAN, new String[] {"#3a9a5b", ""}));

    /** The comparisons that carry the claim; only they are corrected for each other. */
    private static final List<Arm[]> PRIMARY =
            List.of(new Arm[] {Arm.CORRECTED, Arm.LABELLED}, new Arm[] {Arm.CORRECTED, Arm.RANDOM});

    private static final List<Arm[]> OTHERS = List.of(
            new Arm[] {Arm.LABELLED, Arm.ORIGINAL},
            new Arm[] {Arm.FILTERED, Arm.ORIGINAL},
            new Arm[] {Arm.CORRECTED, Arm.FILTERED},
            new Arm[] {Arm.CORRECTED, Arm.MATCHED},
            new Arm[] {Arm.CORRECTED, Arm.MATCHED_NOISE},
            new Arm[] {Arm.CORRECTED, Arm.GOLD},
            new Arm[] {Arm.CORRECTED, Arm.CLEAN});

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
        List<String> head = new ArrayList<>(List.of("", "repeats", "KEEP open", "FLIP open", "tested"));
        for (Arm arm : Arm.values()) {
            head.add(arm.words());
        }
        List<List<String>> rows = new ArrayList<>();
        for (Panel panel : panels) {
            List<String> row = new ArrayList<>();
            row.add(panel.name());
            row.add(Integer.toString(panel.tested().size()));
            row.add(open(panel, "keep"));
            row.add(open(panel, "flip"));
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
                        + " in brackets the mean number of pairs trained on. Where KEEP was open in fewer repeats than there are,"
                        + " the others published human labels alone, and where FLIP was, the pairs turned round are people's.",
                head,
                rows);
    }

    private static String open(Panel panel, String gate) {
        return panel.gates().isEmpty()
                ? "-"
                : Long.toString(panel.gates().stream()
                        .filter(open -> open.contains(gate))
                        .count());
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

    private record Tested(String panel, Arm[] arms, PairedTest test, PromptBootstrap prompts) {}

    private static void tests(Study study, List<Block> all) {
        List<Tested> primary = tested(study.panels(), PRIMARY);
        List<Double> corrected =
                PairedTest.holm(primary.stream().map(t -> t.test().p()).toList());
        long made = corrected.stream().filter(p -> !Double.isNaN(p)).count();
        all.add(new Block.Heading("Tests"));
        all.add(
                new Block.Text(
                        "Two comparisons a pool carry the claim, and were fixed before the figures of this report were seen: filtered + corrected against the"
                                + " original labels with people's verdicts applied, so that the human labels are no part of the gain, and against"
                                + " the random control, which has people's verdicts too. Student's paired t-test, paired by repeat. Repeats draw"
                                + " pool and test prompts from one set and so share data; the variance is corrected for it (Nadeau and Bengio"
                                + " 2003), without which it would be several times too small. \"p, all\" is corrected by Holm for the "
                                + made
                                + " tests. \"By prompts\" is another interval of the same difference: prompts are drawn anew with all"
                                + " their test pairs, 2,000 times (percentiles); with few prompts, as in a tournament of debates, it is wide."));
        all.add(table("The claim: differences in accuracy.", primary, corrected));
        all.add(new Block.Text(
                "All others were looked at afterwards. Their p are of single tests, and no finding rests on them."));
        List<Tested> others = tested(study.panels(), OTHERS);
        all.add(table("Looked at: differences in accuracy.", others, List.of()));
        if (!study.between().isEmpty()) {
            all.add(between(study));
        }
    }

    private static List<Tested> tested(List<Panel> panels, List<Arm[]> pairs) {
        List<Tested> tests = new ArrayList<>();
        for (Panel panel : panels) {
            for (Arm[] pair : pairs) {
                PairedTest test = PairedTest.of(panel.atFullSize(pair[0]), panel.atFullSize(pair[1]), panel.shared());
                if (test.n() > 0) {
                    tests.add(new Tested(panel.name(), pair, test, PromptBootstrap.of(panel, pair[0], pair[1])));
                }
            }
        }
        return tests;
    }

    private static Block table(String caption, List<Tested> tests, List<Double> corrected) {
        List<String> head = new ArrayList<>(
                List.of("", "difference of", "repeats", "mean", "95 % interval", "by prompts", "t", "p"));
        if (!corrected.isEmpty()) {
            head.add("p, all");
        }
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < tests.size(); i++) {
            Tested tested = tests.get(i);
            PromptBootstrap prompts = tested.prompts();
            List<String> row = new ArrayList<>(
                    List.of(tested.panel(), tested.arms()[0].words() + " - " + tested.arms()[1].words()));
            row.addAll(cells(tested.test()));
            row.add(
                    5,
                    prompts.prompts() == 0
                            ? "-"
                            : signed(prompts.low()) + " to " + signed(prompts.high()) + " (" + prompts.prompts() + ")");
            if (!corrected.isEmpty()) {
                row.add(probability(corrected.get(i)));
            }
            rows.add(row);
        }
        return new Block.Table(caption, head, rows);
    }

    private static List<String> cells(PairedTest test) {
        return List.of(
                Integer.toString(test.n()),
                signed(test.difference()),
                Double.isNaN(test.low()) ? "-" : signed(test.low()) + " to " + signed(test.high()),
                Double.isNaN(test.t()) ? "-" : String.format(Locale.ROOT, "%.2f", test.t()),
                probability(test.p()));
    }

    private static Block between(Study study) {
        Map<String, Panel> byName = new LinkedHashMap<>();
        study.panels().forEach(panel -> byName.put(panel.name(), panel));
        List<List<String>> rows = new ArrayList<>();
        study.between().forEach((name, other) -> {
            Panel a = byName.get(name);
            Panel b = byName.get(other);
            if (a != null && b != null) {
                List<String> row = new ArrayList<>(List.of(name + " - " + other));
                row.addAll(cells(PairedTest.of(a.atFullSize(Arm.CORRECTED), b.atFullSize(Arm.CORRECTED), a.shared())));
                rows.add(row);
            }
        });
        return new Block.Table(
                "Between variants: difference in accuracy of filtered + corrected.",
                List.of("", "repeats", "mean", "95 % interval", "t", "p"),
                rows);
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
                            + " its 90 % prediction interval: now, and with twice and four times as many pairs. A size holds the"
                            + " pairs of the sizes before it, so the interval is too narrow. Pools whose accuracy doesn't grow are"
                            + " left out. prefstream plan --curve reads such a line from curve.json.",
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
            Map<String, List<Fates>> byCategory = new TreeMap<>();
            for (Map<String, Fates> repeat : panel.verdicts()) {
                Fates sum = Fates.NONE;
                for (Map.Entry<String, Fates> each : repeat.entrySet()) {
                    byCategory
                            .computeIfAbsent(each.getKey(), c -> new ArrayList<>())
                            .add(each.getValue());
                    sum = sum.plus(each.getValue());
                }
                byCategory.computeIfAbsent("~all", c -> new ArrayList<>()).add(sum);
            }
            List<List<String>> rows = new ArrayList<>();
            byCategory.forEach((category, repeats) -> rows.add(fates(category.replace("~", ""), repeats)));
            all.add(new Block.Table(
                    panel.name()
                            + ": pairs, mean over the repeats. Right: of those of which the right label is known and was not told"
                            + " to the run, mean share over the repeats that have any, ± half its 95 % interval (Student, spread over"
                            + " repeats); with one repeat Wilson's 90 % interval. In brackets how many a repeat.",
                    List.of("category", "pairs", "kept", "of them right", "flipped", "of them right", "left out"),
                    rows));
        }
    }

    private static List<String> fates(String category, List<Fates> repeats) {
        return List.of(
                category,
                mean(repeats, f -> f.kept() + f.flipped() + f.dropped()),
                mean(repeats, Fates::kept),
                right(repeats, Fates::keptRight, Fates::keptKnown),
                mean(repeats, Fates::flipped),
                right(repeats, Fates::flippedRight, Fates::flippedKnown),
                mean(repeats, Fates::dropped));
    }

    private static String mean(List<Fates> repeats, ToIntFunction<Fates> of) {
        return Long.toString(Math.round(repeats.stream().mapToInt(of).average().orElse(0)));
    }

    private static String right(List<Fates> repeats, ToIntFunction<Fates> right, ToIntFunction<Fates> known) {
        List<Fates> some = repeats.stream().filter(f -> known.applyAsInt(f) > 0).toList();
        if (some.isEmpty()) {
            return "-";
        }
        int all = some.stream().mapToInt(known).sum();
        if (some.size() == 1) {
            int hits = right.applyAsInt(some.getFirst());
            return figure((double) hits / all) + " (" + figure(Wilson.lower((long) hits, all, LEVEL)) + " to "
                    + figure(Wilson.upper((long) hits, all, LEVEL)) + ", " + all + ")";
        }
        Spread spread = Spread.of(some.stream()
                .map(f -> (double) right.applyAsInt(f) / known.applyAsInt(f))
                .toList());
        return figure(spread.mean()) + " ± " + figure(spread.half()) + " (" + Math.round((double) all / some.size())
                + ", in " + some.size() + ")";
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
