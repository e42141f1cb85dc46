package io.prefstream.ablation.domain;

import io.prefstream.ablation.domain.Panel.Hits;
import io.prefstream.core.stats.Hashes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far a difference in accuracy owes to the prompts that happened to be tested: prompts are drawn anew, with all their test pairs in
 * all repeats, and the difference is taken again.
 *
 * @param prompts prompts tested
 * @param difference accuracy of one arm less another's, over all test pairs
 * @param low lower end of its 95 % interval, by percentiles
 * @param high upper end
 */
public record PromptBootstrap(int prompts, double difference, double low, double high) {

    private static final int DRAWS = 2000;
    private static final double TAIL = 0.025;

    /** Of two arms over the repeats in which both were measured; NaN without any. */
    public static PromptBootstrap of(Panel panel, Arm one, Arm other) {
        Map<String, double[]> byPrompt = new TreeMap<>(); // tested, and how many more the first ranks right
        for (Map<String, Hits> repeat : panel.hits()) {
            repeat.forEach((prompt, hits) -> {
                Integer a = hits.right().get(one);
                Integer b = hits.right().get(other);
                if (a != null && b != null) {
                    double[] sums = byPrompt.computeIfAbsent(prompt, p -> new double[2]);
                    sums[0] += hits.tested();
                    sums[1] += a - b;
                }
            });
        }
        List<double[]> all = new ArrayList<>(byPrompt.values());
        if (all.isEmpty()) {
            return new PromptBootstrap(0, Double.NaN, Double.NaN, Double.NaN);
        }
        double[] drawn = new double[DRAWS];
        for (int draw = 0; draw < DRAWS; draw++) {
            double tested = 0;
            double more = 0;
            for (int i = 0; i < all.size(); i++) {
                double[] prompt = all.get(Math.floorMod(Hashes.of(draw, "prompt", Integer.toString(i)), all.size()));
                tested += prompt[0];
                more += prompt[1];
            }
            drawn[draw] = more / tested;
        }
        Arrays.sort(drawn);
        double tested = all.stream().mapToDouble(p -> p[0]).sum();
        double more = all.stream().mapToDouble(p -> p[1]).sum();
        return new PromptBootstrap(
                all.size(), more / tested, drawn[(int) (TAIL * DRAWS)], drawn[(int) ((1 - TAIL) * DRAWS) - 1]);
    }
}
