package io.prefstream.core.agreement;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Votes of many annotators on many items, in an order of their own: by item, annotator and choice, whatever order they
 * were given in, so that what is computed from them is the same to the bit. Immutable; any thread.
 */
public final class Votes {

    /**
     * One vote.
     *
     * @param item what was judged
     * @param annotator who judged; may stand twice on an item where people are not told apart
     * @param choice class, from 0
     */
    public record Vote(String item, String annotator, int choice) {}

    private static final Comparator<Vote> ORDER =
            Comparator.comparing(Vote::item).thenComparing(Vote::annotator).thenComparingInt(Vote::choice);

    private final int classes;
    private final List<String> items;
    private final List<String> annotators;
    private final List<String> categories;
    final int[] item;
    final int[] annotator;
    final int[] choice;
    final int[] category; // of each item

    private Votes(int classes, Collection<Vote> votes, Map<String, String> categoryOf) {
        this.classes = classes;
        TreeMap<String, Integer> itemIndex = new TreeMap<>();
        TreeMap<String, Integer> annotatorIndex = new TreeMap<>();
        for (Vote vote : votes) {
            if (vote.choice < 0 || vote.choice >= classes) {
                throw new IllegalArgumentException("a choice lies in 0.." + (classes - 1) + ", not " + vote.choice);
            }
            itemIndex.put(vote.item, 0);
            annotatorIndex.put(vote.annotator, 0);
        }
        number(itemIndex);
        number(annotatorIndex);
        items = List.copyOf(itemIndex.keySet());
        annotators = List.copyOf(annotatorIndex.keySet());
        TreeSet<String> names = new TreeSet<>();
        items.forEach(id -> names.add(categoryOf.getOrDefault(id, "")));
        categories = List.copyOf(names);
        category = items.stream()
                .mapToInt(id -> names.headSet(categoryOf.getOrDefault(id, "")).size())
                .toArray();
        List<Vote> sorted = votes.stream().sorted(ORDER).toList();
        item = new int[sorted.size()];
        annotator = new int[sorted.size()];
        choice = new int[sorted.size()];
        for (int v = 0; v < item.length; v++) {
            Vote vote = sorted.get(v);
            item[v] = itemIndex.getOrDefault(vote.item, -1);
            annotator[v] = annotatorIndex.getOrDefault(vote.annotator, -1);
            choice[v] = vote.choice;
        }
    }

    private static void number(Map<String, Integer> index) {
        int[] next = new int[1];
        index.replaceAll((id, zero) -> next[0]++);
    }

    /** Votes on items of one category. */
    public static Votes of(int classes, Collection<Vote> votes) {
        return new Votes(classes, votes, Map.of());
    }

    /** Votes on items with a category each; an item that the map lacks has the empty one. */
    public static Votes of(int classes, Collection<Vote> votes, Map<String, String> categoryOf) {
        return new Votes(classes, votes, categoryOf);
    }

    /** Number of classes. */
    public int classes() {
        return classes;
    }

    /** Number of votes. */
    public int size() {
        return item.length;
    }

    /** Ids of the items with a vote, sorted. */
    public List<String> items() {
        return items;
    }

    /** Ids of the annotators, sorted. */
    public List<String> annotators() {
        return annotators;
    }

    /** Categories of the items, sorted. */
    public List<String> categories() {
        return categories;
    }

    /** Votes of each class on each item, a row an item in the order of {@link #items}. */
    public int[][] counts() {
        int[][] counts = new int[items.size()][classes];
        for (int v = 0; v < item.length; v++) {
            counts[item[v]][choice[v]]++;
        }
        return counts;
    }

    /** Share of each class in the votes on each item: what a plain majority goes by. */
    public double[][] shares() {
        double[][] shares = new double[items.size()][classes];
        int[][] counts = counts();
        for (int i = 0; i < shares.length; i++) {
            int all = 0;
            for (int n : counts[i]) {
                all += n;
            }
            for (int c = 0; c < classes; c++) {
                shares[i][c] = (double) counts[i][c] / all;
            }
        }
        return shares;
    }

    /** The greatest of a row; of equal ones the first. */
    public static int best(double[] row) {
        int best = 0;
        for (int c = 1; c < row.length; c++) {
            if (row[c] > row[best]) {
                best = c;
            }
        }
        return best;
    }
}
