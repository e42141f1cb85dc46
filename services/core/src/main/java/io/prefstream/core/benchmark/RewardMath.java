package io.prefstream.core.benchmark;

import java.util.List;

/**
 * RewardMATH, which is none of the seven: the right solution must score strictly higher than all nine wrong ones. Beside it the
 * mean reciprocal rank of the right solution, where it comes after those with an equal score.
 *
 * @see <a href="https://github.com/kimsh0507/RewardMATH_official">Kim et al., Evaluating Robustness of Reward Models for
 *     Mathematical Reasoning, 2024</a>
 */
public final class RewardMath implements Benchmark {

    @Override
    public String id() {
        return "rewardmath";
    }

    @Override
    public String title() {
        return "RewardMATH";
    }

    @Override
    public double credit(ScoredItem item) {
        return item.worstRight() > item.bestWrong() ? 1 : 0;
    }

    @Override
    public Outcome outcome(List<ScoredItem> items) {
        Tally accuracy = Parts.tally(this, items);
        Tally ranks = Tally.of(items.stream().map(RewardMath::reciprocalRank).toList());
        return new Outcome(
                accuracy.value(),
                items.isEmpty() ? List.of("problems") : List.of(),
                List.of(
                        Figure.of("accuracy", "one right against nine wrong", accuracy),
                        Figure.of("rank", "mean reciprocal rank", ranks.value())));
    }

    private static double reciprocalRank(ScoredItem item) {
        int rank = 1;
        for (int i = 0; i < item.scores().length; i++) {
            rank += !item.right()[i] && item.scores()[i] >= item.bestRight() ? 1 : 0;
        }
        return 1.0 / rank;
    }
}
