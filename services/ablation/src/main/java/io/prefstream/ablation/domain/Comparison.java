package io.prefstream.ablation.domain;

import io.prefstream.ablation.domain.MatchedControl.Deviation;
import io.prefstream.ablation.domain.Panel.Fates;
import io.prefstream.ablation.domain.Panel.Hits;
import io.prefstream.ablation.domain.Subject.Fate;
import io.prefstream.core.features.FeatureGroup;
import io.prefstream.core.reward.BradleyTerryHead;
import io.prefstream.core.reward.Standardizer;
import io.prefstream.core.stats.Hashes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Trains the product's reward head on every arm of a curated pool, at several sizes, and measures it on pairs that nothing has seen.
 * All heads have the same features, scales and penalty, so that only pairs and labels differ.
 */
public final class Comparison {

    /** Penalty of every head: the product's for curated labels. */
    public static final double L2 = 0.3;

    /** Most answers drawn for a best-of-N curve. */
    public static final int MOST_DRAWN = 8;

    private static final List<Arm> BEST_OF = List.of(Arm.ORIGINAL, Arm.FILTERED, Arm.CORRECTED, Arm.RANDOM, Arm.CLEAN);

    private final List<Subject> pool;
    private final List<TestPair> test;
    private final List<AnswerGroup> groups;
    private final Standardizer scales;
    private final float[][] scaled;
    private final boolean resample;
    private final double shared;

    /**
     * A comparison.
     *
     * @param pool every pair of the pool that a head can learn from
     * @param test pairs to measure on
     * @param groups answers to one prompt, for best-of-N; may be empty
     * @param resample whether every repeat weighs the pairs anew, each by a Poisson number of mean 1, the same in all arms: the
     *     repeats then speak of the pool as a sample. Without it repeats of a whole pool would be one and the same.
     * @param shared what its repeats share, see {@link PairedTest#of}
     */
    public Comparison(
            List<Subject> pool, List<TestPair> test, List<AnswerGroup> groups, boolean resample, double shared) {
        this.pool = pool.stream().sorted(Comparator.comparing(Subject::pairId)).toList();
        this.test = List.copyOf(test);
        this.groups = List.copyOf(groups);
        this.resample = resample;
        this.shared = shared;
        float[][] diffs = this.pool.stream().map(Subject::diff).toArray(float[][]::new);
        this.scales = Standardizer.of(diffs, FeatureGroup.ENCODER_COLUMNS);
        this.scaled = Arrays.stream(diffs).map(scales::apply).toArray(float[][]::new);
    }

    /** What became of the pool, where there is nothing to measure models on. */
    public Panel untested(String name) {
        return new Panel(
                name,
                List.of(1.0),
                Map.of(),
                Map.of(),
                List.of(),
                List.of(fates()),
                List.of(),
                List.of(),
                List.of(),
                shared,
                List.of(),
                Map.of());
    }

