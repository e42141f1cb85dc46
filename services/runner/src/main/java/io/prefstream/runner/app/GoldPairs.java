package io.prefstream.runner.app;

import io.prefstream.core.pair.Message;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.topic.Topics;
import io.prefstream.models.reward.AnswerScorer;
import io.prefstream.models.reward.UnscorableText;
import io.prefstream.runner.domain.GoldStanding;
import io.prefstream.wire.Contamination;
import io.prefstream.wire.Label;
import io.prefstream.wire.LabelKind;
import io.prefstream.wire.LabelOutcome;
import io.prefstream.wire.Pair;
import io.prefstream.wire.PairFeatures;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The pairs of a folder that people have decided, as far as trainings count them: without those that share text with a
 * benchmark.
 */
public final class GoldPairs {

    private static final int AT_ONCE = 64;

    private final OpenFolder folder;
    private final TreeMap<String, Label> labels = new TreeMap<>();
    private final TreeMap<String, List<List<Message>>> answers = new TreeMap<>();

    /** Reads the pairs of a folder. */
    public GoldPairs(OpenFolder folder) {
        this.folder = folder;
        try (TopicReader reader = new TopicReader(folder.installation(), folder.wire(), List.of(Topics.LABELS))) {
            reader.readToEnd((topic, key, value) -> {
                if (value instanceof Label label && label.getKind() == LabelKind.GOLD) {
                    labels.merge(label.getPairId(), label, (a, b) -> a.getRevision() >= b.getRevision() ? a : b);
                }
            });
        }
        labels.values()
                .removeIf(label ->
                        label.getOutcome() != LabelOutcome.CHOSEN && label.getOutcome() != LabelOutcome.REJECTED);
        try (TopicReader reader =
                new TopicReader(folder.installation(), folder.wire(), List.of(Topics.PAIRS, Topics.CONTAMINATIONS))) {
            reader.readToEnd((topic, key, value) -> {
                if (value instanceof Contamination contamination) {
                    labels.remove(contamination.getPairId());
                } else if (value instanceof Pair pair && labels.containsKey(pair.getPairId())) {
                    answers.put(
                            pair.getPairId(),
                            List.of(conversation(pair, pair.getChosen()), conversation(pair, pair.getRejected())));
                }
            });
        }
        labels.keySet().retainAll(answers.keySet());
        answers.keySet().retainAll(labels.keySet());
    }

    private static List<Message> conversation(Pair pair, String answer) {
        List<Message> messages = new ArrayList<>();
        pair.getHistory().forEach(turn -> messages.add(new Message(turn.getRole(), turn.getContent())));
        messages.add(new Message("assistant", answer));
        return messages;
    }

    /** Number of pairs. */
    public int size() {
        return labels.size();
    }

    /**
     * Whether a model ranks each pair right, by pair id; a pair whose answers it cannot score, and one to whose answers it gives
     * one score, is not ranked right.
     */
    public Map<String, Boolean> right(AnswerScorer model) {
        Map<String, Boolean> right = new TreeMap<>();
        labels.keySet().forEach(pair -> right.put(pair, false));
        List<String> pairs = new ArrayList<>(labels.keySet());
        for (int from = 0; from < pairs.size(); from += AT_ONCE) {
            score(model, new ArrayList<>(pairs.subList(from, Math.min(pairs.size(), from + AT_ONCE))), right);
        }
        return right;
    }

    private void score(AnswerScorer model, List<String> pairs, Map<String, Boolean> right) {
        while (!pairs.isEmpty()) {
            try {
                double[] scores = model.score(
                        pairs.stream().flatMap(pair -> answers(pair).stream()).toList());
                for (int i = 0; i < pairs.size(); i++) {
                    double margin = scores[2 * i] - scores[2 * i + 1];
                    right.put(pairs.get(i), margin != 0 && margin > 0 == chosenIsRight(pairs.get(i)));
                }
                return;
            } catch (UnscorableText e) {
                pairs.remove(e.place() / 2);
            }
        }
    }

    private List<List<Message>> answers(String pair) {
        return answers.getOrDefault(pair, List.of());
    }

    private boolean chosenIsRight(String pair) {
        Label label = labels.get(pair);
        return label != null && label.getOutcome() == LabelOutcome.CHOSEN;
    }

    /** How a model stands that ranks these pairs so. */
    public static GoldStanding standing(Map<String, Boolean> right) {
        return new GoldStanding((int) right.values().stream().filter(one -> one).count(), right.size());
    }

    /** The pairs whose answers look alike to built-in models, which their trainings therefore leave out. */
    public Set<String> alikeToBuiltIns() {
        Set<String> alike = new HashSet<>();
        try (TopicReader reader =
                new TopicReader(folder.installation(), folder.wire(), List.of(Topics.PAIR_FEATURES))) {
            reader.readToEnd((topic, key, value) -> {
                if (value instanceof PairFeatures features && labels.containsKey(features.getPairId())) {
                    changed(alike, features.getPairId(), features.getSameFeatures());
                }
            });
        }
        return alike;
    }

    private static void changed(Collection<String> alike, String pair, boolean same) {
        if (same) {
            alike.add(pair);
        } else {
            alike.remove(pair);
        }
    }
}
