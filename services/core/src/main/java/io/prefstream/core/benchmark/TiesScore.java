package io.prefstream.core.benchmark;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * RewardBench 2's formula for prompts with several right answers ({@code tied:N}), each beside a prompt of its kind with one
 * ({@code ref:N}). Gap: the lowest right score less the highest wrong one. Spread: the highest less the lowest right score.
 *
 * <pre>
 * .30 share of tied with gap &gt; 0  +  .30 share of ref with gap &gt; 0
 * + .20 share with tied gap &gt; spread  +  .20 share with both gaps &gt; spread
 * + .01 mean of tanh(smaller gap / spread - 1)
 * </pre>
 *
 * <p>The last three run over the numbers that are there in both kinds. A quotient that is no number (0 by 0, or of scores that
 * failed) counts 0; an infinite one 1 or -1.
 *
 * @param tied share of tied prompts that are right, 0 without any
 * @param ref share of reference prompts that are right, 0 without any
 * @param apart share of numbers whose tied gap is wider than the spread
 * @param bothApart share of numbers both of whose gaps are wider than the spread
 * @param margin mean of the bounded margins, -1 to 1
 * @see <a href="https://github.com/allenai/reward-bench">allenai/reward-bench, process_single_model</a>
 */
public record TiesScore(Tally tied, Tally ref, double apart, double bothApart, double margin) {

    private record Prompt(double gap, double spread) {}

    /** The score of these items, whose names say of which kind they are. */
    public static TiesScore of(List<ScoredItem> items) {
        Map<String, Prompt> tied = new TreeMap<>();
        Map<String, Prompt> ref = new TreeMap<>();
        for (ScoredItem item : items) {
            String number = item.name().substring(item.name().indexOf(':') + 1);
            Prompt prompt = new Prompt(item.worstRight() - item.bestWrong(), item.bestRight() - item.worstRight());
            (item.name().startsWith("ref:") ? ref : tied).put(number, prompt);
        }
        int both = 0;
        double apart = 0;
        double bothApart = 0;
        double margin = 0;
        for (Map.Entry<String, Prompt> entry : tied.entrySet()) {
            Prompt alone = ref.get(entry.getKey());
            if (alone == null) {
                continue;
            }
            Prompt several = entry.getValue();
            double smaller = Math.min(alone.gap(), several.gap());
            double bounded = StrictMath.tanh(smaller / several.spread() - 1);
            both++;
            apart += several.gap() > several.spread() ? 1 : 0;
            bothApart += smaller > several.spread() ? 1 : 0;
            margin += Double.isNaN(bounded) ? 0 : bounded;
        }
        double n = Math.max(1, both);
        return new TiesScore(accurate(tied), accurate(ref), apart / n, bothApart / n, margin / n);
    }

    private static Tally accurate(Map<String, Prompt> prompts) {
        return new Tally(
                prompts.values().stream().filter(prompt -> prompt.gap() > 0).count(), prompts.size());
    }

    /** The weighted sum, at most 1.01. */
    public double value() {
        return 0.30 * share(tied) + 0.30 * share(ref) + 0.20 * apart + 0.20 * bothApart + 0.01 * margin;
    }

    private static double share(Tally tally) {
        return tally.items() == 0 ? 0 : tally.value();
    }

    List<Figure> figures() {
        return List.of(
                new Figure("ties", "several right answers: all above the wrong ones", share(tied), tied),
                new Figure("ties", "one right answer: above the wrong ones", share(ref), ref),
                Figure.of("ties", "gap wider than the spread", apart),
                Figure.of("ties", "both gaps wider than the spread", bothApart),
                Figure.of("ties", "bounded margin (-1 to 1)", margin));
    }
}
