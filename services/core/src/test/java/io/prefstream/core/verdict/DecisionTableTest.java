package io.prefstream.core.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every case of both decisions, held against the tables as they are written down here. */
class DecisionTableTest {
    private static final Bands BANDS = new Bands(0.05, 0.02);

    // gold model, best model, judges, verdict and rule; "-" stands for anything. The first row that matches counts.
    private static final String[][] PAPER = {
        {"undecided", "-", "-", "QUARANTINE gold-abstains"},
        {"agrees", "agrees", "-", "KEEP both-rms"},
        {"agrees", "-", "CHOSEN", "KEEP gold+judges"},
        {"agrees", "-", "-", "QUARANTINE gold-only"},
        {"against", "against", "-", "FLIP both-rms-against"},
        {"against", "-", "REJECTED", "FLIP gold+judges-against"},
        {"against", "-", "-", "DISCARD gold-against"},
    };

    // With p_right: region, whether the vote is part of it, gold model, best model, judges, verdict and rule.
    private static final String[][] CALIBRATED = {
        {"-", "-", "undecided", "-", "-", "QUARANTINE gold-abstains"},
        {"-", "no", "agrees", "undecided", "CHOSEN", "KEEP gold+judges"},
        {"-", "no", "agrees", "undecided", "REJECTED", "QUARANTINE judges-against-gold"},
        {"-", "no", "against", "undecided", "CHOSEN", "DISCARD gold-against-judges"},
        {"-", "no", "against", "undecided", "REJECTED", "FLIP gold+judges-against"},
        {"-", "-", "-", "undecided", "NOT_ASKED", "QUARANTINE uncertain"},
        {"-", "-", "-", "undecided", "NONE", "QUARANTINE uncertain"},
        {"high", "-", "-", "-", "-", "KEEP"},
        {"low", "-", "agrees", "-", "-", "QUARANTINE flip-uncorroborated"},
        {"low", "-", "-", "-", "-", "FLIP"},
        {"middle", "no", "agrees", "-", "CHOSEN", "KEEP gold+judges"},
        {"middle", "no", "agrees", "-", "REJECTED", "QUARANTINE judges-against-gold"},
        {"middle", "no", "against", "-", "CHOSEN", "DISCARD gold-against-judges"},
        {"middle", "no", "against", "-", "REJECTED", "FLIP gold+judges-against"},
        {"middle", "-", "-", "-", "-", "QUARANTINE uncertain"},
    };

    private static List<Arguments> paperCases() {
        List<Arguments> cases = new ArrayList<>();
        for (String gold : List.of("agrees", "undecided", "against")) {
            for (String best : List.of("agrees", "undecided", "against")) {
                for (Judges judges : Judges.values()) {
                    cases.add(Arguments.of(gold, best, judges));
                }
            }
        }
        return cases;
    }

