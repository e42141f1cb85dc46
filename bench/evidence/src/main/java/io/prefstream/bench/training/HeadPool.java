package io.prefstream.bench.training;

import io.prefstream.bench.retrieval.Corpus;
import io.prefstream.core.features.FeatureGroup;
import io.prefstream.core.features.FeatureSet;
import io.prefstream.core.reward.BradleyTerryHead;
import io.prefstream.core.reward.PoolPenalty;
import io.prefstream.core.reward.RightnessCalibrator;
import io.prefstream.core.reward.Standardizer;
import io.prefstream.core.stats.Folds;
import io.prefstream.core.stats.Hashes;
import io.prefstream.trainer.domain.Families;
import io.prefstream.trainer.domain.Penalties;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** A pool of one set of which 30 % of the labels are turned round, with gold drawn by hash and prompts held back. */
final class HeadPool {

    static final int FOLDS = Folds.DEFAULT;

    private static final double SWAPPED = 0.3;
    private static final double HELD_OUT = 0.3333;
    private static final String FEATURES = BradleyTerryHead.featuresHash(List.of("bench"));

    private final List<float[]> heldOut = new ArrayList<>();
    private final float[][] raw;
    private final float[][] scaled;
    private final boolean[] right;
    private final int[] folds;
    private final boolean[] isGold;
    private final int[] gold;
    private final Standardizer scales;

    HeadPool(List<Corpus.Item> items, long seed, int labels, FeatureSet features) {
        List<Corpus.Item> pool = new ArrayList<>();
        for (Corpus.Item item : items) {
            if (Hashes.unit(seed, "bench/held-out", item.group()) < HELD_OUT) {
                heldOut.add(item.diff());
            } else {
                pool.add(item);
            }
        }
        pool.sort(Comparator.comparing(Corpus.Item::pairId));
        int n = pool.size();
        raw = new float[n][];
        right = new boolean[n];
        folds = new int[n];
        for (int i = 0; i < n; i++) {
            Corpus.Item item = pool.get(i);
            right[i] = Hashes.unit(seed, "bench/swapped", item.pairId()) >= SWAPPED;
            folds[i] = Folds.of(seed, item.pairId(), FOLDS);
            raw[i] = item.diff().clone();
            for (int j = 0; j < raw[i].length && !right[i]; j++) {
                raw[i][j] = -raw[i][j];
            }
        }
        scales = Standardizer.of(raw, FeatureGroup.ENCODER_COLUMNS).only(features::reads);
        scaled = scales.apply(raw);
        gold = IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparing(i -> pool.get(i).pairId(), Hashes.order(seed, "bench/gold")))
                .limit(labels)
                .mapToInt(i -> i)
                .toArray();
        isGold = new boolean[n];
        for (int row : gold) {
            isGold[row] = true;
        }
    }

    int size() {
        return raw.length;
    }

    List<float[]> heldOut() {
        return heldOut;
    }

    Penalties.Labels labels() {
        return new Penalties.Labels(rows(gold), right(gold), folds(gold));
    }

    /** What the gold head trains on. */
    Families.Data goldData() {
        double[] targets =
                Arrays.stream(gold).mapToDouble(i -> right[i] ? 1 : 0).toArray();
        return new Families.Data(FEATURES, scales, rows(gold), folds(gold), f -> targets, Families.GOLD_L2);
    }

    /**
     * What a silver head trains on: every pair that is not gold, with p_right for a target. What trains the head that leaves out a
     * fold comes from gold heads and a calibrator that have not seen this fold's labels.
     */
    Families.Data silverData() {
        int[] open = IntStream.range(0, raw.length).filter(i -> !isGold[i]).toArray();
        double[] ones = new double[open.length];
        Arrays.fill(ones, 1);
        Families.Data golds = goldData();
        List<Families.Member> singles = Families.singles(golds, FOLDS);
        List<Families.Member> pairs = Families.pairs(golds, FOLDS);
        double l2 = PoolPenalty.choose(
                FEATURES, scales, rows(open), folds(open), FOLDS, margins(open, i -> singles.getLast()));
        List<Families.Member> pools =
                Families.singles(new Families.Data(FEATURES, scales, rows(open), folds(open), f -> ones, l2), FOLDS);
        double[][] targets = new double[FOLDS + 1][];
        for (int f = 0; f <= FOLDS; f++) {
            int without = f;
            int[] known = Arrays.stream(gold).filter(i -> folds[i] != without).toArray();
            List<RightnessCalibrator.Input> inputs = inputs(
                    known, pools, i -> without == FOLDS ? singles.get(folds[i]) : member(pairs, without, folds[i]));
            var calibrator = RightnessCalibrator.fit(inputs, right(known));
            targets[f] = inputs(open, pools, i -> singles.get(without)).stream()
                    .mapToDouble(
                            input -> calibrator.map(c -> c.probability(input)).orElse(0.5))
                    .toArray();
        }
        return new Families.Data(
                FEATURES, scales, rows(open), folds(open), f -> targets[f < 0 ? FOLDS : f], Families.CURATED_L2);
    }

    private List<RightnessCalibrator.Input> inputs(
            int[] places, List<Families.Member> pools, IntFunction<Families.Member> golds) {
        double[] best = margins(places, i -> pools.get(folds[i]));
        double[] gold = margins(places, golds);
        return IntStream.range(0, places.length)
                .mapToObj(i -> new RightnessCalibrator.Input(best[i], gold[i], 0))
                .toList();
    }

    private double[] margins(int[] places, IntFunction<Families.Member> member) {
        return Arrays.stream(places)
                .mapToDouble(i -> member.apply(i).head().margin(raw[i]))
                .toArray();
    }

    private static Families.Member member(List<Families.Member> pairs, int one, int other) {
        return pairs.stream()
                .filter(m -> m.fold() == Math.min(one, other) && m.otherFold() == Math.max(one, other))
                .findFirst()
                .orElseThrow();
    }

    private float[][] rows(int[] places) {
        return Arrays.stream(places).mapToObj(i -> scaled[i]).toArray(float[][]::new);
    }

    private int[] folds(int[] places) {
        return Arrays.stream(places).map(i -> folds[i]).toArray();
    }

    private boolean[] right(int[] places) {
        boolean[] of = new boolean[places.length];
        for (int i = 0; i < of.length; i++) {
            of[i] = right[places[i]];
        }
        return of;
    }
}
