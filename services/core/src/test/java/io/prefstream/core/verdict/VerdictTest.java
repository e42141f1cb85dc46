package io.prefstream.core.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prefstream.core.verdict.HumanLabels.Said;
import io.prefstream.core.verdict.HumanLabels.Vote;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {
    private static final VerdictRules RULES =
            new VerdictRules(VerdictRules.Mode.CALIBRATED, Thresholds.DEFAULT, GoldState.READY, true, true, Bands.NONE);
    private static final VerdictRules PAPER =
            new VerdictRules(VerdictRules.Mode.PAPER, Thresholds.DEFAULT, GoldState.READY, false, false, Bands.NONE);

    private static PairFacts facts(double pRight, double best, double gold, Judges judges, boolean inPRight) {
        return new PairFacts(HumanOutcome.NONE, false, null, false, pRight, best, gold, judges, inPRight);
    }

    private static String shown(Verdict verdict) {
        return verdict.kind() + " " + verdict.rule();
    }

    @Test
    void theFirstRuleThatMatchesEndsThePair() {
        VerdictRules none = new VerdictRules(
                VerdictRules.Mode.CALIBRATED, Thresholds.DEFAULT, GoldState.TOO_FEW, true, true, Bands.NONE);
        assertThat(shown(none.decide(all(HumanOutcome.CHOSEN, true, "trainer"))))
                .isEqualTo("KEEP human");
        assertThat(shown(none.decide(all(HumanOutcome.REJECTED, true, "trainer"))))
                .isEqualTo("FLIP human");
        assertThat(shown(none.decide(all(HumanOutcome.UNDECIDED, true, "trainer"))))
                .isEqualTo("DISCARD human-undecided");
        assertThat(shown(none.decide(all(HumanOutcome.NONE, true, "trainer")))).isEqualTo("DISCARD contradiction");
        assertThat(shown(none.decide(all(HumanOutcome.NONE, false, "trainer"))))
                .isEqualTo("DISCARD dead-letter:trainer");
        assertThat(shown(none.decide(all(HumanOutcome.NONE, false, null)))).isEqualTo("QUARANTINE no-gold");
        assertThat(shown(RULES.decide(all(HumanOutcome.NONE, false, null)))).isEqualTo("QUARANTINE same-features");
    }

    private static PairFacts all(HumanOutcome human, boolean contradiction, @Nullable String deadLetter) {
        return new PairFacts(human, contradiction, deadLetter, true, 0.99, 0.9, 0.9, Judges.CHOSEN, false);
    }

    @Test
    void oneSidedGoldQuarantinesWithItsReason() {
        Verdict verdict = new VerdictRules(
                        VerdictRules.Mode.CALIBRATED,
                        Thresholds.DEFAULT,
                        GoldState.of(40, 40, 30),
                        true,
                        true,
                        Bands.NONE)
                .decide(facts(0.9, 0.9, 0.9, Judges.NOT_ASKED, false));
        assertThat(shown(verdict)).isEqualTo("QUARANTINE no-gold");
        assertThat(verdict.reason()).contains("one way");
        assertThat(GoldState.of(29, 10, 30)).isEqualTo(GoldState.TOO_FEW);
        assertThat(GoldState.of(30, 10, 30)).isEqualTo(GoldState.READY);
    }

    @ParameterizedTest
    @CsvSource({
        "0.85, 0.9, 0.9, NOT_ASKED, false, KEEP both-rms",
        "0.90, 0.4, 0.9, NOT_ASKED, false, KEEP gold-rm",
        "0.90, 0.9, 0.5, NOT_ASKED, false, KEEP best-rm",
        "0.90, 0.4, 0.9, CHOSEN, true, KEEP gold+judges",
        "0.90, 0.4, 0.4, NOT_ASKED, false, KEEP label-rate",
        "0.10, 0.1, 0.1, NOT_ASKED, false, FLIP both-rms-against",
        "0.05, 0.5, 0.5, NOT_ASKED, false, FLIP both-rms-against",
        "0.05, 0.9, 0.1, REJECTED, true, FLIP gold+judges-against",
        "0.05, 0.1, 0.9, NOT_ASKED, false, QUARANTINE flip-uncorroborated",
        "0.05, 0.1, 0.9, REJECTED, true, QUARANTINE flip-uncorroborated",
        "0.05, 0.9, 0.9, REJECTED, true, QUARANTINE flip-uncorroborated",
        "0.05, 0.1, 0.5, NOT_ASKED, false, FLIP both-rms-against",
        "0.05, 0.9, 0.1, NOT_ASKED, false, FLIP gold-rm-against",
        "0.84, 0.9, 0.9, NOT_ASKED, false, QUARANTINE uncertain",
        "0.11, 0.1, 0.1, NONE, false, QUARANTINE uncertain",
        "0.50, 0.4, 0.9, CHOSEN, false, KEEP gold+judges",
        "0.50, 0.4, 0.9, REJECTED, false, QUARANTINE judges-against-gold",
        "0.50, 0.9, 0.1, REJECTED, false, FLIP gold+judges-against",
        "0.50, 0.9, 0.1, CHOSEN, false, DISCARD gold-against-judges",
        "0.50, 0.9, 0.9, CHOSEN, true, QUARANTINE uncertain"
    })
    void modelsDecideByPRight(
            double pRight, double best, double gold, Judges judges, boolean inPRight, String expected) {
        assertThat(shown(RULES.decide(facts(pRight, best, gold, judges, inPRight))))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "0.9, 0.9, NOT_ASKED, KEEP both-rms",
        "0.4, 0.9, CHOSEN, KEEP gold+judges",
        "0.4, 0.9, REJECTED, QUARANTINE gold-only",
        "0.4, 0.9, NONE, QUARANTINE gold-only",
        "0.4, 0.4, NOT_ASKED, FLIP both-rms-against",
        "0.9, 0.5, REJECTED, FLIP gold+judges-against",
        "0.9, 0.4, CHOSEN, DISCARD gold-against",
        "0.9, 0.4, NOT_ASKED, DISCARD gold-against"
    })
    void thePapersTableIsTheWholeDecisionWhenAskedFor(double best, double gold, Judges judges, String expected) {
        assertThat(shown(PAPER.decide(facts(0.5, best, gold, judges, false)))).isEqualTo(expected);
    }

    @Test
    void whatGoldDoesNotProveIsNotPublished() {
        VerdictRules closed = new VerdictRules(
                VerdictRules.Mode.CALIBRATED, Thresholds.DEFAULT, GoldState.READY, false, false, Bands.NONE);
        assertThat(shown(closed.decide(facts(0.9, 0.9, 0.9, Judges.NOT_ASKED, false))))
                .isEqualTo("QUARANTINE keep-unproved");
        assertThat(shown(closed.decide(facts(0.1, 0.1, 0.1, Judges.NOT_ASKED, false))))
                .isEqualTo("QUARANTINE flip-unproved");
        assertThat(shown(closed.decide(facts(0.5, 0.1, 0.1, Judges.REJECTED, false))))
                .isEqualTo("QUARANTINE flip-unproved");
    }

    @Test
    void aPairWithoutScoresIsUncertain() {
        PairFacts bare =
                new PairFacts(HumanOutcome.NONE, false, null, false, null, null, null, Judges.NOT_ASKED, false);
        PairFacts half = new PairFacts(HumanOutcome.NONE, false, null, false, null, 0.9, 0.9, Judges.NOT_ASKED, false);
        assertThat(shown(RULES.decide(bare))).isEqualTo("QUARANTINE uncertain");
        assertThat(shown(RULES.decide(half))).isEqualTo("QUARANTINE uncertain");
    }

    @Test
    void keepMustBeatTheBaseRateAndFlipsMustBeProved() {
        double[] p = new double[200];
        boolean[] right = new boolean[200];
        for (int i = 0; i < 200; i++) {
            p[i] = i < 100 ? 0.9 : i < 160 ? 0.5 : 0.05;
            right[i] = i < 95 || (i >= 100 && i < 130);
        }
        Gates gates = Gates.of(p, right, Thresholds.DEFAULT);
        assertThat(gates.keep().open()).isTrue();
        assertThat(gates.keep().precision()).isEqualTo(0.95);
        assertThat(gates.keep().toHalve()).isPositive();
        assertThat(gates.flip().open()).isTrue();
        assertThat(gates.base()).isEqualTo(0.625);
    }

    @Test
    void fewLabelsOrNoBetterThanBaseCloseTheGates() {
        double[] p = new double[119];
        boolean[] right = new boolean[119];
        for (int i = 0; i < 119; i++) {
            p[i] = i < 100 ? 0.9 : 0.05;
            right[i] = i < 84;
        }
        Gates few = Gates.of(p, right, Thresholds.DEFAULT);
        assertThat(few.flip().n()).isEqualTo(19);
        assertThat(few.flip().open()).isFalse();
        p = new double[100];
        java.util.Arrays.fill(p, 0.9);
        assertThat(Gates.of(p, java.util.Arrays.copyOf(right, 100), Thresholds.DEFAULT)
                        .keep()
                        .open())
                .isFalse();
        assertThat(Gates.of(new double[0], new boolean[0], Thresholds.DEFAULT)
                        .keep()
                        .open())
                .isFalse();
    }

    @Test
    void refusesThresholdsOutOfOrder() {
        assertThatThrownBy(() -> new Thresholds(0.1, 0.85)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Vote vote(@Nullable String who, Said said, @Nullable String at, long line) {
        return new Vote(who, said, at == null ? null : Instant.parse(at), line);
    }

    @Test
    void theMajorityOfDecidedVotesCounts() {
        assertThat(HumanLabels.outcome(List.of())).isEqualTo(HumanOutcome.NONE);
        assertThat(HumanLabels.outcome(List.of(
                        vote("a", Said.CHOSEN, null, 1), vote("b", Said.TIE, null, 2), vote(null, Said.TIE, null, 3))))
                .isEqualTo(HumanOutcome.CHOSEN);
        assertThat(HumanLabels.outcome(List.of(
                        vote(null, Said.REJECTED, null, 1),
                        vote(null, Said.REJECTED, null, 2),
                        vote("a", Said.CHOSEN, null, 3))))
                .isEqualTo(HumanOutcome.REJECTED);
        assertThat(HumanLabels.outcome(List.of(vote("a", Said.CHOSEN, null, 1), vote("b", Said.REJECTED, null, 2))))
                .isEqualTo(HumanOutcome.UNDECIDED);
        assertThat(HumanLabels.outcome(List.of(vote("a", Said.CANNOT_TELL, null, 1))))
                .isEqualTo(HumanOutcome.UNDECIDED);
    }

    @Test
    void aRaterWhoVotesTwiceIsHeardOnce() {
        Vote late = vote("a", Said.CHOSEN, "2026-02-01T00:00:00Z", 1);
        Vote early = vote("a", Said.REJECTED, "2026-01-01T00:00:00Z", 2);
        assertThat(HumanLabels.outcome(List.of(early, late))).isEqualTo(HumanOutcome.CHOSEN);
        Vote untimed = vote("a", Said.REJECTED, null, 2);
        assertThat(HumanLabels.outcome(List.of(untimed, late))).isEqualTo(HumanOutcome.REJECTED);
    }

    @Test
    void theMostUncertainComeFirstAndEveryTenthIsAnAudit() {
        List<ToLabel.Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            candidates.add(new ToLabel.Candidate("p" + i, i / 200.0));
        }
        List<ToLabel.Pick> picks = ToLabel.next(candidates, 40, 1);
        assertThat(picks).hasSize(40);
        assertThat(picks.stream().map(ToLabel.Pick::id)).doesNotHaveDuplicates();
        assertThat(picks.stream().filter(ToLabel.Pick::audit)).hasSize(4);
        assertThat(picks.get(9).audit()).isTrue();
        assertThat(picks.get(0).id()).isIn("p100", "p99", "p101");
        assertThat(ToLabel.next(candidates.reversed(), 40, 1)).isEqualTo(picks);
        assertThat(ToLabel.next(candidates.subList(0, 5), 40, 1)).hasSize(5);
    }
}
