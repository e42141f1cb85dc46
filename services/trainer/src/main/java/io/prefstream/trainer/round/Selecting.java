package io.prefstream.trainer.round;

import io.prefstream.core.diversity.DiverseSubset;
import io.prefstream.core.diversity.SelectionPreset;
import io.prefstream.core.diversity.SelectionPreset.Outcome;
import io.prefstream.core.diversity.SphericalKMeans;
import io.prefstream.core.reward.RightnessCalibrator;
import io.prefstream.core.stats.Hashes;
import io.prefstream.core.stats.Logistic;
import io.prefstream.core.verdict.HumanOutcome;
import io.prefstream.core.verdict.Judges;
import io.prefstream.core.verdict.PairFacts;
import io.prefstream.core.verdict.Verdict;
import io.prefstream.core.verdict.VerdictRules;
import io.prefstream.trainer.client.Facts;
import io.prefstream.trainer.domain.SelectionSettings;
import io.prefstream.wire.JudgeVote;
import io.prefstream.wire.LabelOutcome;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Selects among the pairs that the filter would publish by its models, one topic at a time, so that the vectors of no more than
 * one topic are in memory at once. What people have decided needs no selection.
 */
final class Selecting {

    private static final int SAMPLE = 20_000; // pairs that topics are found from
    private static final int ITERATIONS = 50;
    private static final int BATCH = 4_096;
    private static final int COMPARED = 1_000; // most picks of a topic whose determinant is worked out

    private final RunFacts run;
    private final StepRecords records;
    private final SelectionSettings settings;
    private final long seed;

    Selecting(RunFacts run, StepRecords records, SelectionSettings settings) {
        this.run = run;
        this.records = records;
        this.settings = settings;
        this.seed = run.settings().seed();
    }

    /** A pair that models would publish, and what is known of the label that it would carry. */
    private record Publishable(String pairId, double agreement, double probability) {
        double margin() {
            return 2 * probability - 1;
        }
    }

    /**
     * Writes down what becomes of each pair and where the topics lie.
     *
     * @param decided what the filter would decide with
     * @param calibrator gives p_right; null without gold, when nothing is published
     * @param told takes in what to tell the user
     */
    void select(Map<String, String> decided, @Nullable RightnessCalibrator calibrator, Map<String, String> told) {
        List<String> pool = new ArrayList<>();
        Map<String, Publishable> publishable = new HashMap<>();
        List<Publishable> unplaced = new ArrayList<>();
        VerdictRules rules = VerdictRules.told(decided);
        for (Facts.Features pair : run.pool()) {
            Publishable published = calibrator == null ? null : published(pair, decided, calibrator, rules);
            if (vector(pair.pairId()) != null) {
                pool.add(pair.pairId());
                if (published != null) {
                    publishable.put(pair.pairId(), published);
                }
            } else if (published != null) {
                unplaced.add(published);
            }
        }
        unplaced.forEach(pair -> records.selected(
                new SelectionPreset.Choice(pair.pairId, Outcome.DIVERSITY, -1, 0, 0),
                pair.agreement,
                pair.margin(),
                "it has no embedding to tell it from others by"));
        float[][] centroids = centroids(pool);
        int[] inPool = new int[centroids.length];
        List<List<Publishable>> byTopic = byTopic(pool, publishable, centroids, inPool);
        int[] inPublishable = byTopic.stream().mapToInt(List::size).toArray();
        int[] inSelected = new int[centroids.length];
        Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
        double[] logDeterminants = new double[2];
        for (int topic = 0; topic < centroids.length; topic++) {
            List<SelectionPreset.Choice> choices = choose(byTopic.get(topic), centroids, logDeterminants);
            choices.forEach(choice -> outcomes.merge(choice.outcome(), 1, Integer::sum));
            inSelected[topic] = (int) choices.stream()
                    .filter(choice -> choice.outcome() == Outcome.SELECTED)
                    .count();
            records.topic(topic, centroids[topic], inPool[topic], inPublishable[topic], inSelected[topic]);
        }
        Answers.selection(told, outcomes, unplaced.size(), List.of(inPool, inPublishable, inSelected), logDeterminants);
    }

    /** The pair as the filter's rules would publish it; null when they would not. */
    private @Nullable Publishable published(
            Facts.Features pair, Map<String, String> told, RightnessCalibrator calibrator, VerdictRules rules) {
        Double best = run.bestMargin(told, pair);
        Double gold = run.goldMargin(told, pair);
        if (best == null || gold == null || run.facts().dead(pair.pairId())) {
            return null;
        }
        int vote = run.judges(pair.pairId());
        double pRight = calibrator.probability(new RightnessCalibrator.Input(best, gold, vote));
        Verdict.Kind kind = rules.decide(new PairFacts(
                        HumanOutcome.NONE,
                        false,
                        null,
                        false,
                        pRight,
                        Logistic.sigmoid(best),
                        Logistic.sigmoid(gold),
                        run.facts().llmVotes(pair.pairId()).isEmpty()
                                ? Judges.NOT_ASKED
                                : vote > 0 ? Judges.CHOSEN : vote < 0 ? Judges.REJECTED : Judges.NONE,
                        Boolean.parseBoolean(told.get("judges/in-p-right"))))
                .kind();
        boolean keep = kind == Verdict.Kind.KEEP;
        return keep || kind == Verdict.Kind.FLIP
                ? new Publishable(pair.pairId(), agreement(pair.pairId(), keep, best, gold), keep ? pRight : 1 - pRight)
                : null;
    }

