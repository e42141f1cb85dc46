package io.prefstream.labelverifier.domain;

import io.prefstream.core.reward.VoteFusion;
import io.prefstream.core.stats.Logistic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The statistical judges that stand in where no LLM is configured: the pool's own heads, the nearest gold pairs, and the
 * source's reliability. A vote that trains the head of fold f comes from a pool head that saw neither f nor the pair's own
 * fold, and leaves out the neighbours, whose gold pairs of fold f would give f away.
 *
 * @param told settings of the round: {@code judge/pool/<fold>/<other fold>}, {@code judge/neighbours/-1}, {@code
 *     source/<fold left out>/<category>}
 */
public record BuiltInJudges(Map<String, String> told, VoteFusion fusion) {

    /**
     * The votes on a pair, each the probability that its original label is right.
     *
     * @param pool the pool head's
     * @param neighbours the nearest gold pairs'
     * @param source the source's reliability
     * @param fused all three together
     * @param folds the fused vote for each fold that it may train; the pair's own fold has the same as {@code fused}
     */
    public record Votes(double pool, double neighbours, double source, double fused, List<Double> folds) {}

    /**
     * Votes on a pair of which these margins are known; empty when the pool heads haven't scored it.
     *
     * @param margins margin by checkpoint, chosen less rejected
     */
    public Optional<Votes> vote(String category, Map<String, Double> margins) {
        int own = -1;
        int folds = 0;
        while (told.containsKey("judge/pool/" + folds + "/-1")) {
            if (margins.containsKey(told.get("judge/pool/" + folds + "/-1"))) {
                own = folds;
            }
            folds++;
        }
        if (own < 0) {
            return Optional.empty();
        }
        double pool = p(margins, "judge/pool/" + own + "/-1");
        double neighbours = p(margins, "judge/neighbours/-1");
        double source = source(category, -1);
        double fused = fusion.probability(pool, neighbours, source);
        List<Double> byFold = new ArrayList<>();
        for (int f = 0; f < folds; f++) {
            byFold.add(
                    f == own
                            ? fused
                            : fusion.probability(
                                    p(margins, "judge/pool/" + Math.min(f, own) + "/" + Math.max(f, own)),
                                    0.5,
                                    source(category, f)));
        }
        return Optional.of(new Votes(pool, neighbours, source, fused, List.copyOf(byFold)));
    }

    /** Reliability of the source on a category, by the gold pairs outside a fold; by all of them with -1. */
    private double source(String category, int leftOut) {
        String name = "source/" + leftOut + "/";
        return Double.parseDouble(told.getOrDefault(name + category, told.getOrDefault(name + "*", "0.5")));
    }

    private double p(Map<String, Double> margins, String judge) {
        Double margin = margins.get(told.getOrDefault(judge, ""));
        return margin == null ? 0.5 : Logistic.sigmoid(margin);
    }
}
