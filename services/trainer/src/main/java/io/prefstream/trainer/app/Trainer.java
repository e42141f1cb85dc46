package io.prefstream.trainer.app;

import io.prefstream.core.reward.BradleyTerryHead;
import io.prefstream.core.reward.NeighbourModel;
import io.prefstream.core.reward.PoolPenalty;
import io.prefstream.core.reward.RightnessCalibrator;
import io.prefstream.core.reward.SourceReliability;
import io.prefstream.core.reward.Standardizer;
import io.prefstream.core.stats.Folds;
import io.prefstream.core.stats.Hashes;
import io.prefstream.core.stats.KCenterGreedy;
import io.prefstream.core.stats.Wilson;
import io.prefstream.core.verdict.Gates;
import io.prefstream.core.verdict.GoldState;
import io.prefstream.core.verdict.Thresholds;
import io.prefstream.core.verdict.ToLabel;
import io.prefstream.kit.topic.Topics;
import io.prefstream.trainer.client.Facts;
import io.prefstream.trainer.domain.Families;
import io.prefstream.trainer.domain.Phase;
import io.prefstream.trainer.domain.RunSettings;
import io.prefstream.trainer.domain.Step;
import io.prefstream.trainer.processor.StepWork;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointRole;
import io.prefstream.wire.HumanTask;
import io.prefstream.wire.JudgeVote;
import io.prefstream.wire.Label;
import io.prefstream.wire.LabelOutcome;
import io.prefstream.wire.LabelRequest;
import io.prefstream.wire.RequestProvenance;
import io.prefstream.wire.Round;
import io.prefstream.wire.ScoringRequest;
import io.prefstream.wire.ScoringSet;
import io.prefstream.wire.TaskState;
import io.prefstream.wire.TrainingRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What happens between the steps of a run. The same facts and settings give the same records, byte for byte. */
final class Trainer {

    private static final int ENCODER_COLUMNS = 384;
    private static final int PATIENCE = 2;
    private static final int MOST_NEIGHBOURS = 500;
    private static final int JUDGED_GOLD = 60;
    private static final int AUDIT_LABELS = 30;
    private static final double STAGE_ONE = 0.5;
    private static final String ADMITTED = "admitted";

    private final Facts facts;
    private final RunSettings settings;
    private final Map<String, String> raw;
    private final List<StepWork.Out> out = new ArrayList<>();

    Trainer(Facts facts, Map<String, String> raw) {
        this.facts = facts;
        this.raw = raw;
        this.settings = RunSettings.of(raw);
    }

    StepWork.Found after(Step last) {
        return switch (last.phase()) {
            case COLLECT -> goldState() == GoldState.READY ? train(last, 1) : unscored(last);
            case TRAIN -> evaluate(last);
            case EVALUATE -> settings.judges() ? admit(last, Phase.LABEL) : afterLabels(last);
            case LABEL -> afterLabels(last);
            case FINAL -> settings.judges() ? judge(last) : decide(last);
            case JUDGE -> admit(last, Phase.ASK);
            case ASK -> decide(last);
            case DECIDE -> found(new Step(last.run(), Phase.DONE, last.round()), known(last.run()), List.of());
            case DONE -> throw new IllegalStateException("nothing follows on the end of a run");
        };
    }

    private StepWork.Found afterLabels(Step last) {
        return goesOn(last) ? train(last, last.round() + 1) : finish(last);
    }

    // Gold

    private static boolean decided(Label label) {
        return label.getOutcome() == LabelOutcome.CHOSEN || label.getOutcome() == LabelOutcome.REJECTED;
    }

    private static boolean right(Label label) {
        return label.getOutcome() == LabelOutcome.CHOSEN;
    }

    /** Decided gold pairs that models can tell apart, by id. */
    private List<Facts.Features> gold() {
        return facts.gold().values().stream()
                .filter(Trainer::decided)
                .map(label -> facts.features().get(label.getPairId()))
                .filter(f -> f != null && !f.sameFeatures())
                .toList();
    }

    private boolean isRight(Facts.Features pair) {
        Label label = facts.gold().get(pair.pairId());
        return label != null && right(label);
    }

    private GoldState goldState() {
        List<Facts.Features> gold = gold();
        return GoldState.of(gold.size(), gold.stream().filter(this::isRight).count(), settings.goldMin());
    }

