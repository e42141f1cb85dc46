package io.prefstream.bench.retrieval;

import io.prefstream.core.reward.BradleyTerryHead;
import io.prefstream.core.reward.PoolPenalty;
import io.prefstream.core.reward.RightnessCalibrator;
import io.prefstream.core.reward.Standardizer;
import io.prefstream.core.select.HeadPosterior;
import io.prefstream.core.select.Quotas;
import io.prefstream.core.select.Selection;
import io.prefstream.core.select.Stratum;
import io.prefstream.core.stats.AdaptiveK;
import io.prefstream.core.stats.Folds;
import io.prefstream.core.stats.Hashes;
import io.prefstream.core.verdict.ToLabel;
import io.prefstream.retrieval.domain.Hit;
import io.prefstream.retrieval.domain.Merge;
import io.prefstream.retrieval.domain.PairIndex;
import io.prefstream.trainer.domain.Families;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * One pool with labels spoiled by topic, of which an oracle labels a few at a time. Everything that chooses or trains is the
 * product's; the pool's own heads are fitted once a pool, with the pairs that people label later among them.
 */
final class Simulation {

    private static final int FOLDS = Folds.DEFAULT;
    private static final int ENCODER_COLUMNS = 384;
    private static final double HELD_OUT = 0.25;
    private static final double SPOILED = 0.5;
    private static final double ELSEWHERE = 0.1;
    private static final double LEAST_CATEGORY = 0.05;
    private static final double KEEP = 0.85;
    private static final double FLIP = 0.1;
    private static final String FEATURES = BradleyTerryHead.featuresHash(List.of("bench"));

    /**
     * Where a run stands.
     *
     * @param labels human labels so far
     * @param wrong of these, pairs whose label was wrong as it came
     * @param accuracy held-out accuracy of each reward model, by what it trained on
     */
    record Point(int labels, int wrong, Map<String, Double> accuracy) {}

    private final long seed;
    private final String spoiled;
    private final List<Corpus.Item> pool = new ArrayList<>();
    private final List<Corpus.Item> heldOut = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();
    private final boolean[] right;
    private final float[][] raw;
    private final float[][] scaled;
    private final Standardizer scales;
    private final double[] best;

    /** A pool of this seed, with prompts held back and one category, another for each seed, spoiled. */
    Simulation(List<Corpus.Item> corpus, long seed) {
        this.seed = seed;
        Set<String> seen = new HashSet<>();
        for (Corpus.Item item : corpus) {
            if (!seen.add(item.pairId())) {
                continue; // ingest refuses duplicates
            }
            (Hashes.unit(seed, "bench/held-out", item.group()) < HELD_OUT ? heldOut : pool).add(item);
        }
        this.spoiled = spoiled(corpus);
        this.right = new boolean[pool.size()];
        this.raw = new float[pool.size()][];
        for (int i = 0; i < raw.length; i++) {
            Corpus.Item item = pool.get(i);
            places.put(item.pairId(), i);
            double rate = item.category().equals(spoiled) ? SPOILED : ELSEWHERE;
            right[i] = Hashes.unit(seed, "bench/spoil", item.pairId()) >= rate;
            raw[i] = right[i] ? item.diff() : reversed(item.diff());
        }
        this.scales = Standardizer.of(raw, ENCODER_COLUMNS);
        this.scaled = scales.apply(raw);
        this.best = poolMargins();
    }

    /** Categories of some size, by hash, each seed the next. */
    private String spoiled(List<Corpus.Item> corpus) {
        Map<String, Integer> sizes = new TreeMap<>();
        corpus.forEach(item -> sizes.merge(item.category(), 1, Integer::sum));
        List<String> some = sizes.entrySet().stream()
                .filter(e -> e.getValue() >= LEAST_CATEGORY * corpus.size())
                .map(Map.Entry::getKey)
                .sorted(Hashes.order(0, "bench/spoiled"))
                .toList();
        return some.get((int) (seed % some.size()));
    }

    String describe() {
        int wrong = 0;
        for (boolean r : right) {
            wrong += r ? 0 : 1;
        }
        return "seed " + seed + ": " + pool.size() + " pairs, " + wrong + " wrong, " + spoiled + " spoiled, "
                + heldOut.size() + " held out";
    }

