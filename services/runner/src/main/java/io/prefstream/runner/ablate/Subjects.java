package io.prefstream.runner.ablate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prefstream.ablation.domain.Subject;
import io.prefstream.ablation.domain.Subject.Fate;
import io.prefstream.core.stats.Logistic;
import io.prefstream.kit.run.Installation;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.stage.Wire;
import io.prefstream.kit.topic.Topics;
import io.prefstream.trainer.client.Facts;
import io.prefstream.wire.Pair;
import io.prefstream.wire.PairFeatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The pairs of an installation as a comparison sees them, with what an export says became of them. */
public final class Subjects {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_PROMPTS = 64; // of more, a prompt is no topic but a pair or two
    private static final double SURE = 1e-6;

    private final Facts facts = new Facts();
    private final Map<String, Place> places = new HashMap<>();
    private final Set<String> prompts = new HashSet<>();

    private record Place(String promptGroup, double length) {}

    private Subjects() {}

    /** Reads pairs and features. */
    public static Subjects read(Installation installation, Wire wire) {
        Subjects all = new Subjects();
        try (TopicReader reader = new TopicReader(installation, wire, List.of(Topics.PAIR_FEATURES, Topics.PAIRS))) {
            reader.readToEnd((topic, key, value) -> {
                if (value instanceof PairFeatures features) {
                    all.facts.add(topic, key, features);
                } else if (value instanceof Pair pair) {
                    double length =
                            (pair.getChosen().length() + pair.getRejected().length()) / 2.0;
                    all.places.put(pair.getPairId(), new Place(pair.getPromptGroup(), length));
                    all.prompts.add(pair.getPromptGroup());
                }
            });
        }
        return all;
    }

    /** Features of every pair, by id. */
    SortedMap<String, Facts.Features> features() {
        return facts.features();
    }

    /** Prompt group of a pair; empty when it isn't here. */
    String promptGroup(String pairId) {
        Place place = places.get(pairId);
        return place == null ? "" : place.promptGroup();
    }

    /**
     * Every pair of an export from which a model can learn.
     *
     * @param verdicts the export's {@code verdicts.jsonl}
     * @param truth of a pair's row id whether its label is right; null where that is not known
     */
    public List<Subject> in(Path verdicts, Function<String, @Nullable Boolean> truth) throws IOException {
        List<Subject> subjects = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String line : Files.readAllLines(verdicts)) {
            JsonNode row = JSON.readTree(line);
            String id = row.path("pair_id").asText();
            Facts.Features features = facts.features().get(id);
            Place place = places.get(id);
            String verdict = row.path("verdict").asText();
            if (features == null
                    || place == null
                    || features.sameFeatures()
                    || verdict.equals("rejected_input")
                    || !seen.add(id)) {
                continue;
            }
            boolean human = row.path("rule").asText().equals("human");
            Fate fate = verdict.equals("keep") ? Fate.KEPT : verdict.equals("flip") ? Fate.FLIPPED : Fate.DROPPED;
            double best = row.path("p_best").isNumber() ? row.path("p_best").asDouble() : 0.5;
            subjects.add(new Subject(
                    id,
                    features.category() + (prompts.size() > MOST_PROMPTS ? "" : "/" + place.promptGroup()),
                    features.category(),
                    features.diff(),
                    place.length(),
                    Logistic.logit(Math.clamp(best, SURE, 1 - SURE)),
                    fate,
                    human ? (Boolean) (fate == Fate.KEPT) : null,
                    truth.apply(row.path("source_id").asText())));
        }
        return subjects;
    }
}