    /** Pairs that nobody verified and no mirror contradicts: what the pool's own heads train on. */
    private List<Facts.Features> pool() {
        return facts.features().values().stream()
                .filter(f -> !f.mirrored() && !f.sameFeatures() && !facts.gold().containsKey(f.pairId()))
                .toList();
    }

    private int fold(String pairId) {
        return Folds.of(settings.seed(), pairId, settings.folds());
    }

    // Steps

    private StepWork.Found unscored(Step last) {
        List<Facts.Features> pool = pool();
        if (!pool.isEmpty()) {
            Families.Data data = data(pool, scales(), f -> constant(pool.size()), Families.CURATED_L2);
            Families.Member all = new Families.Member(
                    -1,
                    -1,
                    BradleyTerryHead.fit(
                            data.featuresHash(), data.scales(), data.diffs(), constant(pool.size()), null, data.l2()));
            announce(all, "pool", CheckpointRole.BEST, 0, pool, Map.of("gold_decided", 0.0));
        }
        return decide(last);
    }

    private StepWork.Found train(Step last, int round) {
        Map<String, String> told = new TreeMap<>(known(last.run()));
        Standardizer scales = scales();
        List<String> candidates = new ArrayList<>();
        if (round == 1) {
            List<Facts.Features> pool = pool();
            List<Facts.Features> gold = gold();
            List<String> voters = new ArrayList<>();
            double[] goldTargets =
                    gold.stream().mapToDouble(g -> isRight(g) ? 1 : 0).toArray();
            List<Families.Member> goldFamily =
                    Families.singles(data(gold, scales, f -> goldTargets, Families.GOLD_L2), settings.folds());
            for (Families.Member member : goldFamily) {
                String id = announceFold(member, "gold", round, gold);
                told.put("family/gold/" + member.fold(), id);
                if (member.fold() >= 0) {
                    candidates.add(id);
                }
            }
            BradleyTerryHead goldHead = goldFamily.getLast().head();
            double[] goldMargins =
                    pool.stream().mapToDouble(f -> goldHead.margin(f.diff())).toArray();
            Families.Data open = data(pool, scales, f -> constant(pool.size()), Families.CURATED_L2);
            double penalty = PoolPenalty.choose(
                    open.featuresHash(), scales, open.diffs(), open.folds(), settings.folds(), goldMargins);
            told.put("l2/pool", Double.toString(penalty));
            Families.Data poolData = open.withL2(penalty);
            for (Families.Member member : Families.singles(poolData, settings.folds())) {
                String id = announceFold(member, "pool", round, pool);
                told.put("family/pool/" + member.fold(), id);
                if (member.fold() >= 0) {
                    voters.add(id);
                    candidates.add(id);
                    told.put("judge/pool/" + member.fold() + "/-1", id);
                }
            }
            for (Families.Member member : Families.pairs(poolData, settings.folds())) {
                String id = announceFold(member, "pool", round, pool);
                voters.add(id);
                told.put("judge/pool/" + member.fold() + "/" + member.otherFold(), id);
            }
            String neighbours = announceNeighbours(gold, scales, round);
            told.put("judge/neighbours/-1", neighbours);
            voters.add(neighbours);
            // A target for the head of fold f may not know the gold of fold f, on which that head is measured.
            for (int fold = -1; fold < settings.folds(); fold++) {
                SourceReliability source = new SourceReliability();
                for (Facts.Features g : gold) {
                    if (fold(g.pairId()) != fold) {
                        source.add(g.category(), isRight(g));
                    }
                }
                String name = "source/" + fold + "/";
                pool.stream()
                        .map(Facts.Features::category)
                        .distinct()
                        .sorted()
                        .forEach(category -> told.put(name + category, Double.toString(source.of(category))));
                told.put(name + "*", Double.toString(source.overall()));
            }
            request(last.run(), "votes", round, voters, ScoringSet.POOL);
        } else {
            List<Facts.Features> silver = facts.silver().values().stream()
                    .filter(Trainer::decided)
                    .map(label -> facts.features().get(label.getPairId()))
                    .filter(f -> f != null
                            && !f.sameFeatures()
                            && !f.mirrored()
                            && !facts.gold().containsKey(f.pairId()))
                    .toList();
            if (!silver.isEmpty()) {
                Families.Data data = data(silver, scales, f -> silverTargets(silver, f), Families.CURATED_L2);
                for (Families.Member member : Families.singles(data, settings.folds())) {
                    String id = announceFold(member, "silver", round, silver);
                    told.put(name("silver", round) + "/" + member.fold(), id);
                    if (member.fold() >= 0) {
                        candidates.add(id);
                    }
                }
            }
        }
        request(last.run(), "gold", round, candidates, ScoringSet.GOLD);
        return found(new Step(last.run(), Phase.TRAIN, round), told, candidates);
    }

