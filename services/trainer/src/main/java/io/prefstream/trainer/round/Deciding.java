package io.prefstream.trainer.round;

import io.prefstream.core.plan.Allowance;
import io.prefstream.core.reward.RightnessCalibrator;
import io.prefstream.core.select.Selection;
import io.prefstream.core.select.Strategy;
import io.prefstream.core.stats.KCenterGreedy;
import io.prefstream.core.stats.Logistic;
import io.prefstream.core.verdict.Bands;
import io.prefstream.core.verdict.Gates;
import io.prefstream.core.verdict.GoldState;
import io.prefstream.core.verdict.Thresholds;
import io.prefstream.core.verdict.ToLabel;
import io.prefstream.trainer.client.Facts;
import io.prefstream.trainer.domain.Drift;
import io.prefstream.trainer.domain.Families;
import io.prefstream.trainer.domain.JudgeReport;
import io.prefstream.trainer.domain.Phase;
import io.prefstream.trainer.processor.StepWork;
import io.prefstream.wire.Label;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Fits the calibrator, measures on gold what it proves, answers the user's questions, and says whom to ask next. */
final class Deciding {

    private static final int AUDIT_LABELS = 30;

    private final RunFacts run;
    private final StepRecords records;
    private final Fetching fetching;
    private final FlipAudits flips;
    private final Map<String, String> given;

    /** Decides a run with the settings as they were given. */
    Deciding(RunFacts run, StepRecords records, Fetching fetching, Map<String, String> given) {
        this.run = run;
        this.records = records;
        this.fetching = fetching;
        this.flips = new FlipAudits(run, records);
        this.given = given;
    }

    /** The step in which the filter decides, or under the preset the one before it. */
    StepWork.Found next() {
        if (run.settings().selection().isEmpty()) {
            return decide();
        }
        Map<String, String> decided = run.told();
        RightnessCalibrator calibrator = weigh(decided);
        Map<String, String> told = run.told();
        new Selecting(run, records, run.settings().selection().get()).select(decided, calibrator, told);
        return records.step(Phase.SELECT, told);
    }

    /** What the filter decides with, as the facts now give it; null without a calibrator. */
    private @Nullable RightnessCalibrator weigh(Map<String, String> told) {
        given.forEach((key, value) -> told.put("run/" + key, value));
        GoldState state = run.goldState();
        told.put("gold/state", state.name());
        told.put("decision", run.settings().paper() ? "paper" : "calibrated");
        told.put("keep", Double.toString(run.settings().keep()));
        told.put("flip", Double.toString(run.settings().flip()));
        Bands bands = run.settings().bands();
        told.put("epsilon", Double.toString(bands.best()));
        told.put("epsilon.gold", Double.toString(bands.gold()));
        told.put("seed", Long.toString(run.settings().seed()));
        told.put("folds", Integer.toString(run.settings().folds()));
        told.put("request", run.finalRequest(told));
        told.put("gate/keep", "closed");
        told.put("gate/flip", "closed");
        RightnessCalibrator calibrator = state == GoldState.READY ? calibrator(run, told) : null;
        if (calibrator != null) {
            for (int i = 0; i < calibrator.weights().length; i++) {
                told.put("calibrator/" + i, Double.toString(calibrator.weights()[i]));
            }
            measure(told);
        }
        return calibrator;
    }

    /** Tells the filter what to decide with. */
    StepWork.Found decide() {
        Map<String, String> told = run.told();
        RightnessCalibrator calibrator = weigh(told);
        if (calibrator == null) {
            Answers.notEnough(told, run.gold().size(), run.settings().goldMin());
        } else {
            compare(told, calibrator);
            Outsiders.tell(run, told);
        }
        if (run.settings().judges()) {
            measureJudges(told);
        }
        if (told.containsKey("final/round")) {
            measureBias(told);
        }
        Ledger.of(run).tell(told);
        new Forecasting(run).compare(told);
        if (run.settings().dawidSkene()) {
            run.raters().tell(told);
        }
        Answers.agreement(told, run.raters().agreement(), run.settings().judges());
        castModels(told);
        flips.tell(told);
        List<ToLabel.Pick> picks = toLabel(told, calibrator);
        records.offer(picks);
        new Judging(run, records).preVerify(picks);
        return records.step(Phase.DECIDE, told);
    }

    /** The calibrator on all decided gold; null when it points one way. */
    static @Nullable RightnessCalibrator calibrator(RunFacts run, Map<String, String> told) {
        Gold gold = Gold.of(run, pair -> run.input(told, pair));
        return RightnessCalibrator.fit(gold.inputs(), gold.right()).orElse(null);
    }

