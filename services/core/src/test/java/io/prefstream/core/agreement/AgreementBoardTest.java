package io.prefstream.core.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.prefstream.core.agreement.AgreementBoard.Cast;
import io.prefstream.core.agreement.AgreementBoard.Scope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AgreementBoardTest {

    private final AgreementBoard board = new AgreementBoard();

    @Test
    void givesTheAlphaAndTheKappaOfTheVotesAsTheyCountNow() {
        Random random = new Random(11);
        List<Votes.Vote> last = new ArrayList<>();
        CohenKappa two = new CohenKappa(3);
        for (int i = 0; i < 200; i++) {
            Choice before = choice(random);
            Choice one = choice(random);
            Choice other = random.nextInt(3) > 0 ? one : choice(random);
            person("p" + i, "ann", before);
            person("p" + i, "bob", other);
            person("p" + i, "ann", one);
            last.add(new Votes.Vote("p" + i, "ann", one.index()));
            last.add(new Votes.Vote("p" + i, "bob", other.index()));
            two.add(one.index(), other.index(), 1);
        }

        assertThat(board.coefficient(Scope.ALPHA_HUMANS, AgreementBoard.ALL))
                .isEqualTo(KrippendorffAlpha.of(Votes.of(3, last)));
        assertThat(value(Scope.KAPPA_HUMAN_HUMAN))
                .isCloseTo(Objects.requireNonNull(two.value().value()), within(1e-12));
        assertThat(board.coefficient(Scope.KAPPA_HUMAN_HUMAN, "Math").items()).isEqualTo(200);
    }

    @Test
    void knowsNoOrderOfVotes() {
        Random random = new Random(13);
        List<Cast> casts = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            for (int a = 0; a < 3; a++) {
                casts.add(cast("p" + i, "a" + random.nextInt(6) + "/" + a, RaterKind.HUMAN, choice(random)));
            }
            casts.add(cast("p" + i, "llm", RaterKind.JUDGE, choice(random)));
        }
        casts.forEach(board::put);
        Collections.shuffle(casts, random);
        AgreementBoard other = new AgreementBoard();
        casts.forEach(other::put);

        assertThat(other.lines()).isEqualTo(board.lines());
        assertThat(other.annotators())
                .extracting(AgreementBoard.Annotator::agreed)
                .isEqualTo(board.annotators().stream()
                        .map(AgreementBoard.Annotator::agreed)
                        .toList());
    }

    @Test
    void saysWhyThereIsNoFigure() {
        assertThat(board.lines())
                .hasSize(Scope.values().length)
                .allSatisfy(line -> assertThat(line.coefficient().undefined()).isNotNull());

        person("p", "ann", Choice.CHOSEN);
        person("p", "bob", Choice.CHOSEN);

        assertThat(board.coefficient(Scope.KAPPA_HUMAN_HUMAN, AgreementBoard.ALL)
                        .undefined())
                .isEqualTo("no two of them share 10 pairs; the most is 1");
        assertThat(board.coefficient(Scope.KAPPA_HUMAN_JUDGE, AgreementBoard.ALL)
                        .undefined())
                .isEqualTo("no two of them have judged one pair");
    }

    @Test
    void measuresAJudgeByPeopleAndAPersonByTheOthers() {
        for (int i = 0; i < 12; i++) {
            person("p" + i, "ann", Choice.CHOSEN);
            person("p" + i, "bob", Choice.CHOSEN);
            person("p" + i, "cyd", i < 4 ? Choice.REJECTED : Choice.CHOSEN);
            board.put(cast("p" + i, "llm", RaterKind.JUDGE, i < 6 ? Choice.CHOSEN : Choice.REJECTED));
        }

        assertThat(board.annotator(RaterKind.JUDGE, "llm"))
                .satisfies(judge -> assertThat(judge.compared()).isEqualTo(12))
                .satisfies(judge -> assertThat(judge.agreed()).isEqualTo(6));
        assertThat(board.annotator(RaterKind.HUMAN, "cyd").agreed()).isEqualTo(8);
        // Where cyd differs, the others of ann are one against one: nothing to compare with.
        assertThat(board.annotator(RaterKind.HUMAN, "ann").compared()).isEqualTo(8);
        assertThat(board.annotator(RaterKind.HUMAN, "ann").accuracy())
                .isGreaterThan(board.annotator(RaterKind.HUMAN, "cyd").accuracy());
    }

    @Test
    void countsSidesAndTimeOfVotesInForce() {
        board.put(seen("p1", Choice.CHOSEN, Choice.CHOSEN, 4.0));
        board.put(seen("p2", Choice.CHOSEN, Choice.REJECTED, 10.0));
        board.put(seen("p3", Choice.REJECTED, Choice.REJECTED, 6.0));
        board.put(seen("p4", Choice.TIE, Choice.REJECTED, 99.0));
        board.put(seen("p4", null, Choice.REJECTED, null));

        AgreementBoard.Annotator ann = board.annotator(RaterKind.HUMAN, "ann");
        assertThat(ann.votes()).isEqualTo(3);
        assertThat(ann.first()).isEqualTo(2);
        assertThat(ann.second()).isEqualTo(1);
        assertThat(ann.medianSeconds()).isEqualTo(6.0);
    }

    private static Choice choice(Random random) {
        return Choice.at(random.nextInt(3));
    }

    private double value(Scope scope) {
        return Objects.requireNonNull(
                board.coefficient(scope, AgreementBoard.ALL).value());
    }

    private void person(String pair, String who, Choice choice) {
        board.put(cast(pair, who, RaterKind.HUMAN, choice));
    }

    private static Cast cast(String pair, String who, RaterKind kind, Choice choice) {
        return new Cast(pair, kind + "/" + who, who, kind, choice, "Math", null, null);
    }

    private static Cast seen(String pair, @Nullable Choice choice, Choice first, @Nullable Double seconds) {
        return new Cast(pair, "human/ann", "ann", RaterKind.HUMAN, choice, "", first, seconds);
    }
}