    private StepWork.Found evaluate(Step last) {
        int round = last.round();
        Map<String, String> told = new TreeMap<>(known(last.run()));
        List<Facts.Features> gold = gold();
        String bestFamily = "";
        int best = -1;
        for (TrainingRun before : facts.trainings(last.run())) {
            if (!before.getFamily().equals("gold") && before.getGoldCorrect() > best && before.getRound() < round) {
                best = before.getGoldCorrect();
                bestFamily = before.getFamily() + "@" + before.getRound();
            }
        }
        List<TrainingRun> runs = new ArrayList<>();
        for (String family : round == 1 ? List.of("pool", "gold") : List.of("silver")) {
            if (!told.containsKey(name(family, round) + "/0")) {
                continue;
            }
            int correct = correct(gold, last.run(), round, told, name(family, round));
            boolean wins = !family.equals("gold") && correct > best;
            if (wins) {
                best = correct;
                bestFamily = family + "@" + round;
            }
            runs.add(training(
                    last.run(), round, family, trainedOn(told, name(family, round)), correct, gold.size(), wins));
        }
        runs.forEach(r -> out.add(
                new StepWork.Out(Topics.TRAINING_RUNS, r.getRun() + "/" + r.getRound() + "/" + r.getFamily(), r)));
        String family = bestFamily.substring(0, bestFamily.indexOf('@'));
        int madeIn = Integer.parseInt(bestFamily.substring(bestFamily.indexOf('@') + 1));
        List<String> members = members(told, name(family, madeIn), false);
        told.put("best", name(family, madeIn));
        request(last.run(), "evaluate", round, members, ScoringSet.EVALUATE);
        return found(new Step(last.run(), Phase.EVALUATE, round), told, members);
    }

    /** Pairs that the member of a family trained on all folds has seen. */
    private int trainedOn(Map<String, String> told, String family) {
        Checkpoint all = facts.checkpoint(told.getOrDefault(family + "/-1", ""));
        return all == null ? 0 : all.getTrainedOn();
    }

    private boolean goesOn(Step last) {
        if (last.round() >= settings.rounds()) {
            return false;
        }
        int best = -1;
        int since = 0;
        for (int round = 1; round <= last.round(); round++) {
            int now = round;
            int correct = facts.trainings(last.run()).stream()
                    .filter(t -> t.getRound() == now && !t.getFamily().equals("gold"))
                    .mapToInt(TrainingRun::getGoldCorrect)
                    .max()
                    .orElse(-1);
            since = correct > best ? 0 : since + 1;
            best = Math.max(best, correct);
        }
        return since < PATIENCE;
    }

    private StepWork.Found finish(Step last) {
        Map<String, String> told = new TreeMap<>(known(last.run()));
        String best = told.getOrDefault("best", "family/pool");
        List<String> scoring = new ArrayList<>(members(told, best, false));
        scoring.addAll(members(told, "family/gold", true));
        request(last.run(), "final", last.round(), scoring, ScoringSet.POOL);
        told.put("final/round", Integer.toString(last.round()));
        serve(told.getOrDefault(best + "/-1", ""), CheckpointRole.BEST);
        serve(told.getOrDefault("family/gold/-1", ""), CheckpointRole.GOLD);
        return found(new Step(last.run(), Phase.FINAL, last.round()), told, scoring);
    }

