package io.prefstream.core.agreement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Agreement of everybody who votes on pairs, kept up to date vote by vote: alpha and kappa over all pairs and by task
 * category, and how each annotator does.
 *
 * <p>A vote takes its pair out of every sum and puts it back changed. Sums are whole numbers, so everything but the
 * confusion matrices, which {@link StreamingDawidSkene} estimates, is the same to the bit in whatever order votes come. Not
 * thread-safe.
 */
public final class AgreementBoard {

    /** Pairs that two annotators must share for their kappa to count. */
    public static final int SHARED = 10;

    /** Category that stands for all. */
    public static final String ALL = "";

    /**
     * One annotator's vote on one pair.
     *
     * @param pair pair id
     * @param vote names the vote on the pair; a later one of the same name replaces it
     * @param annotator who voted
     * @param kind what that is
     * @param choice what was said; null takes the vote back
     * @param category task category of the pair
     * @param first what stood first, or null when not recorded; never a tie
     * @param seconds time taken, 0 or more; null when not measured
     */
    public record Cast(
            String pair,
            String vote,
            String annotator,
            RaterKind kind,
            @Nullable Choice choice,
            String category,
            @Nullable Choice first,
            @Nullable Double seconds) {}

    /** Whose agreement a figure is of. */
    public enum Scope {
        /** Alpha of people. */
        ALPHA_HUMANS("alpha", "people"),
        /** Alpha of language models. */
        ALPHA_JUDGES("alpha", "judges"),
        /** Alpha of people, language models and reward models together. */
        ALPHA_ALL("alpha", "everyone"),
        /** Mean kappa of two people. */
        KAPPA_HUMAN_HUMAN("kappa", "person and person"),
        /** Mean kappa of a person and a language model. */
        KAPPA_HUMAN_JUDGE("kappa", "person and judge"),
        /** Mean kappa of two language models. */
        KAPPA_JUDGE_JUDGE("kappa", "judge and judge"),
        /** Mean kappa of a person and a reward model. */
        KAPPA_HUMAN_REWARD_MODEL("kappa", "person and reward model");

        private final String coefficient;
        private final String raters;

        Scope(String coefficient, String raters) {
            this.coefficient = coefficient;
            this.raters = raters;
        }

        /** {@code alpha} or {@code kappa}. */
        public String coefficient() {
            return coefficient;
        }

        /** Name of its metric: coefficient and raters in lower case. */
        public String metric() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Who is meant, in words. */
        public String raters() {
            return raters;
        }
    }

    /**
     * A figure.
     *
     * @param category task category; empty for all
     */
    public record Line(Scope scope, String category, Coefficient coefficient) {}

    /**
     * How one annotator does.
     *
     * @param votes votes in force
     * @param choices votes of each class
     * @param first of the decided votes with a known order of answers, those for the answer shown first
     * @param second the others of them
     * @param medianSeconds median time on a pair; null when never measured
     * @param compared votes on pairs on which other people have a majority
     * @param agreed those of them that say the same
     * @param confusion probability of each choice under each truth, by the streaming model
     * @param accuracy probability of being right, by the streaming model
     */
    public record Annotator(
            String annotator,
            RaterKind kind,
            long votes,
            long[] choices,
            long first,
            long second,
            @Nullable Double medianSeconds,
            long compared,
            long agreed,
            double[] confusion,
            double accuracy) {}

    private static final int K = Choice.CLASSES;

    private final Map<String, Map<String, Cast>> pairs = new HashMap<>();
    private final Map<String, Map<Scope, KrippendorffAlpha>> alphas = new TreeMap<>();
    private final Map<String, Map<Scope, Map<Two, CohenKappa>>> kappas = new TreeMap<>();
    private final Map<String, Tally> tallies = new TreeMap<>();
    private final StreamingDawidSkene model =
            new StreamingDawidSkene(K, Smoothing.DEFAULT, StreamingDawidSkene.HORIZON);

    private record Two(String one, String other) implements Comparable<Two> {
        @Override
        public int compareTo(Two than) {
            int byOne = one.compareTo(than.one);
            return byOne != 0 ? byOne : other.compareTo(than.other);
        }
    }

    private static final class Tally {
        final String annotator;
        final RaterKind kind;
        final long[] choices = new long[K];
        final long[] places = new long[2];
        final TreeMap<Double, Integer> seconds = new TreeMap<>();
        long compared;
        long agreed;

