package io.prefstream.runner.domain;

import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointRole;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What was announced on the control topic, in its order. The last announcement of a role serves.
 *
 * <p>The topic keeps the last record of each checkpoint for ever, and earlier ones until it is compacted. An operator's
 * announcement therefore names in its provenance the checkpoint from which it took the role.
 */
public final class CheckpointHistory {

    /** Stage that stands in the provenance of what a person announced. */
    public static final String OPERATOR = "operator";

    /** Roles in which a checkpoint serves. */
    public static final List<CheckpointRole> SERVING = List.of(CheckpointRole.BEST, CheckpointRole.GOLD);

    private final List<Checkpoint> announced;
    private final Map<String, Checkpoint> latest = new LinkedHashMap<>();

    /** A history of these announcements, the oldest first. */
    public CheckpointHistory(List<Checkpoint> announced) {
        this.announced = List.copyOf(announced);
        for (Checkpoint checkpoint : announced) {
            latest.remove(checkpoint.getCheckpointId());
            latest.put(checkpoint.getCheckpointId(), checkpoint);
        }
    }

    /** The last announcement of each checkpoint, in their order. */
    public Collection<Checkpoint> latest() {
        return latest.values();
    }

    /** The last announcement of a checkpoint. */
    public Optional<Checkpoint> find(String id) {
        return Optional.ofNullable(latest.get(id));
    }

    /** Checkpoints whose id begins so. */
    public List<Checkpoint> beginning(String digits) {
        return latest.values().stream()
                .filter(checkpoint -> checkpoint.getCheckpointId().startsWith(digits))
                .toList();
    }

    /** The checkpoint that serves in a role; empty when none was announced in it. */
    public Optional<Checkpoint> serving(CheckpointRole role) {
        return inRole(role).stream().reduce((before, after) -> after);
    }

    /** Roles in which a checkpoint serves now. */
    public Set<CheckpointRole> roles(String id) {
        Set<CheckpointRole> roles = new TreeSet<>();
        for (CheckpointRole role : SERVING) {
            serving(role)
                    .filter(checkpoint -> checkpoint.getCheckpointId().equals(id))
                    .ifPresent(checkpoint -> roles.add(role));
        }
        return roles;
    }

    /** Whether a checkpoint served in a role before, as far as the topic still tells. */
    public boolean servedBefore(String id, CheckpointRole role) {
        return !roles(id).contains(role)
                && inRole(role).stream()
                        .anyMatch(checkpoint -> checkpoint.getCheckpointId().equals(id)
                                || tookOverFrom(checkpoint).filter(id::equals).isPresent());
    }

    /**
     * The checkpoint that served in a role before the one that serves now: that from which an operator took the role, or else the
     * last other one that was announced in it. Empty when the topic tells of none.
     */
    public Optional<Checkpoint> before(CheckpointRole role) {
        Checkpoint now = serving(role).orElse(null);
        if (now == null) {
            return Optional.empty();
        }
        return tookOverFrom(now)
                .flatMap(this::find)
                .or(() -> inRole(role).stream()
                        .filter(checkpoint -> !checkpoint.getCheckpointId().equals(now.getCheckpointId()))
                        .reduce((before, after) -> after)
                        .flatMap(checkpoint -> find(checkpoint.getCheckpointId())));
    }

    private List<Checkpoint> inRole(CheckpointRole role) {
        List<Checkpoint> found = new ArrayList<>();
        for (Checkpoint checkpoint : announced) {
            if (checkpoint.getRole() == role) {
                found.add(checkpoint);
            }
        }
        return found;
    }

    private static Optional<String> tookOverFrom(Checkpoint checkpoint) {
        return checkpoint.getProvenance().getStage().equals(OPERATOR)
                ? checkpoint.getProvenance().getInputs().stream().findFirst()
                : Optional.empty();
    }
}
