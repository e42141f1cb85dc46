package io.prefstream.bench.diversity;

import com.sun.management.OperatingSystemMXBean;
import io.prefstream.bench.retrieval.Corpus;
import io.prefstream.core.diversity.DiverseSubset;
import io.prefstream.core.diversity.SelectionPreset;
import io.prefstream.core.diversity.SelectionPreset.Candidate;
import io.prefstream.core.diversity.SelectionPreset.Choice;
import io.prefstream.core.diversity.SelectionPreset.Outcome;
import io.prefstream.core.diversity.SphericalKMeans;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Time to choose diverse subsets, each line beside what it is measured against: {@code DiversityBench ROWS PICKS [CORPUS]}.
 * Lazy and plain choice must agree row for row, or the program fails.
 */
public final class DiversityBench {
    private static final int DIMENSIONS = 384;
    private static final int CLUSTERS = 256;
    private static final int ITERATIONS = 10;

    private DiversityBench() {}

    private record Data(String name, float[][] vectors, double[] quality, String[] ids) {}

    private record Timed<T>(T value, double wall, double cpu) {}

    /** Measures. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 2) {
            System.err.println("usage: DiversityBench ROWS PICKS [CORPUS]");
            System.exit(2);
        }
        int rows = Integer.parseInt(arguments[0]);
        int picks = Integer.parseInt(arguments[1]);
        measure(made("warm-up", 5000, 50, false), 200);
        measure(made("clustered", rows, 300, false), picks);
        measure(made("unclustered", rows, 0, false), picks);
        measure(made("unclustered, equal quality", rows, 0, true), picks);
        if (arguments.length > 2) {
            Data real = corpus(Corpus.read(Path.of(arguments[2])));
            measure(real, Math.min(picks, real.ids.length / 10));
        }
    }

    private static void measure(Data data, int picks) {
        say("## %s: %d of %d x %d", data.name, picks, data.ids.length, data.vectors[0].length);
        DiverseSubset subset = new DiverseSubset(data.vectors, data.quality, data.ids, 7);
        Timed<DiverseSubset.Picks> lazy = timed("lazy", () -> subset.lazy(picks));
        Timed<DiverseSubset.Picks> plain = timed("plain", () -> subset.plain(picks));
        timed("lazy again", () -> subset.lazy(picks));
        if (!Arrays.equals(lazy.value.rows(), plain.value.rows())
                || !Arrays.equals(lazy.value.gains(), plain.value.gains())) {
            throw new IllegalStateException("lazy and plain choice differ");
        }
        say(
                "same rows and gains; lazy touched %.1f %% of rows, did %.1f %% of the updates; plain / lazy %.1f (CPU %.1f)",
                100.0 * lazy.value.touched() / data.ids.length,
                100.0 * lazy.value.updates() / plain.value.updates(),
                plain.wall / lazy.wall,
                plain.cpu / lazy.cpu);
        Timed<int[]> published =
                timed("published form", () -> CholeskyGreedy.select(data.vectors, data.quality, picks));
        int same = 0;
        while (same < picks && published.value[same] == lazy.value.rows()[same]) {
            same++;
        }
        say("published form picks the same up to pick %d of %d", same, picks);
        windows(data, picks, lazy.value);
    }

    /** k-means, then windows in each topic: what the pipeline does, approximate beside one choice from all rows. */
    private static void windows(Data data, int picks, DiverseSubset.Picks all) {
        int clusters = Math.min(CLUSTERS, data.ids.length / 20);
        Timed<SphericalKMeans.Clusters> means =
                timed("k-means", () -> SphericalKMeans.of(data.vectors, data.ids, clusters, ITERATIONS, 7));
        Timed<int[]> pass =
                timed("one assignment", () -> SphericalKMeans.nearest(data.vectors, means.value.centroids()));
        double flop = 2.0 * data.ids.length * data.vectors[0].length * means.value.centroids().length;
        say("k-means: %d iterations, one at %.1f GFLOP/s", means.value.iterations(), flop / pass.wall / 1e9);
        List<Candidate> pairs = new ArrayList<>();
        for (int i = 0; i < data.ids.length; i++) {
            pairs.add(new Candidate(data.ids[i], 1, data.quality[i], data.vectors[i]));
        }
        SelectionPreset preset = new SelectionPreset(0, -1, (double) picks / data.ids.length, 2000);
        Timed<List<Choice>> chosen = timed("windows of 2,000", () -> preset.choose(pairs, means.value.centroids(), 7));
        List<Integer> kept = new ArrayList<>();
        for (int i = 0; i < data.ids.length; i++) {
            if (chosen.value.get(i).outcome() == Outcome.SELECTED) {
                kept.add(i);
            }
        }
        Random random = new Random(7);
        List<Integer> some = random.ints(0, data.ids.length)
                .distinct()
                .limit(kept.size())
                .boxed()
                .toList();
        say(
                "log-det: greedy over all %.1f (%d rows), topics and windows %.1f (%d rows), random %.1f",
                all.logDeterminant(), picks, logDeterminant(data, kept), kept.size(), logDeterminant(data, some));
    }

