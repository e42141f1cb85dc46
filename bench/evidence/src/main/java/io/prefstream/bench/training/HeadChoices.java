package io.prefstream.bench.training;

import io.prefstream.bench.retrieval.Corpus;
import io.prefstream.core.calibration.Temperature;
import io.prefstream.core.features.FeatureSet;
import io.prefstream.core.stats.Logistic;
import io.prefstream.trainer.domain.Families;
import io.prefstream.trainer.domain.Penalties;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Holds choices of training against each other on held-back prompts of public sets. Usage: {@code HeadChoices SEEDS CORPUS...}
 * prints two Markdown tables: penalties chosen on gold against the constants, and feature sets against all features.
 */
public final class HeadChoices {

    private static final List<Integer> LABELS = List.of(60, 150, 400);

    /** Accuracy and log-loss, after temperature scaling, of a head that has seen all folds. */
    private record Score(double accuracy, double logLoss) {}

    /** Differences over seeds, of two heads. */
    private static final class Row {
        private final List<double[]> runs = new ArrayList<>();
        private int differing;

        void add(Score standard, Score other, boolean differs) {
            runs.add(new double[] {
                standard.accuracy, other.accuracy - standard.accuracy,
                standard.logLoss, other.logLoss - standard.logLoss
            });
            differing += differs ? 1 : 0;
        }

        String cells() {
            return String.format(
                    Locale.ROOT,
                    "%d of %d | %.3f | %+.4f ± %.4f | %.3f | %+.4f ± %.4f",
                    differing,
                    runs.size(),
                    mean(0),
                    mean(1),
                    error(1),
                    mean(2),
                    mean(3),
                    error(3));
        }

        private double mean(int column) {
            return runs.stream().mapToDouble(r -> r[column]).average().orElse(Double.NaN);
        }

        private double error(int column) {
            double mean = mean(column);
            double square = runs.stream()
                    .mapToDouble(r -> (r[column] - mean) * (r[column] - mean))
                    .sum();
            return Math.sqrt(square / Math.max(1, runs.size() - 1) / runs.size());
        }
    }

    private HeadChoices() {}

    /** Runs all seeds on all sets. */
    public static void main(String[] arguments) throws Exception {
        int seeds = Integer.parseInt(arguments[0]);
        Map<String, List<Corpus.Item>> sets = new TreeMap<>();
        for (int i = 1; i < arguments.length; i++) {
            sets.putAll(Corpus.read(Path.of(arguments[i])).stream().collect(Collectors.groupingBy(Corpus.Item::set)));
        }
        Map<String, Row> penalties = new TreeMap<>();
        Map<String, Row> features = new TreeMap<>();
        sets.forEach((set, items) -> {
            for (int labels : LABELS) {
                for (int seed = 0; seed < seeds; seed++) {
                    HeadPool pool = new HeadPool(items, seed, labels, FeatureSet.ALL);
                    if (pool.size() < 2 * labels) {
                        continue;
                    }
                    String row = String.format(Locale.ROOT, "%s | %3d | ", set, labels);
                    penalties(pool, row, penalties);
                    features(pool, items, seed, labels, row, features);
                }
            }
        });
        System.out.printf(
                "Differences are means over %d seeds with their standard errors; log-loss is after temperature scaling.%n%n",
                seeds);
        print(
                "| set | gold | head | chosen otherwise | accuracy, constant | chosen less constant | log-loss, constant |"
                        + " chosen less constant |",
                penalties);
        print(
                "| set | gold | gold head reads | other than all | accuracy, all | this less all | log-loss, all | this less"
                        + " all |",
                features);
    }

    private static void print(String head, Map<String, Row> rows) {
        System.out.println(head + "\n" + "|---".repeat(8) + "|");
        rows.forEach((name, row) -> System.out.println("| " + name + " | " + row.cells() + " |"));
        System.out.println();
    }

    private static void penalties(HeadPool pool, String row, Map<String, Row> rows) {
        Penalties.Labels gold = pool.labels();
        Families.Data goldData = pool.goldData();
        double[] chosen = Penalties.ofGold(goldData, gold.right(), HeadPool.FOLDS);
        compare(pool, goldData, chosen, rows.computeIfAbsent(row + "gold", r -> new Row()));
        Families.Data silver = pool.silverData();
        compare(
                pool,
                silver,
                Penalties.ofOthers(silver, gold, HeadPool.FOLDS),
                rows.computeIfAbsent(row + "silver", r -> new Row()));
    }

    private static void compare(HeadPool pool, Families.Data data, double[] chosen, Row row) {
        row.add(
                score(pool, data, Penalties.fixed(data.l2(), HeadPool.FOLDS)),
                score(pool, data, chosen),
                chosen[HeadPool.FOLDS] != data.l2());
    }

    private static void features(
            HeadPool all, List<Corpus.Item> items, int seed, int labels, String row, Map<String, Row> rows) {
        double[] standard = Penalties.fixed(Families.GOLD_L2, HeadPool.FOLDS);
        Score read = score(all, all.goldData(), standard);
        for (String words : List.of("encoder", "lexical", "structural", "encoder,lexical", "lexical,structural")) {
            HeadPool some = new HeadPool(items, seed, labels, FeatureSet.parse(words));
            rows.computeIfAbsent(row + words, r -> new Row()).add(read, score(some, some.goldData(), standard), true);
        }
    }

    private static Score score(HeadPool pool, Families.Data data, double[] l2) {
        List<Families.Member> members = Families.singles(data, HeadPool.FOLDS, l2);
        Penalties.Labels gold = pool.labels();
        double[] margins = new double[gold.right().length];
        for (int i = 0; i < margins.length; i++) {
            margins[i] =
                    data.scales().margin(members.get(gold.folds()[i]).head().weights(), gold.diffs()[i]);
        }
        double temperature = Temperature.fit(margins, gold.right());
        double ranked = 0;
        double loss = 0;
        for (float[] better : pool.heldOut()) {
            double margin = members.getLast().head().margin(better);
            ranked += margin > 0 ? 1 : margin == 0 ? 0.5 : 0;
            loss += Logistic.loss(margin / temperature, 1);
        }
        return new Score(ranked / pool.heldOut().size(), loss / pool.heldOut().size());
    }
}
