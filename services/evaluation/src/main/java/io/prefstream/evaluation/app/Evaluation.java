package io.prefstream.evaluation.app;

import io.prefstream.core.benchmark.Outcome;
import io.prefstream.core.benchmark.ScoredItem;
import io.prefstream.evaluation.domain.Format;
import io.prefstream.evaluation.domain.Item;
import io.prefstream.evaluation.domain.Loaded;
import io.prefstream.evaluation.domain.RecordedRows.Recorded;
import io.prefstream.evaluation.domain.Refusal;
import io.prefstream.evaluation.domain.Standing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** From the items of a benchmark and scores, new or recorded, to how a model stands on it. */
public final class Evaluation {

    private Evaluation() {}

    /**
     * Items that are still to be scored.
     *
     * @param kept scores of an earlier run of the same model by item; one whose texts are the same is not computed again
     */
    public static List<Item> open(Loaded loaded, Map<String, Recorded> kept) {
        return loaded.items().stream()
                .filter(item -> !done(item, kept.get(item.name())))
                .toList();
    }

    private static boolean done(Item item, @Nullable Recorded earlier) {
        return earlier != null
                && item.textSha256().equals(earlier.text())
                && Arrays.stream(earlier.scores()).allMatch(Double::isFinite);
    }

    /**
     * Scores the items that are {@link #open} with a model.
     *
     * @param sink given the items that were scored now, slice by slice
     */
    public static Standing byModel(Loaded loaded, Map<String, Recorded> kept, Scoring scoring, Scoring.Sink sink) {
        Map<String, double[]> scores = new HashMap<>();
        kept.forEach((name, row) -> scores.put(name, row.scores()));
        scoring.run(loaded.format().benchmark().id(), open(loaded, kept), (items, fresh) -> {
            for (int i = 0; i < items.size(); i++) {
                scores.put(items.get(i).name(), fresh.get(i));
            }
            sink.take(items, fresh);
        });
        return standing(loaded, scores, loaded.refused(), 0);
    }

    /**
     * Takes recorded scores of the items.
     *
     * @param unread rows of recorded scores that could not be read; what they were of can't be told
     */
    public static Standing byRecord(Loaded loaded, Map<String, Recorded> recorded, int unread) {
        Map<String, double[]> scores = new HashMap<>();
        List<Refusal> refused = new ArrayList<>(loaded.refused());
        Set<String> names = new HashSet<>();
        for (Item item : loaded.items()) {
            names.add(item.name());
            Recorded row = recorded.get(item.name());
            if (row != null && row.scores().length == item.answers().size()) {
                scores.put(item.name(), row.scores());
            } else if (row != null) {
                refused.add(refusal(
                        row,
                        "has " + row.scores().length + " scores, and the item "
                                + item.answers().size() + " answers"));
            }
        }
        recorded.values().stream()
                .filter(row -> !names.contains(row.name()))
                .forEach(row -> refused.add(refusal(row, "is not among the items in the files of --data")));
        return standing(loaded, scores, refused, unread);
    }

    private static Refusal refusal(Recorded row, String reason) {
        return new Refusal("scores of " + row.benchmark(), 0, "item", row.name() + " " + reason);
    }

    private static Standing standing(Loaded loaded, Map<String, double[]> scores, List<Refusal> refused, int unread) {
        List<ScoredItem> items = new ArrayList<>();
        Map<String, String> texts = new TreeMap<>();
        for (Item item : loaded.items()) {
            double[] own = scores.get(item.name());
            if (own != null) {
                items.add(item.scored(own));
                texts.put(item.name(), item.textSha256());
            }
        }
        List<String> wants = new ArrayList<>();
        if (loaded.damaged()) {
            wants.add("the rest of a damaged file");
        }
        if (items.size() < loaded.items().size()) {
            wants.add("scores of " + (loaded.items().size() - items.size()) + " items");
        }
        return standing(loaded.format(), items, texts, refused, loaded, wants, unread);
    }

    /** Takes recorded scores that say themselves which answers are right. */
    public static Standing byRecordAlone(Format format, Map<String, Recorded> recorded, int unread) {
        List<ScoredItem> items = new ArrayList<>();
        Map<String, String> texts = new TreeMap<>();
        List<Refusal> refused = new ArrayList<>();
        for (Recorded row : recorded.values()) {
            ScoredItem item = row.item();
            if (item == null) {
                refused.add(
                        refusal(row, "does not say which answers are right; give the benchmark's files with --data"));
                continue;
            }
            items.add(item);
            String text = row.text();
            if (text != null) {
                texts.put(row.name(), text);
            }
        }
        return standing(format, items, texts, refused, null, List.of(), unread);
    }

    private static Standing standing(
            Format format,
            List<ScoredItem> items,
            Map<String, String> texts,
            List<Refusal> refused,
            @Nullable Loaded loaded,
            List<String> wants,
            int unread) {
        Outcome outcome = format.benchmark().outcome(items);
        List<String> missing = new ArrayList<>(outcome.missing());
        missing.addAll(wants);
        if (!refused.isEmpty()) {
            missing.add(refused.size() + " refused rows");
        }
        if (unread > 0) {
            missing.add(unread + " rows of scores that could not be read");
        }
        if (missing.isEmpty() && items.size() < format.ownersItems()) {
            missing.add((format.ownersItems() - items.size()) + " of the owner's " + format.ownersItems() + " items");
        }
        return new Standing(
                format,
                new Outcome(outcome.score(), missing, outcome.figures(), outcome.curves()),
                items,
                texts,
                refused,
                loaded == null ? 0 : loaded.leftOut(),
                items.stream().mapToLong(ScoredItem::failed).sum(),
                loaded == null ? Map.of() : loaded.files(),
                loaded == null ? List.of() : loaded.notes());
    }
}
