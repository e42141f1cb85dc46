package io.prefstream.export.view;

import io.prefstream.core.pair.Message;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Puts all answers to one prompt that published pairs compare into one order. */
final class KWay {

    /**
     * An answer among others.
     *
     * @param rank longest chain of better answers above it, 0 where none is; only a chain of pairs says that one of two is better
     * @param wins published pairs in which it is the better one
     * @param losses those in which it is the worse one
     */
    record Answer(String text, int rank, int wins, int losses) {}

    /** All answers to a prompt, the best first. */
    record Ranking(String group, List<Message> history, String category, String split, List<Answer> answers) {}

    /**
     * What was found.
     *
     * @param rankings of prompts with three answers or more, by prompt
     * @param few prompts with two answers, which a pair tells as well
     * @param circles prompts whose pairs go round in a circle, so that no order agrees with all; left out
     */
    record Found(List<Ranking> rankings, int few, int circles) {}

    private KWay() {}

    /** Orders the answers to each prompt. */
    static Found of(List<Published> pairs) {
        Map<String, List<Published>> byPrompt = new TreeMap<>();
        for (Published pair : pairs) {
            byPrompt.computeIfAbsent(pair.group() + "/" + pair.history(), p -> new ArrayList<>())
                    .add(pair);
        }
        List<Ranking> rankings = new ArrayList<>();
        int few = 0;
        int circles = 0;
        for (List<Published> some : byPrompt.values()) {
            Map<String, Set<String>> beats = new TreeMap<>();
            Map<String, int[]> counts = new HashMap<>();
            for (Published pair : some) {
                beats.computeIfAbsent(pair.chosen(), a -> new HashSet<>()).add(pair.rejected());
                beats.computeIfAbsent(pair.rejected(), a -> new HashSet<>());
                counts.computeIfAbsent(pair.chosen(), a -> new int[2])[0]++;
                counts.computeIfAbsent(pair.rejected(), a -> new int[2])[1]++;
            }
            if (beats.size() < 3) {
                few++;
                continue;
            }
            Map<String, Integer> ranks = ranks(beats);
            if (ranks.size() < beats.size()) {
                circles++;
                continue;
            }
            List<Answer> answers = new ArrayList<>();
            ranks.forEach((text, rank) -> {
                int[] count = counts.getOrDefault(text, new int[2]);
                answers.add(new Answer(text, rank, count[0], count[1]));
            });
            answers.sort(Comparator.comparingInt(Answer::rank).thenComparing(Answer::text));
            Published one = some.getFirst();
            rankings.add(new Ranking(one.group(), one.history(), one.category(), one.split(), List.copyOf(answers)));
        }
        return new Found(rankings, few, circles);
    }

    /** The longest way down to each answer; answers of a circle and below it are missing. */
    private static Map<String, Integer> ranks(Map<String, Set<String>> beats) {
        Map<String, Integer> open = new TreeMap<>();
        beats.keySet().forEach(answer -> open.put(answer, 0));
        beats.values().forEach(worse -> worse.forEach(answer -> open.merge(answer, 1, Integer::sum)));
        Map<String, Integer> ranks = new TreeMap<>();
        List<String> level = open.entrySet().stream()
                .filter(e -> e.getValue() == 0)
                .map(Map.Entry::getKey)
                .toList();
        for (int rank = 0; !level.isEmpty(); rank++) {
            List<String> next = new ArrayList<>();
            for (String answer : level) {
                ranks.put(answer, rank);
                for (String worse : beats.getOrDefault(answer, Set.of())) {
                    if (open.merge(worse, -1, Integer::sum) == 0) {
                        next.add(worse);
                    }
                }
            }
            level = next;
        }
        return ranks;
    }
}