        Tally(String annotator, RaterKind kind) {
            this.annotator = annotator;
            this.kind = kind;
        }
    }

    /** Takes in a vote. */
    public void put(Cast cast) {
        Map<String, Cast> on = pairs.computeIfAbsent(cast.pair, id -> new TreeMap<>());
        count(on.values(), -1);
        if (cast.choice == null) {
            on.remove(cast.vote);
        } else {
            on.put(cast.vote, cast);
        }
        count(on.values(), 1);
        if (on.isEmpty()) {
            pairs.remove(cast.pair);
        }
        model.put(cast.pair, cast.vote, key(cast.kind, cast.annotator), cast.choice == null ? -1 : cast.choice.index());
    }

    private void count(Collection<Cast> votes, int sign) {
        if (votes.isEmpty()) {
            return;
        }
        String category = votes.stream()
                .map(Cast::category)
                .max(Comparator.naturalOrder())
                .orElse(ALL);
        countIn(ALL, votes, sign);
        if (!category.equals(ALL)) {
            countIn(category, votes, sign);
        }
        int[] people = choices(votes, RaterKind.HUMAN);
        votes.forEach(vote -> tally(vote, people, sign));
    }

    private void countIn(String category, Collection<Cast> votes, int sign) {
        Map<Scope, KrippendorffAlpha> of = alphas.computeIfAbsent(category, c -> new TreeMap<>());
        alpha(of, Scope.ALPHA_HUMANS, choices(votes, RaterKind.HUMAN), sign);
        alpha(of, Scope.ALPHA_JUDGES, choices(votes, RaterKind.JUDGE), sign);
        alpha(of, Scope.ALPHA_ALL, choices(votes, null), sign);
        List<Cast> all = List.copyOf(votes);
        Map<Scope, Map<Two, CohenKappa>> tables = kappas.computeIfAbsent(category, c -> new TreeMap<>());
        for (int i = 0; i < all.size(); i++) {
            for (int j = i + 1; j < all.size(); j++) {
                kappa(tables, all.get(i), all.get(j), sign);
            }
        }
    }

    private static void alpha(Map<Scope, KrippendorffAlpha> of, Scope scope, int[] choices, int sign) {
        KrippendorffAlpha alpha = of.computeIfAbsent(scope, s -> new KrippendorffAlpha(K));
        if (sign > 0) {
            alpha.add(choices);
        } else {
            alpha.remove(choices);
        }
    }

    private static void kappa(Map<Scope, Map<Two, CohenKappa>> tables, Cast a, Cast b, int sign) {
        boolean ordered = a.kind.compareTo(b.kind) < 0 || (a.kind == b.kind && a.annotator.compareTo(b.annotator) < 0);
        Cast one = ordered ? a : b;
        Cast other = ordered ? b : a;
        Scope scope = scope(one.kind, other.kind);
        if (scope == null || one.choice == null || other.choice == null || one.annotator.equals(other.annotator)) {
            return;
        }
        tables.computeIfAbsent(scope, s -> new TreeMap<>())
                .computeIfAbsent(new Two(one.annotator, other.annotator), two -> new CohenKappa(K))
                .add(one.choice.index(), other.choice.index(), sign);
    }

    private static @Nullable Scope scope(RaterKind one, RaterKind other) {
        return switch (one) {
            case HUMAN ->
                switch (other) {
                    case HUMAN -> Scope.KAPPA_HUMAN_HUMAN;
                    case JUDGE -> Scope.KAPPA_HUMAN_JUDGE;
                    case REWARD_MODEL -> Scope.KAPPA_HUMAN_REWARD_MODEL;
                };
            case JUDGE -> other == RaterKind.JUDGE ? Scope.KAPPA_JUDGE_JUDGE : null;
            case REWARD_MODEL -> null;
        };
    }

    private static int[] choices(Collection<Cast> votes, @Nullable RaterKind kind) {
        int[] counts = new int[K];
        for (Cast vote : votes) {
            if (vote.choice != null && (kind == null || vote.kind == kind)) {
                counts[vote.choice.index()]++;
            }
        }
        return counts;
    }

