package io.prefstream.trainer.round;

import io.prefstream.core.agreement.AgreementBoard;
import io.prefstream.core.agreement.Coefficient;
import io.prefstream.core.diversity.SelectionPreset;
import io.prefstream.core.diversity.TopicCoverage;
import io.prefstream.core.stats.Wilson;
import io.prefstream.core.verdict.FlipAudit;
import io.prefstream.core.verdict.Gates;
import io.prefstream.core.verdict.GoldFigures;
import io.prefstream.trainer.domain.Drift;
import io.prefstream.trainer.domain.JudgeReport;
import io.prefstream.wire.JudgeStats;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** Puts what was measured into words, under the keys that summary, report and card print in order. */
final class Answers {

    private static final String GOLD = "answer/gold/";
    private static final String BETTER = "answer/better/";
    private static final String JUDGES = "answer/judges/";
    private static final String AGREEMENT = "answer/agreement/";
    private static final String SELECTION = "answer/selection/";
    private static final String FLIPS = "answer/flips/";
    private static final String COSTS = "answer/costs/";

    private Answers() {}

    static void notEnough(Map<String, String> told, int labels, int needed) {
        told.put(
                GOLD + "1 answer",
                "no: " + labels + " decided human labels, and at least " + needed
                        + " are needed, pointing both ways. Fill in to-label.jsonl and give it back with --gold");
        told.put(BETTER + "1 answer", "unknown: nothing was filtered");
    }

    static void gates(Map<String, String> told, Gates gates, int drawn, boolean audited, int needed) {
        told.put(
                GOLD + "1 labels",
                gates.labels() + " decided human labels, original label right on " + percent(gates.base()));
        told.put(
                GOLD + "2 drawn by",
                audited
                        ? drawn + " audit labels, drawn at random, which alone count below"
                        : "people, or by what the models found hard: below " + needed + " audit labels (there are "
                                + drawn + ") the figures hold for such pairs, not surely for the pool");
        told.put(GOLD + "3 KEEP", region(gates.keep(), "precision must be above " + percent(gates.base())));
        told.put(GOLD + "4 FLIP", region(gates.flip(), "precision must be at least 80.0 % on 20 labels"));
    }

    /** Gold pairs that models trained on raw labels, on curated ones and on gold alone rank right. */
    static void better(Map<String, String> told, int raw, OptionalInt curated, int alone, int n) {
        told.put(BETTER + "1 trained on raw labels", ranked(raw, n));
        told.put(
                BETTER + "2 trained on curated labels",
                curated.isPresent() ? ranked(curated.getAsInt(), n) : "too few pairs would be kept to train on");
        told.put(BETTER + "3 trained on the human labels alone", ranked(alone, n));
    }

    /** How a model that was trained outside ranks gold pairs. */
    static void outsider(Map<String, String> told, String id, int right, int n, String end) {
        told.put(BETTER + "4 model " + id.substring(0, Math.min(12, id.length())), ranked(right, n) + end);
    }

    /** What people say of audited flips, and what that switches off; {@code undecided} are those on which they could not decide. */
    static void audit(Map<String, String> told, List<FlipAudit.Row> rows, long undecided, double minPrecision) {
        GoldFigures.Share all = rows.getFirst().share();
        told.put(
                FLIPS + "1 confirmed by people",
                (all.n() == 0 ? "none of the audited flips is labelled yet" : confirmed(rows.getFirst()))
                        + (undecided == 0 ? "" : "; they could not decide on " + undecided + " more"));
        String off = rows.stream()
                .filter(FlipAudit.Row::off)
                .map(row -> name(row) + " (" + confirmed(row) + ")")
                .collect(Collectors.joining("; "));
        told.put(
                FLIPS + "2 switched off",
                (off.isEmpty() ? "nothing" : off) + ": on " + FlipAudit.LEAST
                        + " labels the interval may not begin below " + percent(minPrecision));
    }

    /** How many flips people audit next. */
    static void audited(Map<String, String> told, int drawn, int flips) {
        told.put(
                FLIPS + "3 audited next",
                drawn + " of " + flips + " pairs that models would flip are among those to label, unmarked");
    }

    /** Name of the flips of a row. */
    static String name(FlipAudit.Row row) {
        return row.category().equals(FlipAudit.ALL) ? "all" : row.category();
    }

    /** How many flips of a row people confirm. */
    static String confirmed(FlipAudit.Row row) {
        return row.share().right() + " of " + row.share().n() + " audited flips, "
                + share(row.share().right(), row.share().n());
    }

    /** A line of what it cost, in its place. */
    static void cost(Map<String, String> told, int place, String what, String answer) {
        told.put(COSTS + place + " " + what, answer);
    }

    /** An amount of money to a hundredth of a cent. */
    static String dollars(double usd) {
        return String.format(Locale.ROOT, "$%.4f", usd);
    }