    /** One repeat: the seed draws the order in which the pool is curated, the controls and the weights. */
    public Panel repeat(String name, List<Double> sizes, long seed) {
        Integer[] order = new Integer[pool.size()];
        Arrays.setAll(order, i -> i);
        Arrays.sort(
                order,
                Comparator.comparingLong((Integer i) ->
                                Hashes.of(seed, "curated", pool.get(i).pairId()))
                        .thenComparing(i -> i));
        Map<Arm, List<List<Double>>> accuracy = new EnumMap<>(Arm.class);
        Map<Arm, List<List<Integer>>> pairs = new EnumMap<>(Arm.class);
        Map<Arm, List<List<Double>>> bestOf = new EnumMap<>(Arm.class);
        Map<String, Hits> hits = new TreeMap<>();
        List<List<Deviation>> matched = new ArrayList<>();
        List<List<Deviation>> matchedNoise = new ArrayList<>();
        for (double size : sizes) {
            int[] taken = Arrays.stream(order)
                    .limit(Math.round(size * pool.size()))
                    .mapToInt(i -> i)
                    .sorted()
                    .toArray();
            boolean whole = size == sizes.getLast();
            for (Map.Entry<Arm, Examples> arm : arms(taken, seed, whole ? matched : null, whole ? matchedNoise : null)
                    .entrySet()) {
                BradleyTerryHead head = head(arm.getValue(), seed);
                if (whole && arm.getValue().size() > 0) {
                    count(arm.getKey(), head, hits);
                }
                accuracy.computeIfAbsent(arm.getKey(), a -> new ArrayList<>())
                        .add(new ArrayList<>(List.of(arm.getValue().size() == 0 ? Double.NaN : measured(head))));
                pairs.computeIfAbsent(arm.getKey(), a -> new ArrayList<>())
                        .add(new ArrayList<>(List.of(arm.getValue().size())));
                if (whole
                        && BEST_OF.contains(arm.getKey())
                        && !groups.isEmpty()
                        && arm.getValue().size() > 0) {
                    bestOf.put(arm.getKey(), bestOf(head));
                }
            }
        }
        return new Panel(
                name,
                sizes,
                accuracy,
                pairs,
                new ArrayList<>(List.of(test.size())),
                new ArrayList<>(List.of(fates())),
                matched,
                matchedNoise,
                new ArrayList<>(),
                shared,
                new ArrayList<>(List.of(hits)),
                bestOf);
    }

    /** Places in the pool, and whether the label there is taken as it came. */
    private record Examples(int[] places, boolean[] asCame) {

        int size() {
            return places.length;
        }
    }

    private Map<Arm, Examples> arms(
            int[] taken,
            long seed,
            @Nullable List<List<Deviation>> matched,
            @Nullable List<List<Deviation>> matchedNoise) {
        Map<Arm, Examples> arms = new EnumMap<>(Arm.class);
        arms.put(Arm.ORIGINAL, asCame(taken));
        arms.put(Arm.LABELLED, asPeopleSay(taken));
        int[] kept = Arrays.stream(taken)
                .filter(i -> pool.get(i).fate() == Fate.KEPT)
                .toArray();
        arms.put(Arm.FILTERED, asCame(kept));
        int[] published = Arrays.stream(taken)
                .filter(i -> pool.get(i).fate() != Fate.DROPPED)
                .toArray();
        boolean[] labels = new boolean[published.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = pool.get(published[i]).fate() == Fate.KEPT;
        }
        arms.put(Arm.CORRECTED, new Examples(published, labels));
        arms.put(
                Arm.RANDOM,
                asCame(Arrays.stream(taken)
                        .boxed()
                        .sorted(Comparator.comparingLong((Integer i) ->
                                        Hashes.of(seed, "random", pool.get(i).pairId()))
                                .thenComparing(i -> i))
                        .limit(published.length)
                        .mapToInt(i -> i)
                        .sorted()
                        .toArray()));
        if (published.length > 0) {
            arms.put(Arm.MATCHED, control(taken, published, false, seed, matched));
            arms.put(Arm.MATCHED_NOISE, control(taken, published, true, seed, matchedNoise));
        }
        int[] verified =
                Arrays.stream(taken).filter(i -> pool.get(i).verified() != null).toArray();
        arms.put(
                Arm.GOLD,
                labelled(verified, i -> Boolean.TRUE.equals(pool.get(i).verified())));
        if (pool.stream().allMatch(pair -> pair.truth() != null)) {
            arms.put(
                    Arm.CLEAN,
                    labelled(taken, i -> Boolean.TRUE.equals(pool.get(i).truth())));
        }
        return arms;
    }

    private Examples control(
            int[] taken, int[] published, boolean noise, long seed, @Nullable List<List<Deviation>> told) {
        List<Subject> from = Arrays.stream(taken).mapToObj(pool::get).toList();
        int[] selection =
                Arrays.stream(published).map(i -> Arrays.binarySearch(taken, i)).toArray();
        MatchedControl control = MatchedControl.draw(from, selection, noise, seed);
        if (told != null) {
            told.add(control.deviations());
        }
        return asPeopleSay(Arrays.stream(control.pairs()).map(i -> taken[i]).toArray());
    }

