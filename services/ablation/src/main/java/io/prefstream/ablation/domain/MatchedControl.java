package io.prefstream.ablation.domain;

import io.prefstream.core.stats.Hashes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A control for a selection: as many pairs, drawn at random from the same pool, and then re-balanced until they are like the
 * selection in everything but the reason for which that was made.
 *
 * <p>It is drawn cell by cell, a cell being a topic and a quarter of the answer lengths, and then pairs are exchanged for others of
 * their cell as long as that brings means and spreads of lengths and margins, and if wanted the share of wrong labels, closer. Margins
 * and wrong labels of the selection are those of the labels that it is published with; a control's pairs have the labels that they
 * came with, except where people judged them.
 *
 * @param pairs places in the pool of those drawn, rising
 * @param deviations how far it is from the selection in each respect
 */
public record MatchedControl(int[] pairs, List<Deviation> deviations) {

    /** Deviation up to which two sets count as alike. */
    public static final double ALIKE = 0.05;

    private static final int QUARTERS = 4;
    private static final int LEAST_PROPOSALS = 20_000;
    private static final int PROPOSALS_A_PAIR = 20;

    /**
     * How far a control is from its selection.
     *
     * @param what respect
     * @param wanted the selection's figure
     * @param got the control's
     * @param deviation of spreads and shares the relative difference; of means the difference in standard deviations of the
     *     selection; of distributions the total variation distance (topics) or Kolmogorov's distance (lengths)
     */
    public record Deviation(String what, double wanted, double got, double deviation) {

        /** Whether the two are alike in this. */
        public boolean isAlike() {
            return deviation <= ALIKE;
        }
    }

    /** Sums over a set, from which its means and spreads come. */
    private static final class Moments {
        private int n;
        private double length;
        private double lengthSquares;
        private double margin;
        private double marginSquares;
        private int known;
        private int wrong;

        /** Adds a pair, or takes it out; with its label turned round if it was published so. */
        void add(Subject pair, int sign, boolean turned) {
            int side = turned ? -1 : 1;
            n += sign;
            length += sign * pair.length();
            lengthSquares += sign * pair.length() * pair.length();
            margin += sign * side * pair.margin();
            marginSquares += sign * pair.margin() * pair.margin();
            Boolean right = known(pair);
            if (right != null) {
                known += sign;
                wrong += right == turned ? sign : 0;
            }
        }

        double noise() {
            return known == 0 ? Double.NaN : (double) wrong / known;
        }

        private static double spread(double sum, double squares, int n) {
            return n == 0 ? 0 : Math.sqrt(Math.max(0, squares / n - sum / n * (sum / n)));
        }

        List<Deviation> from(Moments wanted) {
            double lengthSpread = spread(wanted.length, wanted.lengthSquares, wanted.n);
            double marginSpread = spread(wanted.margin, wanted.marginSquares, wanted.n);
            double ownLength = spread(length, lengthSquares, n);
            double ownMargin = spread(margin, marginSquares, n);
            return List.of(
                    mean("answer length, mean", wanted.length / wanted.n, length / n, lengthSpread),
                    relative("answer length, standard deviation", lengthSpread, ownLength),
                    mean("margin, mean", wanted.margin / wanted.n, margin / n, marginSpread),
                    relative("margin, variance", marginSpread * marginSpread, ownMargin * ownMargin));
        }

        private static Deviation mean(String what, double wanted, double got, double spread) {
            return new Deviation(
                    what, wanted, got, spread == 0 ? Math.abs(got - wanted) : Math.abs(got - wanted) / spread);
        }

        static Deviation relative(String what, double wanted, double got) {
            double far = Math.abs(got - wanted);
            return new Deviation(what, wanted, got, far == 0 ? 0 : wanted == 0 ? 1 : far / Math.abs(wanted));
        }
    }

    /** Whether people turned a pair's label round, which holds for it in a control as well. */
    private static boolean corrected(Subject pair) {
        return Boolean.FALSE.equals(pair.verified());
    }

    /** Known truth if there is one, else what people said. */
    private static @Nullable Boolean known(Subject pair) {
        return pair.truth() != null ? pair.truth() : pair.verified();
    }

    /**
     * Draws a control.
     *
     * @param pool all pairs that may be drawn
     * @param selection places in the pool of what is to be matched; not empty
     * @param noise whether the share of wrong labels, among those of which it is known, is matched as well
     */
    public static MatchedControl draw(List<Subject> pool, int[] selection, boolean noise, long seed) {
        String[] cell = cells(pool);
        Map<String, Integer> wantedIn = new TreeMap<>();
        Moments wanted = new Moments();
        for (int i : selection) {
            wantedIn.merge(cell[i], 1, Integer::sum);
            wanted.add(pool.get(i), 1, pool.get(i).fate() == Subject.Fate.FLIPPED);
        }
        Integer[] order = new Integer[pool.size()];
        Arrays.setAll(order, i -> i);
        Arrays.sort(
                order,
                Comparator.comparingLong((Integer i) ->
                                Hashes.of(seed, "control", pool.get(i).pairId()))
                        .thenComparing(i -> pool.get(i).pairId()));
        Map<String, List<Integer>> out = new HashMap<>();
        List<Integer> in = new ArrayList<>();
        Map<String, Integer> left = new HashMap<>(wantedIn);
        for (int i : order) {
            if (left.getOrDefault(cell[i], 0) > 0) {
                left.merge(cell[i], -1, Integer::sum);
                in.add(i);
            } else {
                out.computeIfAbsent(cell[i], c -> new ArrayList<>()).add(i);
            }
        }
        Moments now = new Moments();
        in.forEach(i -> now.add(pool.get(i), 1, corrected(pool.get(i))));
        exchange(pool, cell, in, out, now, wanted, noise, seed);
        int[] drawn = in.stream().mapToInt(i -> i).sorted().toArray();
        return new MatchedControl(drawn, deviations(pool, selection, drawn, now, wanted));
    }