    /** The gates, on audit labels alone once there are enough: only they are drawn at random. */
    private void measure(Map<String, String> told) {
        Gold gold = Gold.of(run, pair -> run.input(told, pair));
        List<OptionalDouble> held = RightnessCalibrator.outOfFold(
                gold.inputs(), gold.right(), gold.folds(), run.settings().folds());
        int[] drawn = IntStream.range(0, gold.right().length)
                .filter(i -> isAudit(gold.pairs().get(i).pairId()))
                .toArray();
        boolean audited = drawn.length >= AUDIT_LABELS;
        int[] counted = audited
                ? drawn
                : IntStream.range(0, gold.right().length)
                        .filter(i -> isOfPool(gold.pairs().get(i).pairId()))
                        .toArray();
        double[] p = new double[counted.length];
        boolean[] right = new boolean[counted.length];
        for (int i = 0; i < counted.length; i++) {
            p[i] = held.get(counted[i]).orElse(Double.NaN);
            right[i] = gold.right()[counted[i]];
        }
        Gates gates = Gates.of(
                byModels(gold, counted, p),
                right,
                new Thresholds(run.settings().keep(), run.settings().flip()));
        told.put("gate/keep", gates.keep().open() ? "open" : "closed");
        told.put("gate/flip", gates.flip().open() ? "open" : "closed");
        told.put("gate/labels", Long.toString(gates.labels()));
        told.put("gate/labels/right", Long.toString(Math.round(gates.base() * gates.labels())));
        told.put("gate/keep/right", Long.toString(gates.keep().right()));
        told.put("gate/keep/n", Long.toString(gates.keep().n()));
        told.put("gate/flip/right", Long.toString(gates.flip().right()));
        told.put("gate/flip/n", Long.toString(gates.flip().n()));
        long judged = gold.inputs().stream().filter(i -> i.judges() != 0).count();
        told.put("judges/in-p-right", Boolean.toString(judged >= RightnessCalibrator.JUDGED));
        Answers.gates(told, gates, drawn.length, audited, AUDIT_LABELS);
        Figures.tell(told, Arrays.stream(counted).mapToObj(gold.inputs()::get).toList(), p, right);
        Strata.tell(
                run, told, Arrays.stream(counted).mapToObj(gold.pairs()::get).toList(), p);
    }

    /** Whether p_right would flip a pair whose label the gold model calls right. */
    private boolean uncorroborated(double p, RightnessCalibrator.Input input) {
        return p <= run.settings().flip() && input.gold() > 0;
    }

    /** p_right where the models end a pair by themselves, NaN where they leave it to judges or to nobody. */
    private double[] byModels(Gold gold, int[] counted, double[] p) {
        Bands bands = run.settings().bands();
        double[] ended = p.clone();
        for (int i = 0; i < ended.length; i++) {
            RightnessCalibrator.Input input = gold.inputs().get(counted[i]);
            if (uncorroborated(ended[i], input)
                    || bands.bestAbstains(Logistic.sigmoid(input.best()))
                    || bands.goldAbstains(Logistic.sigmoid(input.gold()))) {
                ended[i] = Double.NaN;
            }
        }
        return ended;
    }

    /** Whether a label counts for the pool: flips drawn for their own audit are mostly wrong labels and would lower its rate. */
    private boolean isOfPool(String pairId) {
        return isAudit(pairId) || !flips.holds(pairId);
    }

    private boolean isAudit(String pairId) {
        Label label = run.facts().gold().get(pairId);
        return label != null && label.getAudit();
    }

    /** Accuracy on gold, out of fold, of models trained on raw labels, on what would be kept or flipped, and on gold alone. */
    private void compare(Map<String, String> told, RightnessCalibrator calibrator) {
        List<Facts.Features> gold = run.gold();
        int raw = run.correct(gold, 1, told, "family/pool");
        int alone = run.correct(gold, 1, told, "family/gold");
        Answers.better(told, raw, curated(told, calibrator, gold), alone, gold.size());
    }

    private OptionalInt curated(Map<String, String> told, RightnessCalibrator calibrator, List<Facts.Features> gold) {
        List<Facts.Features> kept = new ArrayList<>();
        List<Double> targets = new ArrayList<>();
        for (Facts.Features pair : run.pool()) {
            RightnessCalibrator.Input input = run.input(told, pair);
            double p = calibrator.probability(input);
            if (p >= run.settings().keep() || (p <= run.settings().flip() && !uncorroborated(p, input))) {
                kept.add(pair);
                targets.add(p >= run.settings().keep() ? 1.0 : 0.0);
            }
        }
        int folds = run.settings().folds();
        if (kept.size() < folds * 2) {
            return OptionalInt.empty();
        }
        double[] all = targets.stream().mapToDouble(t -> t).toArray();
        List<Families.Member> members =
                Families.singles(Training.data(run, kept, run.scales(), f -> all, Families.CURATED_L2), folds);
        int correct = 0;
        for (Facts.Features pair : gold) {
            double margin = members.get(run.fold(pair.pairId())).head().margin(pair.diff());
            correct += margin > 0 == run.isRight(pair) && margin != 0 ? 1 : 0;
        }
        return OptionalInt.of(correct);
    }

