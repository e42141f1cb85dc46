package io.prefstream.runner.ablate;

import io.prefstream.core.stats.Hashes;
import io.prefstream.kit.run.Installation;
import io.prefstream.kit.stage.Wire;
import io.prefstream.kit.topic.Topics;
import io.prefstream.wire.Label;
import io.prefstream.wire.LabelKind;
import io.prefstream.wire.LabelOutcome;
import io.prefstream.wire.Pair;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Human-labelled pairs that no variant sees, to test reward models on.
 *
 * @param groups prompts that are held out whole, so that no pair of theirs trains a model
 * @param right by id of a held-out labelled pair whether people call its label right
 */
record HoldOut(Set<String> groups, Map<String, Boolean> right) {

    /** Nothing is held out. */
    static final HoldOut NONE = new HoldOut(Set.of(), Map.of());

    /**
     * Draws prompts that people have judged, by hash.
     *
     * @param share share of those prompts, 0..1
     */
    static HoldOut draw(Installation base, Wire wire, Cut cut, double share) {
        if (share == 0) {
            return NONE;
        }
        Map<String, Label> gold = new HashMap<>();
        cut.read(base, Topics.LABELS, record -> {
            Label label = wire.topicSerde(record.topic(), Label.class)
                    .deserializer()
                    .deserialize(record.topic(), record.value());
            if (label != null && label.getKind() == LabelKind.GOLD) {
                gold.merge(label.getPairId(), label, (a, b) -> a.getRevision() >= b.getRevision() ? a : b);
            }
        });
        Set<String> groups = new HashSet<>();
        Map<String, Boolean> right = new TreeMap<>();
        cut.read(base, Topics.PAIRS, record -> {
            Pair pair = wire.topicSerde(record.topic(), Pair.class)
                    .deserializer()
                    .deserialize(record.topic(), record.value());
            Label label = pair == null ? null : gold.get(pair.getPairId());
            if (label == null
                    || (label.getOutcome() != LabelOutcome.CHOSEN && label.getOutcome() != LabelOutcome.REJECTED)) {
                return;
            }
            if ((Hashes.of(0, "hold-out", pair.getPromptGroup()) >>> 11) * 0x1p-53 < share) {
                groups.add(pair.getPromptGroup());
                right.put(pair.getPairId(), label.getOutcome() == LabelOutcome.CHOSEN);
            }
        });
        return new HoldOut(groups, right);
    }
}