    private static void exchange(
            List<Subject> pool,
            String[] cell,
            List<Integer> in,
            Map<String, List<Integer>> out,
            Moments now,
            Moments wanted,
            boolean noise,
            long seed) {
        double far = far(now, wanted, noise);
        int proposals = Math.max(LEAST_PROPOSALS, PROPOSALS_A_PAIR * in.size());
        for (int step = 0; step < proposals && !in.isEmpty(); step++) {
            long dice = Hashes.of(seed, "exchange", Integer.toString(step));
            int place = (int) Math.floorMod(dice, (long) in.size());
            int one = in.get(place);
            List<Integer> others = out.getOrDefault(cell[one], List.of());
            if (others.isEmpty()) {
                continue;
            }
            int at = (int) Math.floorMod(dice >>> 20, (long) others.size());
            int other = others.get(at);
            now.add(pool.get(one), -1, corrected(pool.get(one)));
            now.add(pool.get(other), 1, corrected(pool.get(other)));
            double then = far(now, wanted, noise);
            if (then < far) {
                far = then;
                in.set(place, other);
                others.set(at, one);
            } else {
                now.add(pool.get(one), 1, corrected(pool.get(one)));
                now.add(pool.get(other), -1, corrected(pool.get(other)));
            }
        }
    }

    private static double far(Moments now, Moments wanted, boolean noise) {
        double sum = 0;
        for (Deviation each : now.from(wanted)) {
            sum += each.deviation() * each.deviation();
        }
        if (noise && wanted.known > 0 && now.known > 0) {
            double off = now.noise() - wanted.noise();
            double scale = Math.max(wanted.noise(), 0.5 / wanted.known); // one label cannot be parted
            sum += off * off / (scale * scale);
        }
        return sum;
    }

    private static List<Deviation> deviations(
            List<Subject> pool, int[] selection, int[] drawn, Moments now, Moments wanted) {
        List<Deviation> all = new ArrayList<>();
        double topics = variation(topics(pool, selection), topics(pool, drawn));
        all.add(new Deviation("topics, distribution", 0, topics, topics));
        double lengths = kolmogorov(lengths(pool, selection), lengths(pool, drawn));
        all.add(new Deviation("answer length, distribution", 0, lengths, lengths));
        if (drawn.length > 0) {
            all.addAll(now.from(wanted));
        }
        if (wanted.known > 0 && now.known > 0) {
            all.add(Moments.relative("wrong labels, share of those known", wanted.noise(), now.noise()));
        }
        Set<Integer> chosen = new HashSet<>();
        Arrays.stream(selection).forEach(chosen::add);
        long shared = Arrays.stream(drawn).filter(chosen::contains).count();
        all.add(new Deviation("pairs in both, share", 0, drawn.length == 0 ? 0 : (double) shared / drawn.length, 0));
        return List.copyOf(all);
    }

    private static String[] cells(List<Subject> pool) {
        double[] sorted = pool.stream().mapToDouble(Subject::length).sorted().toArray();
        String[] cells = new String[pool.size()];
        for (int i = 0; i < cells.length; i++) {
            int quarter = 0;
            for (int q = 1; q < QUARTERS; q++) {
                quarter += pool.get(i).length() > sorted[q * sorted.length / QUARTERS] ? 1 : 0;
            }
            cells[i] = quarter + "/" + pool.get(i).topic();
        }
        return cells;
    }

    private static Map<String, Double> topics(List<Subject> pool, int[] pairs) {
        Map<String, Double> shares = new HashMap<>();
        for (int i : pairs) {
            shares.merge(pool.get(i).topic(), 1.0 / pairs.length, Double::sum);
        }
        return shares;
    }

    private static double variation(Map<String, Double> a, Map<String, Double> b) {
        Set<String> all = new HashSet<>(a.keySet());
        all.addAll(b.keySet());
        return all.stream()
                        .sorted()
                        .mapToDouble(topic -> Math.abs(a.getOrDefault(topic, 0.0) - b.getOrDefault(topic, 0.0)))
                        .sum()
                / 2;
    }

    private static double[] lengths(List<Subject> pool, int[] pairs) {
        return Arrays.stream(pairs)
                .mapToDouble(i -> pool.get(i).length())
                .sorted()
                .toArray();
    }

    private static double kolmogorov(double[] a, double[] b) {
        double most = 0;
        int i = 0;
        int j = 0;
        while (i < a.length && j < b.length) {
            double at = Math.min(a[i], b[j]);
            while (i < a.length && a[i] == at) {
                i++;
            }
            while (j < b.length && b[j] == at) {
                j++;
            }
            most = Math.max(most, Math.abs((double) i / a.length - (double) j / b.length));
        }
        return most;
    }
}
