package io.prefstream.runner.app;

import io.prefstream.kit.config.UserError;
import io.prefstream.models.reward.AnswerScorer;
import io.prefstream.models.reward.DjlRewardModel;
import io.prefstream.rewardscorer.client.Checkpoints;
import io.prefstream.runner.domain.CheckpointHistory;
import io.prefstream.runner.domain.GoldStanding;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointRole;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Has a checkpoint prove itself on a folder's human labels before it serves.
 *
 * <p>Models of text score every gold pair now, which they have not been trained on as far as the folder knows. Built-in heads have
 * seen most of it, so for them the figures count that their training left, out of fold; they compare only where the same labels
 * are meant.
 */
public final class GoldTrial {

    private static final int SHOWN_DIGITS = 12;

    private final ControlTopic topic;
    private final FetchedModels models;
    private final GoldPairs gold;
    private final Consumer<String> say;

    /** A trial on the labels of a folder, whose course {@code say} is told. */
    public GoldTrial(OpenFolder folder, ControlTopic topic, FetchedModels models, Consumer<String> say) {
        this.topic = topic;
        this.models = models;
        this.gold = new GoldPairs(folder);
        this.say = say;
    }

    /**
     * Scores a model of text, and compares it with the one that serves in the role, if any serves in such a role.
     *
     * @param force let it pass whatever comes out
     * @return its figures, for the announcement; empty when there is no gold
     * @throws UserError when it ranks a smaller share of gold right, or that cannot be told
     */
    public Map<String, Double> ofText(AnswerScorer model, CheckpointRole role, boolean force) {
        Map<String, Boolean> right = gold.right(model);
        GoldStanding standing = GoldPairs.standing(right);
        say.accept(digits(model.id()) + " on gold: " + standing);
        Checkpoint holder = holder(model.id(), role);
        if (holder != null) {
            judge(model.id(), against(holder, right), holder, role, force);
        }
        return gold.size() == 0 ? Map.of() : standing.metrics();
    }

    /**
     * Compares a built-in head with the one that serves in the role by their figures on record.
     *
     * @throws UserError when it ranked a smaller share of gold right, or that cannot be told
     */
    public void ofBuiltIn(Checkpoint checkpoint, CheckpointRole role, boolean force) {
        Checkpoint holder = holder(checkpoint.getCheckpointId(), role);
        if (holder == null) {
            return;
        }
        Optional<GoldStanding> found = GoldStanding.recorded(checkpoint, topic.trainings());
        found.ifPresent(
                standing -> say.accept(digits(checkpoint.getCheckpointId()) + " on gold, on record: " + standing));
        Optional<GoldStanding> other = GoldStanding.recorded(holder, topic.trainings());
        other.ifPresent(standing -> say.accept(serving(holder, role) + " on gold, on record: " + standing));
        Outcome outcome = found.isEmpty() || other.isEmpty()
                ? new Outcome(null, null, "one of them has no figures on record")
                : alikeCounted(found.get(), other.get());
        judge(checkpoint.getCheckpointId(), outcome, holder, role, force);
    }

    /** How two models stand on the same labels, or why that cannot be told. */
    private record Outcome(
            @Nullable GoldStanding found, @Nullable GoldStanding other, String why) {}

    private static Outcome alikeCounted(GoldStanding found, GoldStanding other) {
        return found.decided() == other.decided() && found.decided() > 0
                ? new Outcome(found, other, "")
                : new Outcome(
                        null,
                        null,
                        "one was counted on " + found.decided() + " labels and the other on " + other.decided());
    }

    private @Nullable Checkpoint holder(String id, CheckpointRole role) {
        return !CheckpointHistory.SERVING.contains(role)
                ? null
                : topic.history()
                        .serving(role)
                        .filter(serving -> !serving.getCheckpointId().equals(id))
                        .orElse(null);
    }

    private Outcome against(Checkpoint holder, Map<String, Boolean> right) {
        if (gold.size() == 0) {
            return new Outcome(null, null, "the folder has no decided human label");
        }
        if (holder.getKind().equals(Checkpoints.TEXT)) {
            Map<String, Boolean> others;
            try (DjlRewardModel other = models.open(models.announced(holder))) {
                others = gold.right(other);
            } catch (UserError e) {
                return new Outcome(null, null, "the one that serves cannot be loaded (" + e.getMessage() + ")");
            }
            GoldStanding standing = GoldPairs.standing(others);
            say.accept(serving(holder, holder.getRole()) + " on gold: " + standing);
            say.accept(paired(right, others));
            return new Outcome(GoldPairs.standing(right), standing, "");
        }
        GoldStanding recorded = GoldStanding.recorded(holder, topic.trainings()).orElse(null);
        if (recorded == null) {
            return new Outcome(null, null, "the one that serves has no figures on record");
        }
        say.accept(serving(holder, holder.getRole()) + " on gold, out of fold, on record: " + recorded);
        Map<String, Boolean> same = new TreeMap<>(right);
        if (same.size() != recorded.decided()) {
            same.keySet().removeAll(gold.alikeToBuiltIns());
        }
        return alikeCounted(GoldPairs.standing(same), recorded);
    }

    /** On how many labels two models are right, both or one of them alone. */
    static String paired(Map<String, Boolean> right, Map<String, Boolean> others) {
        int[] counts = new int[4];
        right.forEach((pair, one) -> counts[(one ? 0 : 2) + (others.getOrDefault(pair, false) ? 0 : 1)]++);
        return "Label by label: both right " + counts[0] + ", only the new one " + counts[1]
                + ", only the one that serves " + counts[2] + ", neither " + counts[3];
    }

    private void judge(String id, Outcome outcome, Checkpoint holder, CheckpointRole role, boolean force) {
        GoldStanding found = outcome.found();
        GoldStanding other = outcome.other();
        String against = digits(id) + " does not take over from " + serving(holder, role) + ": ";
        String why;
        if (found == null || other == null) {
            why = "they cannot be compared on the same labels, since " + outcome.why();
        } else if (found.isBelow(other)) {
            why = "it ranks " + found.correct() + " of " + found.decided() + " labels right, the other "
                    + other.correct() + " of " + other.decided();
        } else {
            return;
        }
        if (!force) {
            throw new UserError(against + why + ". Give --force to promote it all the same");
        }
        say.accept("Promoted by force, though " + why);
    }

    private static String serving(Checkpoint holder, CheckpointRole role) {
        return digits(holder.getCheckpointId()) + ", which serves as " + ControlTopic.word(role) + ",";
    }

    private static String digits(String id) {
        return id.substring(0, Math.min(SHOWN_DIGITS, id.length()));
    }
}