    private static List<Arguments> calibratedCases() {
        List<Arguments> cases = new ArrayList<>();
        for (Arguments paper : paperCases()) {
            for (String region : List.of("high", "middle", "low")) {
                for (String inPRight : List.of("yes", "no")) {
                    Object[] of = paper.get();
                    cases.add(Arguments.of(region, inPRight, of[0], of[1], of[2]));
                }
            }
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("paperCases")
    void thePapersTable(String gold, String best, Judges judges) {
        VerdictRules rules = rules(VerdictRules.Mode.PAPER, BANDS);
        Verdict found = rules.decide(facts(0.5, p(best, 0.05), p(gold, 0.02), judges, false));
        assertThat(found.kind() + " " + found.rule()).isEqualTo(expected(PAPER, gold, best, judges.name()));
    }

    @ParameterizedTest
    @MethodSource("calibratedCases")
    void byProbability(String region, String inPRight, String gold, String best, Judges judges) {
        double pRight = region.equals("high") ? 0.85 : region.equals("low") ? 0.10 : 0.5;
        Verdict found = rules(VerdictRules.Mode.CALIBRATED, BANDS)
                .decide(facts(pRight, p(best, 0.05), p(gold, 0.02), judges, inPRight.equals("yes")));
        String expected = expected(CALIBRATED, region, inPRight, gold, best, judges.name());
        assertThat(found.kind() + " " + found.rule()).startsWith(expected);
    }

    @ParameterizedTest
    @MethodSource("paperCases")
    void judgesAreAskedExactlyWhereTheirAnswerCounts(String gold, String best, Judges judges) {
        VerdictRules rules = rules(VerdictRules.Mode.PAPER, BANDS);
        List<String> found = List.of(Judges.NOT_ASKED, Judges.CHOSEN, Judges.REJECTED, judges).stream()
                .map(j -> rules.decide(facts(0.5, p(best, 0.05), p(gold, 0.02), j, false))
                        .rule())
                .distinct()
                .toList();
        JudgeNeed need = JudgeNeed.of(p(best, 0.05), p(gold, 0.02), BANDS);
        assertThat(need != JudgeNeed.NONE).isEqualTo(found.size() > 1);
        assertThat(need == JudgeNeed.NEEDED).isEqualTo(found.contains("gold+judges"));
    }

    @ParameterizedTest
    @CsvSource({"0.5, 0.9, QUARANTINE gold-only", "0.9, 0.5, DISCARD gold-against", "0.5, 0.5, FLIP both-rms-against"})
    void withoutABandExactlyHalfIsNotAgreeing(double best, double gold, String expected) {
        Verdict found =
                rules(VerdictRules.Mode.PAPER, Bands.NONE).decide(facts(0.5, best, gold, Judges.NOT_ASKED, false));
        assertThat(found.kind() + " " + found.rule()).isEqualTo(expected);
    }

    @Test
    void aBandEndsBelowAHalf() {
        assertThatThrownBy(() -> new Bands(0.5, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Bands(0, -0.1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(BANDS.bestAbstains(0.551)).isFalse();
        assertThat(BANDS.bestAbstains(0.549)).isTrue();
        assertThat(BANDS.bestAbstains(null)).isFalse();
    }

    @Test
    void figuresAreThoseCountedByHand() {
        double[] best = {0.9, 0.9, 0.8, 0.2, 0.1, Double.NaN};
        double[] gold = {0.9, 0.9, 0.3, 0.3, 0.5, 0.7};
        boolean[] right = {true, false, true, false, true, true};
        List<GoldFigures.Agreement> rows = GoldFigures.agreement(best, gold, right);
        assertThat(rows).extracting(GoldFigures.Agreement::by).containsExactly("both", "best only", "gold only");
        assertThat(rows.get(0).keep()).isEqualTo(new GoldFigures.Share(1, 2));
        assertThat(rows.get(0).flip()).isEqualTo(new GoldFigures.Share(1, 2));
        assertThat(rows.get(1).keep()).isEqualTo(new GoldFigures.Share(2, 3));
        assertThat(rows.get(1).flip()).isEqualTo(new GoldFigures.Share(1, 2));
        assertThat(rows.get(2).keep()).isEqualTo(new GoldFigures.Share(2, 3));
        assertThat(rows.get(2).flip()).isEqualTo(new GoldFigures.Share(1, 3));
    }

    @Test
    void coverageFallsAsCertaintyRises() {
        double[] p = {0.96, 0.91, 0.30, 0.55, 0.05, Double.NaN};
        boolean[] right = {true, true, false, false, true, true};
        List<GoldFigures.Point> curve = GoldFigures.curve(p, right);
        assertThat(curve.getFirst().decided()).isEqualTo(new GoldFigures.Share(3, 5));
        assertThat(curve.getFirst().coverage()).isEqualTo(5 / 6.0);
        assertThat(curve.get(5).decided()).isEqualTo(new GoldFigures.Share(2, 3));
        assertThat(curve.getLast().decided()).isEqualTo(new GoldFigures.Share(1, 2));
        assertThat(curve).isSortedAccordingTo((a, b) -> Double.compare(b.coverage(), a.coverage()));
    }

    private static VerdictRules rules(VerdictRules.Mode mode, Bands bands) {
        return new VerdictRules(mode, Thresholds.DEFAULT, GoldState.READY, true, true, bands);
    }

    private static PairFacts facts(double pRight, double best, double gold, Judges judges, boolean inPRight) {
        return new PairFacts(HumanOutcome.NONE, false, null, false, pRight, best, gold, judges, inPRight);
    }

    private static double p(String model, double epsilon) {
        return switch (model) {
            case "agrees" -> 0.51 + epsilon;
            case "against" -> 0.49 - epsilon;
            default -> 0.5 + epsilon / 2;
        };
    }

    private static String expected(String[][] table, String... given) {
        for (String[] row : table) {
            boolean matches = true;
            for (int i = 0; i < given.length; i++) {
                matches &= row[i].equals("-") || row[i].equals(given[i]);
            }
            if (matches) {
                return row[given.length];
            }
        }
        throw new AssertionError("no row for " + String.join(", ", given));
    }
}
