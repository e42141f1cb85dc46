package io.prefstream.core.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.prefstream.core.agreement.AgreementBoard.Cast;
import io.prefstream.core.agreement.AnnotatorModel.Ballot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RaterModelsTest {

    private static final int RIGHT = Choice.CHOSEN.index();
    private static final int WRONG = Choice.REJECTED.index();

    private final List<Cast> casts = new ArrayList<>();

    @Test
    void leavesALoneVoteInForceThoughItIsUnusual() {
        for (int i = 0; i < 200; i++) {
            say("p" + i, "ann", RaterKind.HUMAN, i % 20 == 0 ? Choice.REJECTED : Choice.CHOSEN);
        }
        AnnotatorModel people = RaterModels.fit(casts).people();

        assertThat(RaterModels.fuse(people, List.of(new Ballot("ann", WRONG)), "")
                        .decided())
                .isEqualTo(Choice.REJECTED);
        assertThat(RaterModels.fuse(people, List.of(new Ballot("somebody new", WRONG)), "")
                        .decided())
                .isEqualTo(Choice.REJECTED);
        assertThat(RaterModels.fuse(people, List.of(), "").decided()).isNull();
    }

    @Test
    void believesOneKeenPersonOverTwoWhoGuess() {
        Random random = new Random(17);
        for (int i = 0; i < 400; i++) {
            Choice truth = i % 2 == 0 ? Choice.CHOSEN : Choice.REJECTED;
            say("p" + i, "keen", RaterKind.HUMAN, truth);
            say("p" + i, "sure", RaterKind.HUMAN, truth);
            say("p" + i, "guess", RaterKind.HUMAN, random.nextBoolean() ? Choice.CHOSEN : Choice.REJECTED);
            say("p" + i, "toss", RaterKind.HUMAN, random.nextBoolean() ? Choice.CHOSEN : Choice.REJECTED);
        }
        AnnotatorModel people = RaterModels.fit(casts).people();
        var fused = RaterModels.fuse(
                people, List.of(new Ballot("keen", RIGHT), new Ballot("guess", WRONG), new Ballot("toss", WRONG)), "");

        assertThat(fused.decided()).isEqualTo(Choice.CHOSEN);
        assertThat(fused.pRight()).isGreaterThan(0.9);
    }

    @Test
    void measuresJudgesByPeopleAndPeopleNeverByJudges() {
        for (int i = 0; i < 60; i++) {
            Choice truth = i % 2 == 0 ? Choice.CHOSEN : Choice.REJECTED;
            Choice contrary = i % 2 == 0 ? Choice.REJECTED : Choice.CHOSEN;
            say("p" + i, "ann", RaterKind.HUMAN, truth);
            say("p" + i, "llm-1", RaterKind.JUDGE, contrary);
            say("p" + i, "llm-2", RaterKind.JUDGE, contrary);
        }
        RaterModels models = RaterModels.fit(casts);

        assertThat(RaterModels.fuse(models.people(), List.of(new Ballot("ann", RIGHT)), "")
                        .decided())
                .isEqualTo(Choice.CHOSEN);
        assertThat(RaterModels.fuse(models.judges(), List.of(new Ballot("llm-1", WRONG)), "")
                        .decided())
                .isEqualTo(Choice.CHOSEN);
    }

    @Test
    void isToldInSettingsToTheBit() {
        Random random = new Random(19);
        for (int i = 0; i < 100; i++) {
            say("p" + i, "llm 1", RaterKind.JUDGE, Choice.at(random.nextInt(3)));
            say("p" + i, "llm/2", RaterKind.JUDGE, Choice.at(random.nextInt(3)));
        }
        AnnotatorModel judges = RaterModels.fit(casts).judges();
        Map<String, String> told = judges.tell(RaterModels.JUDGE_SETTING);
        AnnotatorModel heard = AnnotatorModel.told(told, RaterModels.JUDGE_SETTING, Choice.CLASSES);
        List<Ballot> ballots = List.of(new Ballot("llm 1", RIGHT), new Ballot("llm/2", WRONG));

        assertThat(RaterModels.fuse(heard, ballots, "").pRight())
                .isEqualTo(RaterModels.fuse(judges, ballots, "").pRight());
    }

    @Test
    void learnsTheSameFromVotesInAnyOrder() {
        Random random = new Random(23);
        for (int i = 0; i < 150; i++) {
            for (int a = 0; a < 4; a++) {
                say("p" + i, "a" + a, RaterKind.HUMAN, Choice.at(random.nextInt(3)));
            }
        }
        List<Ballot> ballots = List.of(new Ballot("a0", RIGHT), new Ballot("a1", WRONG), new Ballot("a2", RIGHT));
        double before = RaterModels.fuse(RaterModels.fit(casts).people(), ballots, "Math")
                .pRight();
        Collections.shuffle(casts, random);

        assertThat(RaterModels.fuse(RaterModels.fit(casts).people(), ballots, "Math")
                        .pRight())
                .isEqualTo(before);
        assertThat(before).isCloseTo(0.5, within(0.5));
    }

    private void say(String pair, String who, RaterKind kind, Choice choice) {
        casts.add(new Cast(pair, kind + "/" + who, who, kind, choice, "Math", null, null));
    }
}