    /** Has the reward models vote on the pairs that people or judges have voted on, so that they can be compared. */
    private void castModels(Map<String, String> told) {
        for (Map.Entry<String, String> pair : run.raters().voted().entrySet()) {
            Facts.Features features = run.facts().features().get(pair.getKey());
            if (features == null || features.sameFeatures()) {
                continue;
            }
            RightnessCalibrator.Input input = run.input(told, features);
            if (input.best() != 0) {
                records.vote(pair.getKey(), "best", pair.getValue(), input.best());
            }
            if (input.gold() != 0) {
                records.vote(pair.getKey(), "gold", pair.getValue(), input.gold());
            }
        }
    }

    /** Announces the served models again with what sways them, now that they have scored the pool. */
    private void measureBias(Map<String, String> told) {
        Measuring measuring = new Measuring(run);
        String best = told.getOrDefault(told.getOrDefault("best", "family/pool") + "/-1", "");
        records.measured(best, measuring.bias(pair -> run.bestMargin(told, pair)));
        records.measured(told.getOrDefault("family/gold/-1", ""), measuring.bias(pair -> run.goldMargin(told, pair)));
    }

    private void measureJudges(Map<String, String> told) {
        int asked = 0;
        int decided = 0;
        int agreed = 0;
        for (Facts.Features pair : run.gold()) {
            int vote = run.judges(pair.pairId());
            asked += run.facts().llmVotes(pair.pairId()).isEmpty() ? 0 : 1;
            decided += vote != 0 ? 1 : 0;
            agreed += vote != 0 && vote > 0 == run.isRight(pair) ? 1 : 0;
        }
        Answers.judges(told, Allowance.usd(run.facts().books().onCalls()), asked, decided, agreed);
        Answers.eachJudge(told, JudgeReport.byJudge(run.facts().judgeStats()));
        Drift.of(run.facts().canaries(run.run())).forEach(drift -> Answers.drift(told, drift));
        if (run.settings().tagger()) {
            List<String> described = run.facts().tagRequests(run.run());
            long done = described.stream().filter(run.facts()::describedByLlm).count();
            Answers.described(told, described.size(), done);
        }
    }

    /** As many of so many labels as the budget still allows. */
    private int affordable(int labels) {
        double price = run.settings().money().humanPrice();
        if (price == 0) {
            return labels;
        }
        double unpaid = run.unpaidLabels().size() * price;
        double spent = Allowance.usd(
                run.facts().books().onCalls() + run.facts().books().onPeople());
        return (int) Math.max(
                0, Math.min(labels, Math.floor((run.settings().budget() - spent - unpaid) / price + 1e-9)));
    }

    /** By value, the pairs of which people would tell more for a dollar than any judge. */
    private Set<String> leftToPeople(Map<String, String> told, List<ToLabel.Candidate> candidates) {
        if (!run.settings().money().byValue()) {
            return Set.of();
        }
        Sources sources = new Sources(run, told);
        return sources.measured()
                ? candidates.stream()
                        .map(ToLabel.Candidate::id)
                        .filter(id -> sources.best(id)
                                .map(source -> source.name().equals(Sources.PEOPLE))
                                .orElse(false))
                        .collect(Collectors.toSet())
                : Set.of();
    }

    /** The next pairs for people: flips that they audit come on top of those that tell most. */
    private List<ToLabel.Pick> toLabel(Map<String, String> told, @Nullable RightnessCalibrator calibrator) {
        List<String> drawn =
                calibrator == null ? List.of() : flips.draw(told, calibrator, affordable(Integer.MAX_VALUE));
        int count = affordable(run.settings().toLabel() + drawn.size()) - drawn.size();
        return ToLabel.withFlips(toLabel(told, calibrator, count), drawn);
    }

    private List<ToLabel.Pick> toLabel(Map<String, String> told, @Nullable RightnessCalibrator calibrator, int count) {
        long seed = run.settings().seed();
        List<Facts.Features> unlabelled = run.facts().features().values().stream()
                .filter(f -> !f.sameFeatures()
                        && !run.leftOut(f)
                        && !run.facts().gold().containsKey(f.pairId())
                        && run.facts().embedded(f.pairId()))
                .toList();
        if (calibrator != null && run.settings().strategy() != Strategy.SIMILARITY) {
            return ToLabel.withAudits(
                    fetching
                            .choose(fetching.open(), told, told.getOrDefault("best", "family/pool"), count, "to-label")
                            .stream()
                            .map(Selection.Pick::id)
                            .toList(),
                    unlabelled.stream().map(Facts.Features::pairId).toList(),
                    count,
                    seed);
        }
        if (calibrator != null) {
            List<ToLabel.Candidate> candidates = unlabelled.stream()
                    .map(f -> new ToLabel.Candidate(f.pairId(), calibrator.probability(run.input(told, f))))
                    .toList();
            return ToLabel.next(candidates, count, seed, leftToPeople(told, candidates));
        }
        float[][] vectors =
                unlabelled.stream().map(f -> run.facts().embedding(f.pairId())).toArray(float[][]::new);
        String[] ids = unlabelled.stream().map(Facts.Features::pairId).toArray(String[]::new);
        List<String> spread = Arrays.stream(KCenterGreedy.select(vectors, ids, count, seed))
                .mapToObj(i -> ids[i])
                .toList();
        return ToLabel.withAudits(spread, List.of(ids), count, seed);
    }
}
