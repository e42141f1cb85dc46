package io.prefstream.ingest.domain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Which two answers of several that stand in an order make a pair. Two that stand equal never do. */
public enum Rankings {
    /** Each two. */
    ALL,
    /** Each answer with each of the next lower standing. */
    ADJACENT,
    /** Each of the best with each of the worst. */
    BEST_WORST;

    /**
     * Two answers in the order in which they were given.
     *
     * @param first index of the earlier one, from 0
     * @param second index of the later one
     * @param firstWins whether the earlier one stands higher; no matter in a tie
     * @param tie whether both stand equal
     */
    public record Duel(int first, int second, boolean firstWins, boolean tie) {
        /** Index of the one that stands higher. */
        public int better() {
            return firstWins ? first : second;
        }

        /** Index of the one that stands lower. */
        public int worse() {
            return firstWins ? second : first;
        }
    }

    /** Stable name, such as {@code best-worst}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The duels, ties included, by index.
     *
     * @param standings one an answer, more is better
     */
    public List<Duel> duels(double[] standings) {
        // 0 is added so that -0 and 0 stand equal.
        double[] steps =
                Arrays.stream(standings).map(x -> x + 0.0).distinct().sorted().toArray();
        List<Duel> duels = new ArrayList<>();
        for (int i = 0; i < standings.length; i++) {
            for (int j = i + 1; j < standings.length; j++) {
                int a = Arrays.binarySearch(steps, standings[i] + 0.0);
                int b = Arrays.binarySearch(steps, standings[j] + 0.0);
                boolean meet = switch (this) {
                    case ALL -> true;
                    case ADJACENT -> Math.abs(a - b) <= 1;
                    case BEST_WORST -> a == b || Math.abs(a - b) == steps.length - 1;
                };
                if (meet) {
                    duels.add(new Duel(i, j, a > b, a == b));
                }
            }
        }
        return duels;
    }
}