    /** Held-out accuracy of a model on the labels as they came, and on the right ones. */
    Map<String, Double> bounds() {
        double[] came = new double[raw.length];
        Arrays.fill(came, 1);
        double[] truth = IntStream.range(0, raw.length)
                .mapToDouble(i -> right[i] ? 1 : 0)
                .toArray();
        return Map.of(
                "raw", accuracy(BradleyTerryHead.fit(FEATURES, scales, scaled, came, null, Families.CURATED_L2)),
                "clean", accuracy(BradleyTerryHead.fit(FEATURES, scales, scaled, truth, null, Families.CURATED_L2)));
    }

    /** Category of which half of the labels are wrong. */
    String spoiledCategory() {
        return spoiled;
    }

    private double[] poolMargins() {
        double[] ones = new double[raw.length];
        Arrays.fill(ones, 1);
        int[] folds = folds(IntStream.range(0, raw.length).toArray());
        double l2 = PoolPenalty.choose(FEATURES, scales, scaled, folds, FOLDS, new double[raw.length]);
        List<Families.Member> members =
                Families.singles(new Families.Data(FEATURES, scales, scaled, folds, f -> ones, l2), FOLDS);
        return IntStream.range(0, raw.length)
                .mapToDouble(i -> members.get(folds[i]).head().margin(raw[i]))
                .toArray();
    }

    private int[] folds(int[] rows) {
        return Arrays.stream(rows)
                .map(i -> Folds.of(seed, pool.get(i).pairId(), FOLDS))
                .toArray();
    }

    /**
     * Labels so many pairs at a time, chosen by a strategy, and measures after each step.
     *
     * @param draw salts what is drawn by hash, so that chance can be tried several times
     */
    List<Point> run(String strategy, int draw, int first, int batch, int last) {
        Set<String> gold = new LinkedHashSet<>(pool.stream()
                .map(Corpus.Item::pairId)
                .sorted(Hashes.order(seed, "bench/first"))
                .limit(first)
                .toList());
        List<Point> points = new ArrayList<>();
        for (int step = 1; ; step++) {
            Models models = new Models(gold);
            points.add(models.measure());
            if (gold.size() >= last) {
                return points;
            }
            gold.addAll(choose(strategy, models, gold, batch, step, draw));
        }
    }

    private List<String> choose(String strategy, Models models, Set<String> gold, int batch, int step, int draw) {
        String purpose = "bench/" + draw + "/" + step;
        if (strategy.equals("similarity")) {
            return similar(gold, batch, step);
        }
        if (strategy.equals("uncertain")) {
            return ToLabel.next(models.uncertain(), batch, seed + step).stream()
                    .map(ToLabel.Pick::id)
                    .toList();
        }
        List<Selection.Candidate> open = models.candidates();
        List<Selection.Pick> picks = switch (strategy) {
            case "posterior" ->
                Selection.posterior(
                        open, pair -> scaled[place(pair)], models.posterior(), batch, Quotas.NONE, seed, purpose);
            case "disagreement" -> Selection.disagreement(open, batch, Quotas.NONE, seed, purpose);
            case "random" -> Selection.random(open, batch, Quotas.NONE, seed, purpose);
            default -> throw new IllegalArgumentException("no strategy " + strategy);
        };
        return picks.stream().map(Selection.Pick::id).toList();
    }

