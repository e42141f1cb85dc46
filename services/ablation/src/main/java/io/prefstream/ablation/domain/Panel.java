package io.prefstream.ablation.domain;

import io.prefstream.ablation.domain.MatchedControl.Deviation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

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
 * @param gates of each repeat which gates were open: keep, flip, both or none
 * @param shared test items a training item, where repeats draw both from one set; see {@link PairedTest#of}
 * @param hits of each repeat by hash of a prompt the number of its test pairs, and by arm of those that are ranked right, at full size
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
        List<String> gates,
        double shared,
        List<Map<String, Hits>> hits,
        Map<Arm, List<List<Double>>> bestOf) {

    /**
     * Test pairs of one prompt.
     *
     * @param tested their number
     * @param right by arm how many are ranked right
     */
    public record Hits(int tested, Map<Arm, Integer> right) {}

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
        public static final Fates NONE = new Fates(0, 0, 0, 0, 0, 0, 0);

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
        List<String> gates = new ArrayList<>();
        List<Map<String, Hits>> hits = new ArrayList<>();
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
            gates.addAll(each.gates);
            hits.addAll(each.hits);
            append(accuracy, each.accuracy);
            append(pairs, each.pairs);
            append(bestOf, each.bestOf);
        }
        return new Panel(
                name,
                first.sizes,
                accuracy,
                pairs,
                tested,
                verdicts,
                matched,
                matchedNoise,
                gates,
                first.shared,
                hits,
                bestOf);
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

    /** The same with which gates were open in its repeats. */
    public Panel gated(List<String> open) {
        return new Panel(
                name, sizes, accuracy, pairs, tested, verdicts, matched, matchedNoise, open, shared, hits, bestOf);
    }

    /** An arm's accuracies at full size, one a repeat; empty when it has none. */
    public List<Double> atFullSize(Arm arm) {
        List<List<Double>> all = accuracy.getOrDefault(arm, List.of());
        return all.isEmpty() ? List.of() : all.getLast();
    }
}
