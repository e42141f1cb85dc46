package io.prefstream.core.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * PPE Correctness: 32 answers a question, each right or wrong. A question earns the share of its listed comparisons (one right
 * and one wrong answer; a comparison that is listed twice counts twice) in which the right answer scores strictly higher; a
 * question without comparisons is left out. A set is the mean over its questions, the total the plain mean of five sets. Parts
 * are sets.
 *
 * @see <a href="https://arxiv.org/abs/2410.14872">Frick et al., How to Evaluate Reward Models for RLHF, 2024</a>
 */
public final class PpeCorrectness implements Benchmark {

    /** Names of the sets. */
    public static final List<String> SETS = List.of("mmlu-pro", "math", "gpqa", "ifeval", "mbpp-plus");

    private final long seed;

    /** The formula; the seed draws the orders of the sampled best-of-N curve and nothing else. */
    public PpeCorrectness(long seed) {
        this.seed = seed;
    }

    @Override
    public String id() {
        return "ppe-correctness";
    }

    @Override
    public String title() {
        return "PPE Correctness";
    }

    @Override
    public double credit(ScoredItem item) {
        double won = 0;
        for (ScoredItem.Duel duel : item.duels()) {
            won += item.scores()[duel.right()] > item.scores()[duel.wrong()] ? 1 : 0;
        }
        return won / item.duels().size();
    }

    /** Mean of the right answers' scores less that of the wrong ones'. */
    @Override
    public double margin(ScoredItem item) {
        double right = 0;
        double wrong = 0;
        int n = 0;
        for (int i = 0; i < item.scores().length; i++) {
            right += item.right()[i] ? item.scores()[i] : 0;
            wrong += item.right()[i] ? 0 : item.scores()[i];
            n += item.right()[i] ? 1 : 0;
        }
        return right / n - wrong / (item.scores().length - n);
    }

    @Override
    public Outcome outcome(List<ScoredItem> items) {
        Map<String, List<ScoredItem>> parts = Parts.by(items, ScoredItem::part);
        List<Figure> accuracies = new ArrayList<>();
        List<Figure> areas = new ArrayList<>();
        List<Curve> curves = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String set : SETS) {
            List<ScoredItem> there = parts.getOrDefault(set, List.of());
            Tally tally = Parts.tally(this, there);
            if (tally.items() == 0) {
                missing.add(set);
                continue;
            }
            accuracies.add(Figure.of("accuracy", set, tally));
            areas.add(Figure.of("area under ROC", set, RocArea.of(there)));
            curves.add(BestOfN.curve(set, there, seed));
        }
        List<Figure> figures = new ArrayList<>(accuracies);
        figures.addAll(areas);
        if (!areas.isEmpty()) {
            figures.add(Figure.of("area under ROC", "mean", mean(areas)));
            curves.add(BestOfN.mean("mean", curves));
        }
        for (Curve curve : curves) {
            figures.add(Figure.of("best of N, end", curve.name(), curve.end()));
            figures.add(Figure.of("best of N, max", curve.name(), curve.max()));
            figures.add(Figure.of("best of N, loss", curve.name(), curve.loss()));
        }
        return new Outcome(mean(accuracies), missing, figures, curves);
    }

    private static double mean(List<Figure> figures) {
        return Parts.mean(figures.stream()
                .map(Figure::value)
                .filter(value -> !Double.isNaN(value))
                .toList());
    }
}
