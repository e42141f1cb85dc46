package io.prefstream.attributetagger.domain;

import io.prefstream.core.pair.AttributeLimits;
import io.prefstream.core.pair.TaskCategory;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Makes one description of several generators'. Category and objectivity go by majority, controversiality by the middle one
 * (of two middle ones the higher, since a dispute that one sees is there), and where votes are even the earlier generator
 * decides. Desired attributes are those that most name. The guideline is that of the generator nearest to the rest, since
 * sentences can't be averaged. Stateless.
 */
public final class TagMerge {

    private static final int MOST_PHRASES = 6;

    private TagMerge() {}

    /**
     * The description that stands for all.
     *
     * @param all one a generator, in the order of the settings; one or more
     */
    public static Attributes of(List<Attributes> all) {
        TaskCategory category = majority(all, Attributes::category);
        boolean objective = majority(all, Attributes::objective);
        Attributes.Dispute dispute =
                all.stream().map(Attributes::dispute).sorted().toList().get(all.size() / 2);
        Attributes nearest = all.stream()
                .max(Comparator.comparingInt(a -> (a.category() == category ? 4 : 0)
                        + (a.objective() == objective ? 2 : 0)
                        + (a.dispute() == dispute ? 1 : 0)))
                .orElseThrow();
        return new Attributes(category, objective, dispute, desired(all), nearest.guideline());
    }

    private static <T> T majority(List<Attributes> all, Function<Attributes, T> part) {
        Map<T, Integer> votes = new LinkedHashMap<>();
        all.forEach(a -> votes.merge(part.apply(a), 1, Integer::sum));
        return first(votes);
    }

    /** The key with most votes, of several the first. */
    private static <T> T first(Map<T, Integer> votes) {
        return votes.entrySet().stream()
                .sorted(Map.Entry.<T, Integer>comparingByValue().reversed())
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    private static String desired(List<Attributes> all) {
        Map<String, Integer> votes = new LinkedHashMap<>();
        Map<String, String> spelled = new LinkedHashMap<>();
        for (Attributes one : all) {
            Stream.of(one.desired().split(",", -1))
                    .map(String::strip)
                    .filter(phrase -> !phrase.isEmpty())
                    .peek(phrase -> spelled.putIfAbsent(phrase.toLowerCase(Locale.ROOT), phrase))
                    .map(phrase -> phrase.toLowerCase(Locale.ROOT))
                    .distinct()
                    .forEach(phrase -> votes.merge(phrase, 1, Integer::sum));
        }
        StringBuilder text = new StringBuilder();
        votes.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(MOST_PHRASES)
                .map(vote -> spelled.getOrDefault(vote.getKey(), vote.getKey()))
                .forEach(phrase -> {
                    int length = text.length() + phrase.length() + 2;
                    if (length <= AttributeLimits.DESIRED) {
                        text.append(text.isEmpty() ? "" : ", ").append(phrase);
                    }
                });
        return text.isEmpty() ? all.getFirst().desired() : text.toString();
    }
}