    private void tally(Cast vote, int[] people, int sign) {
        Choice choice = vote.choice;
        if (choice == null) {
            return;
        }
        Tally of = tallies.computeIfAbsent(key(vote.kind, vote.annotator), id -> new Tally(vote.annotator, vote.kind));
        of.choices[choice.index()] += sign;
        if (vote.first != null && choice != Choice.TIE) {
            of.places[choice == vote.first ? 0 : 1] += sign;
        }
        if (vote.seconds != null) {
            of.seconds.merge(vote.seconds, sign, (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b));
        }
        int[] others = people.clone();
        others[choice.index()] -= vote.kind == RaterKind.HUMAN ? 1 : 0;
        int[] sorted = others.clone();
        Arrays.sort(sorted);
        if (sorted[K - 1] > sorted[K - 2]) {
            of.compared += sign;
            of.agreed += others[choice.index()] == sorted[K - 1] ? sign : 0;
        }
    }

    /** Every figure, over all pairs first and then by category. */
    public List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        for (String category : alphas.isEmpty() ? List.of(ALL) : List.copyOf(alphas.keySet())) {
            for (Scope scope : Scope.values()) {
                lines.add(new Line(scope, category, coefficient(scope, category)));
            }
        }
        return lines;
    }

    /** One figure. */
    public Coefficient coefficient(Scope scope, String category) {
        if (scope.coefficient().equals("alpha")) {
            KrippendorffAlpha alpha = alphas.getOrDefault(category, Map.of()).get(scope);
            return (alpha == null ? new KrippendorffAlpha(K) : alpha).value();
        }
        return mean(kappas.getOrDefault(category, Map.of())
                .getOrDefault(scope, Map.of())
                .values());
    }

    /** Mean of the kappas of two annotators, weighed by the pairs that they share. */
    private static Coefficient mean(Collection<CohenKappa> tables) {
        double sum = 0;
        long items = 0;
        long most = 0;
        String why = "";
        for (CohenKappa table : tables) {
            most = Math.max(most, table.items());
            if (table.items() < SHARED) {
                continue;
            }
            Coefficient kappa = table.value();
            if (kappa.value() == null) {
                why = String.valueOf(kappa.undefined());
            } else {
                sum += kappa.value() * table.items();
                items += table.items();
            }
        }
        if (items > 0) {
            return Coefficient.of(sum / items, items);
        }
        return Coefficient.undefined(
                most == 0
                        ? "no two of them have judged one pair"
                        : most < SHARED ? "no two of them share " + SHARED + " pairs; the most is " + most : why,
                0);
    }

    /** Every annotator, by kind and name. */
    public List<Annotator> annotators() {
        return tallies.values().stream()
                .map(of -> annotator(of.kind, of.annotator))
                .sorted(Comparator.comparing(Annotator::kind).thenComparing(Annotator::annotator))
                .toList();
    }

    private static String key(RaterKind kind, String annotator) {
        return kind.name() + "/" + annotator;
    }

    /** How one annotator does. */
    public Annotator annotator(RaterKind kind, String annotator) {
        Tally of = tallies.getOrDefault(key(kind, annotator), new Tally(annotator, kind));
        double[] confusion = model.confusion(key(kind, annotator));
        double[] priors = model.priors();
        double accuracy = 0;
        for (int c = 0; c < K; c++) {
            accuracy += priors[c] * confusion[c * K + c];
        }
        return new Annotator(
                annotator,
                kind,
                Arrays.stream(of.choices).sum(),
                of.choices.clone(),
                of.places[0],
                of.places[1],
                median(of.seconds),
                of.compared,
                of.agreed,
                confusion,
                accuracy);
    }

    /** Probability of each class of a pair, by everybody's votes; see {@link StreamingDawidSkene#posterior}. */
    public double[] posterior(String pair) {
        return model.posterior(pair);
    }

    private static @Nullable Double median(SortedMap<Double, Integer> times) {
        long n = times.values().stream().mapToLong(Integer::longValue).sum();
        if (n == 0) {
            return null;
        }
        return (at(times, (n - 1) / 2) + at(times, n / 2)) / 2;
    }

    private static double at(SortedMap<Double, Integer> times, long place) {
        long before = 0;
        for (Map.Entry<Double, Integer> time : times.entrySet()) {
            before += time.getValue();
            if (before > place) {
                return time.getKey();
            }
        }
        return times.lastKey();
    }
}