    /** Every gold pair fetches its neighbours by the adaptive rule; pairs of most anchors come first, as admission has it. */
    private List<String> similar(Set<String> gold, int batch, int step) {
        PairIndex index = new PairIndex(seed);
        pool.forEach(item -> index.put(item.pairId(), item.entry(), PairIndex.quantize(item.vector())));
        gold.forEach(pair -> index.hide(pair, 0));
        Map<String, Integer> anchors = new HashMap<>();
        for (String anchor : gold) {
            int i = place(anchor);
            int k = AdaptiveK.of(right[i] ? best[i] : -best[i]);
            byte[] query = PairIndex.quantize(pool.get(i).vector());
            for (Hit hit : Merge.best(index.nearest(query, k, step), k)) {
                anchors.merge(hit.pairId(), 1, Integer::sum);
            }
        }
        return anchors.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry::getKey, Hashes.order(seed, "admit")))
                .map(Map.Entry::getKey)
                .limit(batch)
                .toList();
    }

    private int place(String pair) {
        Integer place = places.get(pair);
        if (place == null) {
            throw new IllegalStateException("no pair " + pair);
        }
        return place;
    }

    private double accuracy(BradleyTerryHead head) {
        double ranked = 0;
        for (Corpus.Item item : heldOut) {
            double margin = head.margin(item.diff());
            ranked += margin > 0 ? 1 : margin == 0 ? 0.5 : 0;
        }
        return ranked / heldOut.size();
    }

    private static float[] reversed(float[] diff) {
        float[] out = new float[diff.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = -diff[i];
        }
        return out;
    }

    /** What the human labels so far teach. */
    private final class Models {
        private final int[] rows;
        private final boolean[] isGold = new boolean[raw.length];
        private final int[] folds;
        private final List<Families.Member> members;

        Models(Set<String> gold) {
            rows = gold.stream().mapToInt(Simulation.this::place).toArray();
            for (int row : rows) {
                isGold[row] = true;
            }
            folds = folds(rows);
            double[] targets =
                    Arrays.stream(rows).mapToDouble(i -> right[i] ? 1 : 0).toArray();
            members = Families.singles(
                    new Families.Data(FEATURES, scales, scaled(rows), folds, f -> targets, Families.GOLD_L2), FOLDS);
        }

        private float[][] scaled(int[] some) {
            return Arrays.stream(some).mapToObj(i -> scaled[i]).toArray(float[][]::new);
        }

        private BradleyTerryHead head() {
            return members.getLast().head();
        }

        Point measure() {
            int wrong = 0;
            for (int row : rows) {
                wrong += right[row] ? 0 : 1;
            }
            return new Point(
                    rows.length,
                    wrong,
                    new TreeMap<>(Map.of(
                            "gold", accuracy(head()),
                            "corrected", accuracy(corrected()),
                            "curated", accuracy(curated()))));
        }

        /** Of the whole pool, human labels in place of the pool's own. */
        private BradleyTerryHead corrected() {
            double[] targets = IntStream.range(0, raw.length)
                    .mapToDouble(i -> isGold[i] && !right[i] ? 0 : 1)
                    .toArray();
            return BradleyTerryHead.fit(FEATURES, scales, scaled, targets, null, Families.CURATED_L2);
        }

        /** Of the human labels and what p_right keeps or flips, without gates. */
        private BradleyTerryHead curated() {
            double[] p = pRight();
            double[] weights = new double[raw.length];
            double[] targets = new double[raw.length];
            for (int i = 0; i < raw.length; i++) {
                weights[i] = isGold[i] || p[i] >= KEEP || p[i] <= FLIP ? 1 : 0;
                targets[i] = (isGold[i] ? right[i] : p[i] >= KEEP) ? 1 : 0;
            }
            return BradleyTerryHead.fit(FEATURES, scales, scaled, targets, weights, Families.CURATED_L2);
        }

        private double[] pRight() {
            List<RightnessCalibrator.Input> inputs = new ArrayList<>();
            boolean[] goldRight = new boolean[rows.length];
            for (int i = 0; i < rows.length; i++) {
                goldRight[i] = right[rows[i]];
                inputs.add(new RightnessCalibrator.Input(
                        best[rows[i]], members.get(folds[i]).head().margin(raw[rows[i]]), 0));
            }
            var calibrator = RightnessCalibrator.fit(inputs, goldRight);
            BradleyTerryHead gold = head();
            double[] p = new double[raw.length];
            for (int i = 0; i < raw.length; i++) {
                RightnessCalibrator.Input input = new RightnessCalibrator.Input(best[i], gold.margin(raw[i]), 0);
                p[i] = calibrator.map(c -> c.probability(input)).orElse(0.5);
            }
            return p;
        }

        List<ToLabel.Candidate> uncertain() {
            double[] p = pRight();
            return IntStream.range(0, raw.length)
                    .filter(i -> !isGold[i])
                    .mapToObj(i -> new ToLabel.Candidate(pool.get(i).pairId(), p[i]))
                    .toList();
        }

        List<Selection.Candidate> candidates() {
            BradleyTerryHead gold = head();
            return IntStream.range(0, raw.length)
                    .filter(i -> !isGold[i])
                    .mapToObj(i -> {
                        Corpus.Item item = pool.get(i);
                        return new Selection.Candidate(
                                item.pairId(),
                                new Stratum(item.category(), item.objectivity(), item.controversiality()),
                                best[i],
                                gold.margin(raw[i]));
                    })
                    .toList();
        }

        HeadPosterior posterior() {
            BradleyTerryHead gold = head();
            return HeadPosterior.of(
                    scaled(rows),
                    Arrays.stream(rows)
                            .mapToDouble(i -> Selection.Candidate.information(gold.margin(raw[i])))
                            .toArray(),
                    scales.scale().length,
                    Families.GOLD_L2 * rows.length);
        }
    }
}