    private static double logDeterminant(Data data, List<Integer> rows) {
        float[][] vectors = rows.stream().map(i -> data.vectors[i]).toArray(float[][]::new);
        double[] quality = rows.stream().mapToDouble(i -> data.quality[i]).toArray();
        String[] ids = rows.stream().map(i -> data.ids[i]).toArray(String[]::new);
        return new DiverseSubset(vectors, quality, ids, 7).lazy(ids.length).logDeterminant();
    }

    private static <T> Timed<T> timed(String name, Supplier<T> work) {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = system.getProcessCpuTime();
        long wall = System.nanoTime();
        T value = work.get();
        Timed<T> timed = new Timed<>(value, (System.nanoTime() - wall) / 1e9, (system.getProcessCpuTime() - cpu) / 1e9);
        say("%s: %.2f s, %.2f CPU s", name, timed.wall, timed.cpu);
        return timed;
    }

    /** Rows around centres of unequal size, or anywhere when there are none. */
    private static Data made(String name, int rows, int centres, boolean equal) {
        Random random = new Random(7);
        float[][] centre = new float[centres][];
        for (int c = 0; c < centres; c++) {
            centre[c] = unit(random, null);
        }
        Data data = new Data(name, new float[rows][], new double[rows], new String[rows]);
        for (int i = 0; i < rows; i++) {
            double place = random.nextDouble();
            data.vectors[i] = unit(random, centres == 0 ? null : centre[(int) (place * place * centres)]);
            double drawn = random.nextDouble();
            data.quality[i] = equal ? 1 : 0.65 + 0.35 * drawn; // what passes a margin of .3
            data.ids[i] = "row-" + i;
        }
        return data;
    }

    private static float[] unit(Random random, float @Nullable [] centre) {
        double[] row = new double[DIMENSIONS];
        double square = 0;
        for (int k = 0; k < DIMENSIONS; k++) {
            row[k] = random.nextGaussian() / Math.sqrt(DIMENSIONS) * (centre == null ? 1 : 0.6)
                    + (centre == null ? 0 : centre[k]);
            square += row[k] * row[k];
        }
        float[] unit = new float[DIMENSIONS];
        for (int k = 0; k < DIMENSIONS; k++) {
            unit[k] = (float) (row[k] / Math.sqrt(square));
        }
        return unit;
    }

    private static Data corpus(List<Corpus.Item> items) {
        Random random = new Random(7);
        return new Data(
                "corpus",
                items.stream().map(Corpus.Item::vector).toArray(float[][]::new),
                items.stream()
                        .mapToDouble(item -> 0.65 + 0.35 * random.nextDouble())
                        .toArray(),
                items.stream().map(Corpus.Item::pairId).toArray(String[]::new));
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
