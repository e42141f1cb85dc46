package io.prefstream.export.view;

import io.prefstream.core.pair.Message;
import io.prefstream.export.domain.Outcome;
import io.prefstream.wire.CuratedPair;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a run publishes, by pair id. */
public final class Release {

    private Release() {}

    /**
     * Pairs of a release.
     *
     * @param recycled whether pairs whose label the models turned round are in it
     * @param categories task category by pair id as the pair came
     */
    public static List<Published> of(Outcome outcome, boolean recycled, Map<String, String> categories) {
        Set<String> validation = outcome.validation();
        Map<String, String> files = new HashMap<>();
        outcome.rows().forEach(row -> files.put(row.pairId(), row.file()));
        List<Published> all = new ArrayList<>();
        outcome.curated().forEach(pair -> all.add(published(pair, validation, files, categories)));
        if (recycled) {
            outcome.recycled().forEach(pair -> all.add(published(pair, validation, files, categories)));
        }
        all.sort(Comparator.comparing(Published::pairId));
        return all;
    }

    private static Published published(
            CuratedPair pair, Set<String> validation, Map<String, String> files, Map<String, String> categories) {
        return new Published(
                pair.getPairId(),
                pair.getSourcePairId(),
                pair.getSourceId(),
                files.getOrDefault(pair.getSourcePairId(), ""),
                pair.getPromptGroup(),
                validation.contains(pair.getPromptGroup()) ? "validation" : "train",
                categories.getOrDefault(pair.getSourcePairId(), ""),
                pair.getHistory().stream()
                        .map(m -> new Message(m.getRole(), m.getContent()))
                        .toList(),
                pair.getChosen(),
                pair.getRejected(),
                pair.getLabelSource(),
                pair.getRule(),
                pair.getMargin(),
                Published.Cut.NONE);
    }
}
