package io.prefstream.trainer.round;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.wire.AuditedFlip;
import io.prefstream.wire.HumanTask;
import io.prefstream.wire.LabelOutcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FlipAuditsTest {

    private static final Map<String, String> SETTINGS = Map.of("rounds", "1", "to-label", "40");

    private final SmallWorld world = new SmallWorld(1);

    @BeforeEach
    void halfOfTheLabelsAreWrong() {
        world.pairs(900, 0.5, 3);
        world.label(300);
        world.run(1, SETTINGS);
    }

    @Test
    void hasPeopleJudgeTwentyProposedFlipsWithoutSayingWhich() {
        assertThat(world.told(1)).containsEntry("gate/flip", "open");
        List<AuditedFlip> drawn = world.all(AuditedFlip.class);
        List<HumanTask> tasks = world.all(HumanTask.class);

        assertThat(drawn).hasSize(20).allSatisfy(flip -> {
            assertThat(flip.getRule()).endsWith("-against");
            assertThat(flip.getPRight()).isLessThanOrEqualTo(0.1);
            assertThat(flip.getPGold()).isBetween(0.0, 1.0);
            assertThat(flip.getRun()).isEqualTo(1);
        });
        assertThat(tasks)
                .filteredOn(HumanTask::getFlipAudit)
                .extracting(HumanTask::getPairId)
                .containsExactlyInAnyOrderElementsOf(
                        drawn.stream().map(AuditedFlip::getPairId).toList());
        assertThat(tasks).hasSizeBetween(40, 60);
        assertThat(world.told(1).get("answer/flips/3 audited next")).startsWith("20 of ");
        assertThat(world.told(1)).doesNotContainKey("flips-off/");
    }

    @Test
    void switchesFlipsOffWhenPeopleRefuteThemAndForEverCountsWhatTheyRefuted() {
        List<AuditedFlip> drawn = world.all(AuditedFlip.class);
        for (int i = 0; i < 20; i++) {
            world.label(drawn.get(i).getPairId(), i < 8 ? LabelOutcome.CHOSEN : LabelOutcome.REJECTED);
        }

        world.run(2, SETTINGS);

        Map<String, String> told = world.told(2);
        assertThat(told.get("flip-audit/0 all"))
                .startsWith("flip=20 flip_right=12 ")
                .endsWith(" state=off");
        assertThat(told.get("flips-off/")).contains("12 of 20 audited flips, 60.0 %");
        assertThat(told.get("answer/flips/1 confirmed by people")).contains("12 of 20");
        assertThat(told.get("answer/flips/2 switched off")).startsWith("all (12 of 20");
        // What is off is drawn further, and what was refuted is not forgotten: eight of forty are still too many.
        List<AuditedFlip> more = world.all(AuditedFlip.class).stream()
                .filter(flip -> flip.getRun() == 2)
                .toList();
        assertThat(more).isNotEmpty();
        more.forEach(flip -> world.label(flip.getPairId(), LabelOutcome.REJECTED));
        world.run(3, SETTINGS);
        assertThat(world.told(3).get("flip-audit/0 all"))
                .startsWith("flip=" + (20 + more.size()) + " flip_right=" + (12 + more.size()) + " ")
                .endsWith(" state=off");
    }

    @Test
    void labelsOfDrawnFlipsDoNotLowerTheRateThatKeepHasToBeat() {
        String rate = world.told(1).get("gate/labels/right");
        world.all(AuditedFlip.class).forEach(flip -> world.label(flip.getPairId(), LabelOutcome.REJECTED));

        world.run(2, SETTINGS);

        assertThat(world.told(2)).containsEntry("gate/labels", "300").containsEntry("gate/labels/right", rate);
        assertThat(world.told(2).get("flip-audit/0 all"))
                .startsWith("flip=20 flip_right=20 ")
                .endsWith(" state=on");
    }

    @Test
    void asksNobodyWhereNoAuditIsWanted() {
        SmallWorld other = new SmallWorld(1);
        other.pairs(900, 0.5, 3);
        other.label(300);

        other.run(1, Map.of("rounds", "1", "to-label", "40", "flip.audit", "0"));

        assertThat(other.all(AuditedFlip.class)).isEmpty();
        assertThat(other.all(HumanTask.class)).hasSize(40).noneMatch(HumanTask::getFlipAudit);
    }
}
