package io.prefstream.runner.app;

import io.prefstream.core.verdict.GoldState;
import io.prefstream.rewardscorer.client.Checkpoints;
import io.prefstream.runner.domain.CheckpointHistory;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointRole;
import io.prefstream.wire.Round;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Announced models that read text and wait for a run in which they compete. Made of the topics checkpoints and rounds. */
final class WaitingModels {

    private static final String TAKEN = "outside"; // the trainer tells which it has taken into a run
    private static final String GOLD = "gold/state";

    private final Set<String> announced = new TreeSet<>();
    private final Set<String> taken = new TreeSet<>();
    private final Map<CheckpointRole, Checkpoint> serving = new EnumMap<>(CheckpointRole.class);
    private int run;
    private boolean hasGold;

    /** Takes in a record, whatever it is. */
    void take(Object value) {
        if (value instanceof Checkpoint checkpoint && CheckpointHistory.SERVING.contains(checkpoint.getRole())) {
            serving.put(checkpoint.getRole(), checkpoint);
        }
        if (value instanceof Checkpoint checkpoint && checkpoint.getKind().equals(Checkpoints.TEXT)) {
            announced.add(checkpoint.getCheckpointId());
        } else if (value instanceof Round round && round.getRun() >= run) {
            if (round.getRun() > run) {
                run = round.getRun();
                taken.clear();
                hasGold = false;
            }
            taken.addAll(List.of(round.getSettings().getOrDefault(TAKEN, "").split(",", -1)));
            hasGold |= round.getSettings().getOrDefault(GOLD, "").equals(GoldState.READY.name());
        }
    }

    /** How many the last run has not taken; none without gold, on which they would have to compete. */
    long count() {
        return announced.stream().filter(this::waits).count();
    }

    /** Whether one of them serves because a person promoted it or rolled back to it. */
    boolean promoted() {
        return serving.values().stream()
                .anyMatch(checkpoint -> checkpoint.getProvenance().getStage().equals(CheckpointHistory.OPERATOR)
                        && announced.contains(checkpoint.getCheckpointId())
                        && waits(checkpoint.getCheckpointId()));
    }

    private boolean waits(String id) {
        return hasGold && !taken.contains(id);
    }
}
