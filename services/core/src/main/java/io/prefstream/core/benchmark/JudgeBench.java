package io.prefstream.core.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * JudgeBench for models that score each answer by itself: A is preferred when it scores strictly higher, else B, so that a tie
 * goes to B. The total is the plain mean of four categories, as the paper has it; the share of all pairs, as the benchmark's
 * owner has it, stands beside it. Parts are the owner's sources. Scores: A, then B.
 *
 * @see <a href="https://github.com/ScalerLab/JudgeBench">Tan et al., JudgeBench, 2024</a>
 */
public final class JudgeBench implements Benchmark {

    private record Category(String name, String source) {}

    private static final List<Category> CATEGORIES = List.of(
            new Category("Knowledge", "mmlu-pro"),
            new Category("Reasoning", "livebench-reasoning"),
            new Category("Math", "livebench-math"),
            new Category("Coding", "livecodebench"));

    @Override
    public String id() {
        return "judgebench";
    }

    @Override
    public String title() {
        return "JudgeBench";
    }

    @Override
    public double credit(ScoredItem item) {
        int preferred = item.scores()[0] > item.scores()[1] ? 0 : 1;
        return item.right()[preferred] && item.scores()[preferred] > Double.NEGATIVE_INFINITY ? 1 : 0;
    }

    /** Whether items of this source belong to a category. */
    public static boolean knows(String source) {
        return CATEGORIES.stream().anyMatch(category -> source.startsWith(category.source()));
    }

    @Override
    public Outcome outcome(List<ScoredItem> items) {
        Map<String, List<ScoredItem>> parts = Parts.by(items, JudgeBench::category);
        List<Figure> figures = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (Category category : CATEGORIES) {
            List<ScoredItem> there = parts.get(category.name());
            if (there == null) {
                missing.add(category.name());
            } else {
                figures.add(Figure.of("category", category.name(), Parts.tally(this, there)));
            }
        }
        double macro = Parts.mean(figures.stream().map(Figure::value).toList());
        figures.add(Figure.of("all pairs", "as the owner counts", Parts.tally(this, items)));
        return new Outcome(macro, missing, figures);
    }

    private static String category(ScoredItem item) {
        return CATEGORIES.stream()
                .filter(category -> item.part().startsWith(category.source()))
                .map(Category::name)
                .findFirst()
                .orElse(item.part());
    }
}