    private StepWork.Found judge(Step last) {
        Map<String, String> told = new TreeMap<>(known(last.run()));
        RightnessCalibrator calibrator = calibrator(last.run(), told);
        if (calibrator != null) {
            List<ToLabel.Candidate> open = facts.features().values().stream()
                    .filter(f ->
                            !f.sameFeatures() && !f.mirrored() && !facts.gold().containsKey(f.pairId()))
                    .map(f -> new ToLabel.Candidate(f.pairId(), pRight(calibrator, last.run(), told, f)))
                    .filter(c -> c.pRight() > settings.flip() && c.pRight() < settings.keep())
                    .sorted(Comparator.<ToLabel.Candidate>comparingDouble(c -> Math.abs(c.pRight() - 0.5))
                            .thenComparing(ToLabel.Candidate::id, Hashes.order(settings.seed(), "judge")))
                    .limit(settings.maxCalls() / settings.callsPerPair())
                    .toList();
            gold().stream()
                    .map(Facts.Features::pairId)
                    .sorted(Hashes.order(settings.seed(), "judge-gold"))
                    .limit(JUDGED_GOLD)
                    .forEach(pair -> ask(pair, last, 1, "uncertain"));
            open.forEach(c -> ask(c.id(), last, 1 - 2 * Math.abs(c.pRight() - 0.5), "uncertain"));
        }
        return found(new Step(last.run(), Phase.JUDGE, last.round()), told, List.of());
    }

    /**
     * Lets through the requests that fit the budget, each at the most it can cost, in the order of priority and hash: the
     * same pairs at any number of partitions. Rounds leave half of calls and money to the last step.
     */
    private StepWork.Found admit(Step last, Phase phase) {
        double share = phase == Phase.LABEL ? STAGE_ONE : 1;
        String run = "run-" + last.run();
        record Wanted(String pairId, double priority) {}
        List<Wanted> wanted = new ArrayList<>();
        long calls = 0;
        for (Map.Entry<String, List<LabelRequest>> pair : facts.requests().entrySet()) {
            List<LabelRequest> requests = pair.getValue();
            boolean admitted = requests.stream()
                    .anyMatch(r -> r.getStrategy().equals(ADMITTED)
                            && r.getProvenance().getInputs().contains(run));
            if (admitted) {
                calls += settings.callsPerPair();
            } else if (facts.quote(pair.getKey()) != null
                    && facts.llmVotes(pair.getKey()).isEmpty()) {
                double priority = requests.stream()
                        .filter(r -> !r.getStrategy().equals(ADMITTED))
                        .mapToDouble(r -> r.getStrategy().equals("adaptive") ? 1 : r.getSimilarity())
                        .sum();
                wanted.add(new Wanted(pair.getKey(), priority));
            }
        }
        wanted.sort(Comparator.comparingDouble(Wanted::priority)
                .reversed()
                .thenComparing(Wanted::pairId, Hashes.order(settings.seed(), "admit")));
        double reserved = facts.spent();
        for (Wanted pair : wanted) {
            Double worst = facts.quote(pair.pairId());
            if (worst == null
                    || calls + settings.callsPerPair() > share * settings.maxCalls()
                    || reserved + worst > share * settings.budget()) {
                break; // in order, so that what is asked doesn't depend on who came later
            }
            calls += settings.callsPerPair();
            reserved += worst;
            ask(pair.pairId(), last, pair.priority(), ADMITTED);
        }
        Map<String, String> told = new TreeMap<>(known(last.run()));
        told.put("judges/calls", Long.toString(calls));
        told.put("judges/left-out", Long.toString(wanted.size() - out.size()));
        return found(new Step(last.run(), phase, last.round()), told, List.of());
    }

    private void ask(String pairId, Step last, double priority, String strategy) {
        out.add(new StepWork.Out(
                Topics.LABEL_REQUESTS,
                pairId,
                LabelRequest.newBuilder()
                        .setPairId(pairId)
                        .setRound(last.round())
                        .setAnchors(List.of())
                        .setSimilarity(priority)
                        .setStrategy(strategy)
                        .setProvenance(RequestProvenance.newBuilder()
                                .setStage("trainer")
                                .setStageVersion("1")
                                .setConfigHash("")
                                .setInputs(List.of("run-" + last.run()))
                                .setRevision(null)
                                .setCostUsd(null)
                                .build())
                        .build()));
    }

