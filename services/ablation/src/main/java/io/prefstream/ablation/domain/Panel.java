package io.prefstream.ablation.domain;

import io.prefstream.ablation.domain.MatchedControl.Deviation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came of one pool or one variant: a figure for every arm, size and repeat.
 *
 * @param name what was curated
 * @param sizes shares of the pool that had been curated, rising to 1
 * @param accuracy by arm, size and repeat the share of test pairs ranked right; NaN where an arm had nothing to train on
 * @param pairs by arm, size and repeat the number of pairs trained on
 * @param tested test pairs of each repeat
 * @param verdicts of each repeat what became of the pool, by task category
 * @param matched of each repeat how far the matched control is from filtered + corrected, at full size
 * @param matchedNoise the same of the one matched in noise
 * @param bestOf by arm, number of answers drawn from 1 and repeat the mean quality of the one that scores highest, at full size
 */
public record Panel(
        String name,
        List<Double> sizes,
        Map<Arm, List<List<Double>>> accuracy,
        Map<Arm, List<List<Integer>>> pairs,
        List<Integer> tested,
        List<Map<String, Fates>> verdicts,
        List<List<Deviation>> matched,
        List<List<Deviation>> matchedNoise,
        Map<Arm, List<List<Double>>> bestOf) {

    /**
     * What became of pairs.
     *
     * @param kept those whose label was kept
     * @param keptRight those of them of which the label is known to be right
     * @param keptKnown those of them of which it is known whether it is right, and was not told to the run
     * @param flipped those whose label was turned round
     * @param flippedRight those of them of which the label is known to have been wrong
     * @param flippedKnown those of them of which it is known
     * @param dropped all others
     */
    public record Fates(
            int kept, int keptRight, int keptKnown, int flipped, int flippedRight, int flippedKnown, int dropped) {

        /** Nothing yet. */
        static final Fates NONE = new Fates(0, 0, 0, 0, 0, 0, 0);

        /** These and others. */
        public Fates plus(Fates other) {
            return new Fates(
                    kept + other.kept,
                    keptRight + other.keptRight,
                    keptKnown + other.keptKnown,
                    flipped + other.flipped,
                    flippedRight + other.flippedRight,
                    flippedKnown + other.flippedKnown,
                    dropped + other.dropped);
        }
    }

    /** Repeats of the same thing as one panel. */
    public static Panel together(String name, List<Panel> repeats) {
        Panel first = repeats.getFirst();
        List<Integer> tested = new ArrayList<>();
        List<Map<String, Fates>> verdicts = new ArrayList<>();
        List<List<Deviation>> matched = new ArrayList<>();
        List<List<Deviation>> matchedNoise = new ArrayList<>();
        Map<Arm, List<List<Double>>> accuracy = new EnumMap<>(Arm.class);
        Map<Arm, List<List<Integer>>> pairs = new EnumMap<>(Arm.class);
        Map<Arm, List<List<Double>>> bestOf = new EnumMap<>(Arm.class);
        for (Panel each : repeats) {
            if (!each.sizes.equals(first.sizes)) {
                throw new IllegalArgumentException("repeats of " + name + " have other sizes");
            }
            tested.addAll(each.tested);
            verdicts.addAll(each.verdicts);
            matched.addAll(each.matched);
            matchedNoise.addAll(each.matchedNoise);
            append(accuracy, each.accuracy);
            append(pairs, each.pairs);
            append(bestOf, each.bestOf);
        }
        return new Panel(name, first.sizes, accuracy, pairs, tested, verdicts, matched, matchedNoise, bestOf);
    }

    private static <T> void append(Map<Arm, List<List<T>>> to, Map<Arm, List<List<T>>> more) {
        more.forEach((arm, sizes) -> {
            List<List<T>> there = to.computeIfAbsent(arm, a -> new ArrayList<>());
            for (int i = 0; i < sizes.size(); i++) {
                if (there.size() <= i) {
                    there.add(new ArrayList<>());
                }
                there.get(i).addAll(sizes.get(i));
            }
        });
    }

    /** An arm's accuracies at full size, one a repeat; empty when it has none. */
    public List<Double> atFullSize(Arm arm) {
        List<List<Double>> all = accuracy.getOrDefault(arm, List.of());
        return all.isEmpty() ? List.of() : all.getLast();
    }

    /** What became of the pool in all repeats together, by category, and of all categories under {@code all}. */
    public Map<String, Fates> fates() {
        Map<String, Fates> sums = new TreeMap<>();
        verdicts.forEach(repeat -> repeat.forEach((category, fates) -> {
            sums.merge(category, fates, Fates::plus);
            sums.merge("all", fates, Fates::plus);
        }));
        return sums;
    }
}