    /** Share of judges that are for the label; of the two reward models where no judge has decided. */
    private double agreement(String pairId, boolean keep, double best, double gold) {
        List<JudgeVote> votes = run.facts().decidedVotes(pairId);
        if (votes.isEmpty()) {
            return ((keep ? best > 0 : best < 0) ? 0.5 : 0) + ((keep ? gold > 0 : gold < 0) ? 0.5 : 0);
        }
        LabelOutcome label = keep ? LabelOutcome.CHOSEN : LabelOutcome.REJECTED;
        return (double) votes.stream()
                        .filter(vote -> vote.getOutcome() == label)
                        .count()
                / votes.size();
    }

    private float[][] centroids(List<String> pool) {
        if (pool.isEmpty()) {
            return new float[0][];
        }
        String[] sample = pool.stream()
                .sorted(Hashes.order(seed, "selection-sample"))
                .limit(SAMPLE)
                .toArray(String[]::new);
        return SphericalKMeans.of(vectors(List.of(sample)), sample, settings.clusters(), ITERATIONS, seed)
                .centroids();
    }

    private List<List<Publishable>> byTopic(
            List<String> pool, Map<String, Publishable> publishable, float[][] centroids, int[] inPool) {
        List<List<Publishable>> byTopic = new ArrayList<>();
        for (int topic = 0; topic < centroids.length; topic++) {
            byTopic.add(new ArrayList<>());
        }
        for (int from = 0; from < pool.size(); from += BATCH) {
            List<String> batch = pool.subList(from, Math.min(pool.size(), from + BATCH));
            int[] topics = SphericalKMeans.nearest(vectors(batch), centroids);
            for (int i = 0; i < topics.length; i++) {
                inPool[topics[i]]++;
                Publishable pair = publishable.get(batch.get(i));
                if (pair != null) {
                    byTopic.get(topics[i]).add(pair);
                }
            }
        }
        return byTopic;
    }

    private List<SelectionPreset.Choice> choose(
            List<Publishable> topic, float[][] centroids, double[] logDeterminants) {
        List<SelectionPreset.Candidate> candidates = new ArrayList<>();
        for (Publishable pair : topic) {
            candidates.add(new SelectionPreset.Candidate(
                    pair.pairId, pair.agreement, pair.probability, vectors(List.of(pair.pairId))[0]));
        }
        List<SelectionPreset.Choice> choices = settings.preset().choose(candidates, centroids, seed);
        for (int i = 0; i < choices.size(); i++) {
            Publishable pair = topic.get(i);
            records.selected(choices.get(i), pair.agreement, pair.margin(), why(choices.get(i), pair));
        }
        compare(candidates, choices, logDeterminants);
        return choices;
    }

    private @Nullable String why(SelectionPreset.Choice choice, Publishable pair) {
        return switch (choice.outcome()) {
            case SELECTED -> null;
            case AGREEMENT ->
                String.format(
                        Locale.ROOT,
                        "%.3f of the votes are for its label, fewer than %s",
                        pair.agreement,
                        settings.preset().agreement());
            case MARGIN ->
                String.format(
                        Locale.ROOT,
                        "p - (1 - p) of its label is %.3f, not above %s",
                        pair.margin(),
                        settings.preset().margin());
            case DIVERSITY -> "other pairs of its topic " + choice.cluster() + " were picked that say as much";
        };
    }

    /** Adds ln det(L) of a topic's picks, and of as many of its pairs beyond the thresholds drawn by hash. */
    private void compare(
            List<SelectionPreset.Candidate> topic, List<SelectionPreset.Choice> choices, double[] logDeterminants) {
        Set<String> picked = ids(choices, Set.of(Outcome.SELECTED));
        Set<String> passed = ids(choices, Set.of(Outcome.SELECTED, Outcome.DIVERSITY));
        int count = Math.min(COMPARED, picked.size());
        logDeterminants[0] += logDeterminant(topic, picked, count);
        logDeterminants[1] += logDeterminant(topic, passed, count);
    }

    private static Set<String> ids(List<SelectionPreset.Choice> choices, Set<Outcome> outcomes) {
        return choices.stream()
                .filter(choice -> outcomes.contains(choice.outcome()))
                .map(SelectionPreset.Choice::pairId)
                .collect(Collectors.toSet());
    }

    private double logDeterminant(List<SelectionPreset.Candidate> topic, Set<String> from, int count) {
        Set<String> drawn = from.stream()
                .sorted(Hashes.order(seed, "selection-compared"))
                .limit(count)
                .collect(Collectors.toSet());
        List<SelectionPreset.Candidate> rows =
                topic.stream().filter(pair -> drawn.contains(pair.pairId())).toList();
        return new DiverseSubset(
                        rows.stream().map(SelectionPreset.Candidate::vector).toArray(float[][]::new),
                        rows.stream()
                                .mapToDouble(SelectionPreset.Candidate::probability)
                                .toArray(),
                        rows.stream().map(SelectionPreset.Candidate::pairId).toArray(String[]::new),
                        seed)
                .lazy(count)
                .logDeterminant();
    }

    private float[][] vectors(List<String> pairIds) {
        return pairIds.stream().map(this::vector).toArray(float[][]::new);
    }

    /** The embedding at length 1, which its bytes have only nearly; null without one that points anywhere. */
    private float @Nullable [] vector(String pairId) {
        if (!run.facts().embedded(pairId)) {
            return null;
        }
        float[] vector = run.facts().embedding(pairId);
        double square = 0;
        for (float x : vector) {
            square += (double) x * x;
        }
        if (square == 0) {
            return null;
        }
        double length = StrictMath.sqrt(square);
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (vector[i] / length);
        }
        return vector;
    }
}