    private StepWork.Found decide(Step last) {
        Map<String, String> told = new TreeMap<>(known(last.run()));
        raw.forEach((key, value) -> told.put("run/" + key, value));
        GoldState state = goldState();
        List<Facts.Features> gold = gold();
        told.put("gold/state", state.name());
        told.put("decision", settings.paper() ? "paper" : "calibrated");
        told.put("keep", Double.toString(settings.keep()));
        told.put("flip", Double.toString(settings.flip()));
        told.put("seed", Long.toString(settings.seed()));
        told.put("folds", Integer.toString(settings.folds()));
        told.put("request", requestId(last.run(), "final", Integer.parseInt(told.getOrDefault("final/round", "0"))));
        told.put("gate/keep", "closed");
        told.put("gate/flip", "closed");
        RightnessCalibrator calibrator = state == GoldState.READY ? calibrator(last.run(), told) : null;
        if (calibrator == null) {
            told.put(
                    "answer/gold/1 answer",
                    "no: " + gold.size() + " decided human labels, and at least " + settings.goldMin()
                            + " are needed, pointing both ways. Fill in to-label.jsonl and give it back with --gold");
            told.put("answer/better/1 answer", "unknown: nothing was filtered");
        } else {
            for (int i = 0; i < calibrator.weights().length; i++) {
                told.put("calibrator/" + i, Double.toString(calibrator.weights()[i]));
            }
            proof(last.run(), told, gold, calibrator);
        }
        if (settings.judges()) {
            judged(told);
        }
        tasks(last, told, calibrator);
        return found(new Step(last.run(), Phase.DECIDE, last.round()), told, List.of());
    }

    // Deciding

    private @Nullable RightnessCalibrator calibrator(int run, Map<String, String> told) {
        List<Facts.Features> gold = gold();
        boolean[] right = new boolean[gold.size()];
        List<RightnessCalibrator.Input> inputs = new ArrayList<>();
        for (int i = 0; i < right.length; i++) {
            right[i] = isRight(gold.get(i));
            inputs.add(input(run, told, gold.get(i)));
        }
        return RightnessCalibrator.fit(inputs, right).orElse(null);
    }

    private RightnessCalibrator.Input input(int run, Map<String, String> told, Facts.Features pair) {
        int fold = fold(pair.pairId());
        boolean isGold = facts.gold().containsKey(pair.pairId());
        String request = requestId(run, "final", Integer.parseInt(told.getOrDefault("final/round", "0")));
        String best = told.getOrDefault(told.getOrDefault("best", "family/pool") + "/" + fold, "");
        String goldModel = told.getOrDefault("family/gold/" + (isGold ? fold : -1), "");
        Double b = facts.margin(request, pair.pairId(), best);
        Double g = facts.margin(request, pair.pairId(), goldModel);
        return new RightnessCalibrator.Input(b == null ? 0 : b, g == null ? 0 : g, judges(pair.pairId()));
    }

    private int judges(String pairId) {
        int sum = 0;
        for (JudgeVote vote : facts.llmVotes(pairId)) {
            sum += vote.getOutcome() == LabelOutcome.CHOSEN ? 1 : vote.getOutcome() == LabelOutcome.REJECTED ? -1 : 0;
        }
        return Integer.signum(sum);
    }

    private double pRight(RightnessCalibrator calibrator, int run, Map<String, String> told, Facts.Features pair) {
        return calibrator.probability(input(run, told, pair));
    }

    private void proof(int run, Map<String, String> told, List<Facts.Features> gold, RightnessCalibrator calibrator) {
        boolean[] right = new boolean[gold.size()];
        int[] folds = new int[gold.size()];
        List<RightnessCalibrator.Input> inputs = new ArrayList<>();
        for (int i = 0; i < right.length; i++) {
            right[i] = isRight(gold.get(i));
            folds[i] = fold(gold.get(i).pairId());
            inputs.add(input(run, told, gold.get(i)));
        }
        List<OptionalDouble> held = RightnessCalibrator.outOfFold(inputs, right, folds, settings.folds());
        double[] p = held.stream().mapToDouble(o -> o.orElse(Double.NaN)).toArray();
        int[] drawn = audit(gold);
        boolean audited = drawn.length >= AUDIT_LABELS;
        Gates gates = audited
                ? Gates.of(Arrays.stream(drawn).mapToDouble(i -> p[i]).toArray(), pick(right, drawn), thresholds())
                : Gates.of(p, right, thresholds());
        told.put("gate/keep", gates.keep().open() ? "open" : "closed");
        told.put("gate/flip", gates.flip().open() ? "open" : "closed");
        long judged = inputs.stream().filter(i -> i.judges() != 0).count();
        told.put("judges/in-p-right", Boolean.toString(judged >= RightnessCalibrator.JUDGED));
        told.put(
                "answer/gold/1 labels",
                gates.labels() + " decided human labels, original label right on " + percent(gates.base()));
        told.put(
                "answer/gold/1 drawn by",
                audited
                        ? drawn.length + " audit labels, drawn at random, which alone count below"
                        : "people, or by what the models found hard: below " + AUDIT_LABELS
                                + " audit labels (there are " + drawn.length
                                + ") the figures hold for such pairs, not surely for the pool");
        told.put("answer/gold/2 KEEP", region(gates.keep(), "precision must be above " + percent(gates.base())));
        told.put("answer/gold/3 FLIP", region(gates.flip(), "precision must be at least 80.0 % on 20 labels"));
        better(run, told, gold, right, folds, calibrator);
    }