    static void judges(Map<String, String> told, double spent, int asked, int decided, int agreed) {
        told.put(
                JUDGES + "1 calls",
                told.getOrDefault("judges/calls", "0") + " in this run; " + told.getOrDefault("judges/left-out", "0")
                        + " open pairs were left out by --judge-calls or the budget"
                        + (spent > 0 ? String.format(Locale.ROOT, "; $%.4f spent on this folder", spent) : ""));
        told.put(
                JUDGES + "2 against people",
                decided == 0
                        ? "no human-labelled pair was decided by them"
                        : agreed + " of " + decided + " human labels, " + share(agreed, decided) + "; no decision on "
                                + (asked - decided) + " more");
    }

    static void eachJudge(Map<String, String> told, List<JudgeStats> judges) {
        judges.forEach(judge -> told.put(JUDGES + "4 " + judge.getJudge(), JudgeReport.line(judge)));
    }

    static void drift(Map<String, String> told, Drift drift) {
        told.put(
                JUDGES + "5 " + drift.judge() + (drift.alarm() ? " HAS CHANGED" : " asked again"),
                String.format(
                        Locale.ROOT,
                        "%d of %d verdicts changed since it was first asked; like people on %d of %d now, %d before%s",
                        drift.changed(),
                        drift.asked(),
                        drift.goldNow(),
                        drift.gold(),
                        drift.goldBefore(),
                        drift.alarm() ? ": look at what its endpoint serves" : ""));
    }

    /** What selection picked, and how well that covers the topics. */
    static void selection(
            Map<String, String> told,
            Map<SelectionPreset.Outcome, Integer> outcomes,
            int unplaced,
            List<int[]> sizes,
            double[] logDeterminants) {
        int published = outcomes.values().stream().mapToInt(n -> n).sum() + unplaced;
        told.put(
                SELECTION + "1 picked",
                outcomes.getOrDefault(SelectionPreset.Outcome.SELECTED, 0) + " of " + published
                        + " pairs that models would publish; held back "
                        + outcomes.getOrDefault(SelectionPreset.Outcome.AGREEMENT, 0) + " by agreement, "
                        + outcomes.getOrDefault(SelectionPreset.Outcome.MARGIN, 0) + " by margin, "
                        + outcomes.getOrDefault(SelectionPreset.Outcome.DIVERSITY, 0) + " by diversity"
                        + (unplaced == 0 ? "" : ", " + unplaced + " without an embedding"));
        told.put(
                SELECTION + "2 effective topics",
                String.format(
                        Locale.ROOT,
                        "%.1f of the pool, %.1f of the pairs that models would publish, %.1f of those picked; %d topics",
                        TopicCoverage.effectiveTopics(sizes.get(0)),
                        TopicCoverage.effectiveTopics(sizes.get(1)),
                        TopicCoverage.effectiveTopics(sizes.get(2)),
                        sizes.getFirst().length));
        told.put(
                SELECTION + "3 log-determinant",
                String.format(
                        Locale.ROOT,
                        "%.3f, against %.3f of as many drawn at random from the same topics",
                        logDeterminants[0],
                        logDeterminants[1]));
    }

    /** How far people, and judges with them, agree beyond chance; {@code judges} says whether language models vote. */
    static void agreement(Map<String, String> told, AgreementBoard board, boolean judges) {
        told.put(AGREEMENT + "1 people", coefficient(board, AgreementBoard.Scope.ALPHA_HUMANS));
        if (judges) {
            told.put(AGREEMENT + "2 judges", coefficient(board, AgreementBoard.Scope.ALPHA_JUDGES));
            told.put(AGREEMENT + "3 person and judge", coefficient(board, AgreementBoard.Scope.KAPPA_HUMAN_JUDGE));
        }
    }

    private static String coefficient(AgreementBoard board, AgreementBoard.Scope scope) {
        Coefficient found = board.coefficient(scope, AgreementBoard.ALL);
        return scope.coefficient() + " "
                + (found.value() == null ? found : found + " on " + found.items() + " pairs with two votes or more");
    }

    static void described(Map<String, String> told, int asked, long done) {
        told.put(
                JUDGES + "3 attributes",
                done + " of " + asked + " pairs that were to be described got their attributes from the language model"
                        + (done < asked ? "; the others keep the built-in tagger's" : ""));
    }

    private static String region(Gates.Region region, String needed) {
        if (region.n() == 0) {
            return "closed: no human label falls there";
        }
        return String.format(
                Locale.ROOT,
                "%s: %d of %d right out of fold, %s, 90 %% interval %s to %s (%s); %d more labels would halve the interval",
                region.open() ? "open" : "closed",
                region.right(),
                region.n(),
                percent(region.precision()),
                percent(region.lower()),
                percent(region.upper()),
                needed,
                region.toHalve());
    }

    private static String ranked(int right, int n) {
        return right + " of " + n + " human labels ranked right out of fold, " + share(right, n);
    }

    private static String share(long right, long n) {
        return String.format(
                Locale.ROOT,
                "%s (90 %% interval %s to %s)",
                percent(n == 0 ? 0 : (double) right / n),
                percent(Wilson.lower(right, n, Gates.LEVEL)),
                percent(Wilson.upper(right, n, Gates.LEVEL)));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
