package io.prefstream.core.agreement;

import io.prefstream.core.stats.Hashes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Votes with a known truth: first and second are right four times in ten each, tie twice; workers are right with a
 * probability that is uniform in (.55, .92) over them, and have habits in what they say when they are wrong; each item is
 * judged by the first few workers in an order of its own. bench/agreement.py makes the same votes.
 */
record SeededVotes(List<Votes.Vote> votes, Map<String, Integer> truth) {

    static SeededVotes of(int items, int each, int workers, long seed) {
        List<Votes.Vote> votes = new ArrayList<>();
        Map<String, Integer> truth = new HashMap<>();
        List<String> ids =
                IntStream.range(0, workers).mapToObj(w -> "w%02d".formatted(w)).toList();
        for (int i = 0; i < items; i++) {
            String item = "i%05d".formatted(i);
            int right = (int) (2.5 * Hashes.unit(seed, "truth", item));
            truth.put(item, right);
            record Drawn(String worker, double at) {}
            ids.stream()
                    .map(w -> new Drawn(w, Hashes.unit(seed, "worker", item + "/" + w)))
                    .sorted(Comparator.comparingDouble(Drawn::at))
                    .limit(each)
                    .forEach(drawn -> {
                        double accuracy = 0.55 + 0.37 * Hashes.unit(seed, "accuracy", drawn.worker);
                        double u = Hashes.unit(seed, "vote", item + "/" + drawn.worker);
                        double habit = Hashes.unit(seed, "habit", drawn.worker + "/" + right);
                        int choice =
                                u < accuracy ? right : (right + (u < accuracy + habit * (1 - accuracy) ? 1 : 2)) % 3;
                        votes.add(new Votes.Vote(item, drawn.worker, choice));
                    });
        }
        return new SeededVotes(votes, truth);
    }

    /** Share of items whose likeliest class is the truth. */
    double accuracy(List<String> items, double[][] posteriors) {
        int right = 0;
        for (int i = 0; i < items.size(); i++) {
            right += Votes.best(posteriors[i]) == truth.getOrDefault(items.get(i), -1) ? 1 : 0;
        }
        return (double) right / items.size();
    }
}