    private void judged(Map<String, String> told) {
        int asked = 0;
        int decided = 0;
        int agreed = 0;
        for (Facts.Features pair : gold()) {
            int vote = judges(pair.pairId());
            asked += facts.llmVotes(pair.pairId()).isEmpty() ? 0 : 1;
            decided += vote != 0 ? 1 : 0;
            agreed += vote != 0 && vote > 0 == isRight(pair) ? 1 : 0;
        }
        told.put(
                "answer/judges/1 calls",
                told.getOrDefault("judges/calls", "0") + " in this run; " + told.getOrDefault("judges/left-out", "0")
                        + " open pairs were left out by --judge-calls or the budget"
                        + (facts.spent() > 0
                                ? String.format(Locale.ROOT, "; $%.4f spent on this folder", facts.spent())
                                : ""));
        told.put(
                "answer/judges/2 against people",
                decided == 0
                        ? "no human-labelled pair was decided by them"
                        : agreed + " of " + decided + " human labels, " + percent((double) agreed / decided)
                                + String.format(
                                        Locale.ROOT,
                                        " (90 %% interval %s to %s)",
                                        percent(Wilson.lower(agreed, decided, Gates.LEVEL)),
                                        percent(Wilson.upper(agreed, decided, Gates.LEVEL)))
                                + "; no decision on " + (asked - decided) + " more");
    }

    private Thresholds thresholds() {
        return new Thresholds(settings.keep(), settings.flip());
    }

    /** Places of the gold pairs that were drawn at random. */
    private int[] audit(List<Facts.Features> gold) {
        return IntStream.range(0, gold.size())
                .filter(i -> {
                    Label label = facts.gold().get(gold.get(i).pairId());
                    return label != null && label.getAudit();
                })
                .toArray();
    }

    private static boolean[] pick(boolean[] all, int[] places) {
        boolean[] some = new boolean[places.length];
        for (int i = 0; i < places.length; i++) {
            some[i] = all[places[i]];
        }
        return some;
    }

    /** Accuracy on gold, out of fold, of models trained on raw labels, on what is kept, and on gold alone. */
    private void better(
            int run,
            Map<String, String> told,
            List<Facts.Features> gold,
            boolean[] right,
            int[] folds,
            RightnessCalibrator calibrator) {
        List<Facts.Features> kept = new ArrayList<>();
        List<Double> targets = new ArrayList<>();
        for (Facts.Features pair : pool()) {
            double p = pRight(calibrator, run, told, pair);
            if (p >= settings.keep() || p <= settings.flip()) {
                kept.add(pair);
                targets.add(p >= settings.keep() ? 1.0 : 0.0);
            }
        }
        int raw = correct(gold, run, 1, told, "family/pool");
        int alone = correct(gold, run, 1, told, "family/gold");
        told.put("answer/better/1 trained on raw labels", share(raw, gold.size()));
        told.put("answer/better/3 trained on the human labels alone", share(alone, gold.size()));
        if (kept.size() < settings.folds() * 2) {
            told.put("answer/better/2 trained on curated labels", "too few pairs would be kept to train on");
            return;
        }
        double[] curatedTargets = targets.stream().mapToDouble(t -> t).toArray();
        List<Families.Member> members =
                Families.singles(data(kept, scales(), f -> curatedTargets, Families.CURATED_L2), settings.folds());
        int curated = 0;
        for (int i = 0; i < right.length; i++) {
            double margin = members.get(folds[i]).head().margin(gold.get(i).diff());
            curated += margin > 0 == right[i] && margin != 0 ? 1 : 0;
        }
        told.put("answer/better/2 trained on curated labels", share(curated, gold.size()));
    }

