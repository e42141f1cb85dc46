package io.prefstream.core.diversity;

import java.util.ArrayList;
import java.util.List;

/**
 * Chooses pairs on which raters agree, of which the models are sure, and which differ from each other (method section 5). Pairs
 * below a threshold are left out; the others go to the nearest topic and, in order of their ids' hashes, into windows of a topic,
 * from each of which the same share is picked by {@link DiverseSubset}. So a topic keeps its part of the whole. The greedy choice
 * is exact within a window and approximate over windows. Immutable; any thread.
 *
 * @param agreement least share of votes for the label, 0 to 1
 * @param margin p - (1 - p) must be above it, -1 to 1
 * @param share share of the pairs of each topic that is picked, above 0 to 1
 * @param window most pairs that are compared with each other, at least 2
 */
public record SelectionPreset(double agreement, double margin, double share, int window) {
    /** Checks the thresholds. */
    public SelectionPreset {
        require(agreement >= 0 && agreement <= 1, "agreement must lie between 0 and 1, not " + agreement);
        require(margin >= -1 && margin <= 1, "margin must lie between -1 and 1, not " + margin);
        require(share > 0 && share <= 1, "share must lie above 0 and be at most 1, not " + share);
        require(window >= 2, "window must be at least 2, not " + window);
    }

    /**
     * A pair that may be chosen.
     *
     * @param pairId its id
     * @param agreement share of votes for the label that it will carry, 0 to 1
     * @param probability that this label is right, 0 to 1
     * @param vector unit vector of history and attributes
     */
    public record Candidate(String pairId, double agreement, double probability, float[] vector) {}

    /** What became of a pair. */
    public enum Outcome {
        /** Chosen. */
        SELECTED,
        /** Too few votes are for the label. */
        AGREEMENT,
        /** The models are not sure enough. */
        MARGIN,
        /** Others of its topic say as much and were better or came first. */
        DIVERSITY
    }

    /**
     * What became of one pair.
     *
     * @param cluster its topic
     * @param rank place among the picks of its window, from 1; 0 when not picked
     * @param gain factor by which it raised the determinant of its window; 0 when not picked
     */
    public record Choice(String pairId, Outcome outcome, int cluster, int rank, double gain) {}

    /**
     * What becomes of each pair, in the order given; the choice itself doesn't depend on that order.
     *
     * @param centroids the topics, at least one
     */
    public List<Choice> choose(List<Candidate> pairs, float[][] centroids, long seed) {
        require(centroids.length > 0, "there are no topics to choose from");
        float[][] vectors = pairs.stream().map(Candidate::vector).toArray(float[][]::new);
        String[] ids = pairs.stream().map(Candidate::pairId).toArray(String[]::new);
        int[] topics = SphericalKMeans.nearest(vectors, centroids);
        List<List<Integer>> eligible = new ArrayList<>();
        for (int c = 0; c < centroids.length; c++) {
            eligible.add(new ArrayList<>());
        }
        Choice[] choices = new Choice[ids.length];
        for (int i : Rows.order(ids, seed, "selection")) {
            Outcome outcome = judged(pairs.get(i));
            choices[i] = new Choice(ids[i], outcome, topics[i], 0, 0);
            if (outcome == Outcome.DIVERSITY) {
                eligible.get(topics[i]).add(i);
            }
        }
        for (List<Integer> topic : eligible) {
            int taken = 0;
            for (int from = 0; from < topic.size(); from += window) {
                int to = Math.min(topic.size(), from + window);
                int through =
                        (int) Math.round(share * to); // rounded over the topic, so that windows add up to its share
                pick(pairs, topic.subList(from, to), through - taken, seed, choices);
                taken = through;
            }
        }
        return List.of(choices);
    }

    /** What the thresholds say; {@code DIVERSITY} of a pair that passes them and is not picked yet. */
    private Outcome judged(Candidate pair) {
        if (!(pair.agreement >= agreement)) {
            return Outcome.AGREEMENT;
        }
        return 2 * pair.probability - 1 > margin ? Outcome.DIVERSITY : Outcome.MARGIN;
    }

    private static void pick(List<Candidate> pairs, List<Integer> window, int quota, long seed, Choice[] choices) {
        if (quota == 0) {
            return;
        }
        Candidate[] rows = window.stream().map(pairs::get).toArray(Candidate[]::new);
        float[][] vectors = new float[rows.length][];
        double[] quality = new double[rows.length];
        String[] ids = new String[rows.length];
        for (int i = 0; i < rows.length; i++) {
            vectors[i] = rows[i].vector;
            quality[i] = Math.max(1e-6, rows[i].probability); // a margin below 0 may let a probability of 0 pass
            ids[i] = rows[i].pairId;
        }
        DiverseSubset.Picks picks = new DiverseSubset(vectors, quality, ids, seed).lazy(quota);
        for (int rank = 0; rank < picks.rows().length; rank++) {
            int i = window.get(picks.rows()[rank]);
            choices[i] =
                    new Choice(choices[i].pairId, Outcome.SELECTED, choices[i].cluster, rank + 1, picks.gains()[rank]);
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