    private static Examples asCame(int[] places) {
        boolean[] all = new boolean[places.length];
        Arrays.fill(all, true);
        return new Examples(places, all);
    }

    private Examples asPeopleSay(int[] places) {
        return labelled(places, i -> !Boolean.FALSE.equals(pool.get(i).verified()));
    }

    private void count(Arm arm, BradleyTerryHead head, Map<String, Hits> hits) {
        for (TestPair pair : test) {
            String prompt = String.format("%016x", Hashes.of(0, "prompt", pair.group()));
            int right = head.margin(pair.diff()) > 0 ? 1 : 0;
            Hits before = hits.getOrDefault(prompt, new Hits(0, new EnumMap<>(Arm.class)));
            Map<Arm, Integer> all = before.right();
            all.merge(arm, right, Integer::sum);
            hits.put(prompt, new Hits(before.tested() + (arm == Arm.ORIGINAL ? 1 : 0), all));
        }
    }

    private static Examples labelled(int[] places, IntPredicate right) {
        boolean[] labels = new boolean[places.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = right.test(places[i]);
        }
        return new Examples(places, labels);
    }

    private BradleyTerryHead head(Examples examples, long seed) {
        int n = examples.size();
        float[][] rows = new float[n][];
        double[] targets = new double[n];
        double[] weights = new double[n];
        for (int i = 0; i < n; i++) {
            int place = examples.places()[i];
            rows[i] = scaled[place];
            targets[i] = examples.asCame()[i] ? 1 : 0;
            weights[i] = resample
                    ? poisson(Hashes.unit(seed, "weight", pool.get(place).pairId()))
                    : 1;
        }
        return BradleyTerryHead.fit("0".repeat(64), scales, rows, targets, weights, L2);
    }

    /** The Poisson number of mean 1 at a place of its distribution. */
    private static double poisson(double unit) {
        double chance = StrictMath.exp(-1);
        double below = chance;
        int k = 0;
        while (unit >= below && k < 20) {
            k++;
            chance /= k;
            below += chance;
        }
        return k;
    }

    private double measured(BradleyTerryHead head) {
        int right = 0;
        for (TestPair pair : test) {
            right += head.margin(pair.diff()) > 0 ? 1 : 0;
        }
        return test.isEmpty() ? Double.NaN : (double) right / test.size();
    }

    private List<List<Double>> bestOf(BradleyTerryHead head) {
        List<List<Double>> curve = new ArrayList<>();
        for (int n = 1; n <= MOST_DRAWN; n++) {
            double sum = 0;
            int counted = 0;
            for (AnswerGroup group : groups) {
                if (group.features().size() >= n) {
                    sum += group.bestOf(
                            n,
                            group.features().stream().mapToDouble(head::score).toArray());
                    counted++;
                }
            }
            if (counted < groups.size()) { // another set of prompts would be another question
                break;
            }
            curve.add(new ArrayList<>(List.of(sum / counted)));
        }
        return curve;
    }

    private Map<String, Fates> fates() {
        Map<String, Fates> by = new TreeMap<>();
        for (Subject pair : pool) {
            Boolean right = pair.verified() == null ? pair.truth() : null; // what people told is no merit
            int known = right == null ? 0 : 1;
            int yes = Boolean.TRUE.equals(right) ? 1 : 0;
            Fates one = switch (pair.fate()) {
                case KEPT -> new Fates(1, yes, known, 0, 0, 0, 0);
                case FLIPPED -> new Fates(0, 0, 0, 1, known - yes, known, 0);
                case DROPPED -> new Fates(0, 0, 0, 0, 0, 0, 1);
            };
            by.merge(pair.category(), one, Fates::plus);
        }
        return by;
    }
}