    private void tasks(Step last, Map<String, String> told, @Nullable RightnessCalibrator calibrator) {
        List<Facts.Features> unlabelled = facts.features().values().stream()
                .filter(f -> !f.sameFeatures() && !facts.gold().containsKey(f.pairId()) && facts.embedded(f.pairId()))
                .toList();
        List<ToLabel.Pick> picks;
        if (calibrator == null) {
            float[][] vectors =
                    unlabelled.stream().map(f -> facts.embedding(f.pairId())).toArray(float[][]::new);
            String[] ids = unlabelled.stream().map(Facts.Features::pairId).toArray(String[]::new);
            List<String> spread = Arrays.stream(KCenterGreedy.select(vectors, ids, settings.toLabel(), settings.seed()))
                    .mapToObj(i -> ids[i])
                    .toList();
            picks = ToLabel.withAudits(spread, List.of(ids), settings.toLabel(), settings.seed());
        } else {
            picks = ToLabel.next(
                    unlabelled.stream()
                            .map(f -> new ToLabel.Candidate(f.pairId(), pRight(calibrator, last.run(), told, f)))
                            .toList(),
                    settings.toLabel(),
                    settings.seed());
        }
        for (int i = 0; i < picks.size(); i++) {
            ToLabel.Pick pick = picks.get(i);
            boolean chosenFirst = (Hashes.of(settings.seed(), "shown-first", pick.id()) & 1) == 0;
            out.add(new StepWork.Out(
                    Topics.HUMAN_TASKS,
                    pick.id(),
                    HumanTask.newBuilder()
                            .setPairId(pick.id())
                            .setRound(last.run())
                            .setPriority(picks.size() - i)
                            .setAudit(pick.audit())
                            .setShownFirst(chosenFirst ? "chosen" : "rejected")
                            .setState(TaskState.OPEN)
                            .build()));
        }
    }

    // Training

    private Standardizer scales() {
        float[][] diffs =
                facts.features().values().stream().map(Facts.Features::diff).toArray(float[][]::new);
        return Standardizer.of(diffs, ENCODER_COLUMNS);
    }

    private Families.Data data(
            List<Facts.Features> pairs, Standardizer scales, IntFunction<double[]> targets, double l2) {
        float[][] diffs = pairs.stream().map(f -> scales.apply(f.diff())).toArray(float[][]::new);
        int[] folds = pairs.stream().mapToInt(f -> fold(f.pairId())).toArray();
        return new Families.Data(featuresHash(pairs), scales, diffs, folds, targets, l2);
    }

    private static String featuresHash(List<Facts.Features> pairs) {
        return BradleyTerryHead.featuresHash(
                List.of(pairs.isEmpty() ? "" : pairs.getFirst().featureSet()));
    }

    private double[] silverTargets(List<Facts.Features> pairs, int leftOut) {
        return pairs.stream()
                .mapToDouble(f -> {
                    Label label = facts.silver().get(f.pairId());
                    if (label == null) {
                        return 0.5;
                    }
                    return leftOut >= 0 && label.getFoldP().size() > leftOut
                            ? label.getFoldP().get(leftOut)
                            : label.getPRight();
                })
                .toArray();
    }

    private static double[] constant(int n) {
        double[] ones = new double[n];
        Arrays.fill(ones, 1);
        return ones;
    }

    // Records

    private String announceFold(Families.Member member, String family, int round, List<Facts.Features> trainedOn) {
        return announce(
                member,
                family,
                member.fold() >= 0 ? CheckpointRole.FOLD : CheckpointRole.CANDIDATE,
                round,
                trainedOn,
                Map.of());
    }

    private String announce(
            Families.Member member,
            String family,
            CheckpointRole role,
            int round,
            List<Facts.Features> trainedOn,
            Map<String, Double> metrics) {
        var checkpoint = Announcement.ofHead(member, family, role, round, trainedOn, metrics);
        out.add(new StepWork.Out(Topics.CHECKPOINTS, checkpoint.getCheckpointId(), checkpoint));
        return checkpoint.getCheckpointId();
    }

    private String announceNeighbours(List<Facts.Features> gold, Standardizer scales, int round) {
        List<Facts.Features> some = gold.stream()
                .sorted(Comparator.comparing(Facts.Features::pairId, Hashes.order(settings.seed(), "neighbours")))
                .limit(MOST_NEIGHBOURS)
                .sorted(Comparator.comparing(Facts.Features::pairId))
                .toList();
        boolean[] right = new boolean[some.size()];
        int[] folds = new int[some.size()];
        float[][] diffs = new float[some.size()][];
        for (int i = 0; i < right.length; i++) {
            right[i] = isRight(some.get(i));
            folds[i] = fold(some.get(i).pairId());
            diffs[i] = scales.apply(some.get(i).diff());
        }
        var checkpoint = Announcement.ofNeighbours(NeighbourModel.of(scales, diffs, right, folds), round, some);
        out.add(new StepWork.Out(Topics.CHECKPOINTS, checkpoint.getCheckpointId(), checkpoint));
        return checkpoint.getCheckpointId();
    }

    /** Announces the member that was trained on all folds again, as the one to serve. */
    private void serve(String checkpointId, CheckpointRole role) {
        Checkpoint announced = facts.checkpoint(checkpointId);
        if (announced != null) {
            Checkpoint served = Checkpoint.newBuilder(announced).setRole(role).build();
            out.add(new StepWork.Out(Topics.CHECKPOINTS, checkpointId, served));
        }
    }

    private void request(int run, String purpose, int round, List<String> checkpoints, ScoringSet set) {
        ScoringRequest request = ScoringRequest.newBuilder()
                .setRequestId(requestId(run, purpose, round))
                .setRound(round)
                .setCheckpoints(checkpoints)
                .setSet(set)
                .setSeed(settings.seed())
                .setFolds(settings.folds())
                .build();
        out.add(new StepWork.Out(Topics.SCORING_REQUESTS, request.getRequestId(), request));
    }

    private static String requestId(int run, String purpose, int round) {
        return "run-" + run + "/" + purpose + "-" + round;
    }

    private static TrainingRun training(
            int run, int round, String family, int pairs, int correct, int decided, boolean wins) {
        return TrainingRun.newBuilder()
                .setRun(run)
                .setRound(round)
                .setFamily(family)
                .setPairs(pairs)
                .setGoldCorrect(correct)
                .setGoldDecided(decided)
                .setAccuracy(decided == 0 ? 0.5 : (double) correct / decided)
                .setChosenAsBest(wins)
                .setSettings(new HashMap<>())
                .build();
    }

    private StepWork.Found found(Step step, Map<String, String> told, List<String> checkpoints) {
        Round round = Round.newBuilder()
                .setRun(step.run())
                .setRound(step.round())
                .setPhase(step.phase().wireName())
                .setSettings(told)
                .setCheckpoints(checkpoints)
                .setLabels(null)
                .setCounts(new TreeMap<>())
                .build();
        return new StepWork.Found(round, List.copyOf(out));
    }

    /** Settings told in the run's earlier steps. */
    private Map<String, String> known(int run) {
        return facts.told(run);
    }

    /** Settings' name of a family; a silver family is one of its round. */
    private static String name(String family, int round) {
        return family.equals("silver") ? "family/silver@" + round : "family/" + family;
    }

    private List<String> members(Map<String, String> told, String family, boolean all) {
        List<String> ids = new ArrayList<>();
        for (int fold = all ? -1 : 0; fold < settings.folds(); fold++) {
            String id = told.get(family + "/" + fold);
            if (id != null) {
                ids.add(id);
            }
        }
        return ids;
    }

    /** Gold pairs that a family ranks right, each by the member that has not seen its fold. */
    private int correct(List<Facts.Features> gold, int run, int round, Map<String, String> told, String family) {
        int correct = 0;
        for (Facts.Features pair : gold) {
            String member = told.getOrDefault(family + "/" + fold(pair.pairId()), "");
            Double margin = facts.margin(requestId(run, "gold", round), pair.pairId(), member);
            correct += margin != null && margin != 0 && margin > 0 == isRight(pair) ? 1 : 0;
        }
        return correct;
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

    private static String share(int right, int n) {
        return String.format(
                Locale.ROOT,
                "%d of %d human labels ranked right out of fold, %s (90 %% interval %s to %s)",
                right,
                n,
                percent(n == 0 ? 0 : (double) right / n),
                percent(Wilson.lower(right, n, Gates.LEVEL)),
                percent(Wilson.upper(right, n, Gates.LEVEL)));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
