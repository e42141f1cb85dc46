package io.prefstream.trainer.round;

import io.prefstream.core.reward.BradleyTerryHead;
import io.prefstream.core.reward.NeighbourModel;
import io.prefstream.core.reward.PoolPenalty;
import io.prefstream.core.reward.SourceReliability;
import io.prefstream.core.reward.Standardizer;
import io.prefstream.core.stats.Hashes;
import io.prefstream.trainer.client.Facts;
import io.prefstream.trainer.domain.Families;
import io.prefstream.trainer.domain.Penalties;
import io.prefstream.trainer.domain.Phase;
import io.prefstream.trainer.processor.StepWork;
import io.prefstream.wire.CheckpointRole;
import io.prefstream.wire.Label;
import io.prefstream.wire.ScoringSet;
import io.prefstream.wire.TrainingRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/** Trains the families of heads of a round, chooses the best on gold, and ends the rounds. */
final class Training {

    private static final int MOST_NEIGHBOURS = 500;

    private final RunFacts run;
    private final StepRecords records;
    private final Fetching fetching;

    Training(RunFacts run, StepRecords records, Fetching fetching) {
        this.run = run;
        this.records = records;
        this.fetching = fetching;
    }

    /** Trains the round's heads and orders their scores on gold; in the first round also the built-in judges' scores. */
    StepWork.Found train(int round) {
        Map<String, String> told = run.told();
        told.put(Fetching.ADMITTED_ONLY, Boolean.toString(Fetching.admits(run)));
        List<String> candidates = round == 1 ? trainJudges(told) : trainOnSilver(told, round);
        if (round == 1) {
            candidates.addAll(Outsiders.enter(run, told));
        }
        records.score("gold", round, candidates, ScoringSet.GOLD);
        return records.step(Phase.TRAIN, round, told, candidates);
    }

    /** Heads on gold and on the pool's own labels, which with the neighbours and the source are the built-in judges. */
    private List<String> trainJudges(Map<String, String> told) {
        Standardizer scales = run.scales();
        List<Facts.Features> pool = run.pool();
        List<Facts.Features> gold = run.gold();
        List<String> candidates = new ArrayList<>();
        List<String> voters = new ArrayList<>();
        double[] goldTargets =
                gold.stream().mapToDouble(g -> run.isRight(g) ? 1 : 0).toArray();
        Families.Data goldData = data(run, gold, scales, f -> goldTargets, Families.GOLD_L2);
        double[] goldPenalties = run.settings().choosesPenalties()
                ? Penalties.ofGold(goldData, goldLabels(run, scales).right(), folds())
                : Penalties.fixed(Families.GOLD_L2, folds());
        tellPenalty(told, "gold", goldPenalties);
        List<Families.Member> goldFamily = Families.singles(goldData, folds(), goldPenalties);
        for (Families.Member member : goldFamily) {
            String id = records.announce(member, "gold", 1, gold);
            told.put("family/gold/" + member.fold(), id);
            if (member.fold() >= 0) {
                candidates.add(id);
            }
        }
        BradleyTerryHead goldHead = goldFamily.getLast().head();
        double[] goldMargins =
                pool.stream().mapToDouble(f -> goldHead.margin(f.diff())).toArray();
        Families.Data open = data(run, pool, scales, f -> ones(pool.size()), Families.CURATED_L2);
        double penalty =
                PoolPenalty.choose(open.featuresHash(), scales, open.diffs(), open.folds(), folds(), goldMargins);
        told.put("l2/pool", Double.toString(penalty));
        Families.Data poolData = open.withL2(penalty);
        for (Families.Member member : Families.singles(poolData, folds())) {
            String id = records.announce(member, "pool", 1, pool);
            told.put("family/pool/" + member.fold(), id);
            if (member.fold() >= 0) {
                voters.add(id);
                candidates.add(id);
                told.put("judge/pool/" + member.fold() + "/-1", id);
            }
        }
        for (Families.Member member : Families.pairs(poolData, folds())) {
            String id = records.announce(member, "pool", 1, pool);
            voters.add(id);
            told.put("judge/pool/" + member.fold() + "/" + member.otherFold(), id);
        }
        String neighbours = announceNeighbours(gold, scales);
        told.put("judge/neighbours/-1", neighbours);
        voters.add(neighbours);
        tellSource(told, gold, pool);
        records.score("votes", 1, voters, ScoringSet.POOL);
        return candidates;
    }

    private String announceNeighbours(List<Facts.Features> gold, Standardizer scales) {
        List<Facts.Features> some = gold.stream()
                .sorted(Comparator.comparing(
                        Facts.Features::pairId, Hashes.order(run.settings().seed(), "neighbours")))
                .limit(MOST_NEIGHBOURS)
                .sorted(Comparator.comparing(Facts.Features::pairId))
                .toList();
        boolean[] right = new boolean[some.size()];
        int[] folds = new int[some.size()];
        float[][] diffs = new float[some.size()][];
        for (int i = 0; i < right.length; i++) {
            right[i] = run.isRight(some.get(i));
            folds[i] = run.fold(some.get(i).pairId());
            diffs[i] = scales.apply(some.get(i).diff());
        }
        return records.announce(NeighbourModel.of(scales, diffs, right, folds), 1, some);
    }

    /** The source's reliability. A target for the head of fold f may not know the gold of f, on which that head is measured. */
    private void tellSource(Map<String, String> told, List<Facts.Features> gold, List<Facts.Features> pool) {
        for (int fold = -1; fold < folds(); fold++) {
            SourceReliability source = new SourceReliability();
            for (Facts.Features g : gold) {
                if (run.fold(g.pairId()) != fold) {
                    source.add(g.category(), run.isRight(g));
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
    }

    private List<String> trainOnSilver(Map<String, String> told, int round) {
        List<Facts.Features> silver = run.silver();
        List<String> candidates = new ArrayList<>();
        if (silver.isEmpty()) {
            return candidates;
        }
        Families.Data data = data(run, silver, run.scales(), f -> silverTargets(silver, f), Families.CURATED_L2);
        double[] penalties = run.settings().choosesPenalties()
                ? Penalties.ofOthers(data, goldLabels(run, data.scales()), folds())
                : Penalties.fixed(data.l2(), folds());
        tellPenalty(told, "silver", penalties);
        for (Families.Member member : Families.singles(data, folds(), penalties)) {
            String id = records.announce(member, "silver", round, silver);
            told.put(RunFacts.family("silver", round) + "/" + member.fold(), id);
            if (member.fold() >= 0) {
                candidates.add(id);
            }
        }
        return candidates;
    }

    private double[] silverTargets(List<Facts.Features> pairs, int leftOut) {
        return pairs.stream()
                .mapToDouble(f -> {
                    Label label = run.facts().silver().get(f.pairId());
                    if (label == null) {
                        return 0.5;
                    }
                    return leftOut >= 0 && label.getFoldP().size() > leftOut
                            ? label.getFoldP().get(leftOut)
                            : label.getPRight();
                })
                .toArray();
    }

    /** Chooses the best family so far by exact counts on gold, and fetches pairs to label by it. */
    StepWork.Found evaluate() {
        int round = records.round();
        Map<String, String> told = run.told();
        List<Facts.Features> gold = run.gold();
        Lead best = new Lead();
        Lead heads = new Lead();
        for (TrainingRun before : run.facts().trainings(run.run())) {
            if (!before.getFamily().equals("gold") && before.getRound() < round) {
                String family = RunFacts.family(before.getFamily(), before.getRound());
                best.takes(family, before.getGoldCorrect());
                if (!Outsiders.is(family)) {
                    heads.takes(family, before.getGoldCorrect());
                }
            }
        }
        List<String> kinds = new ArrayList<>(round == 1 ? List.of("pool", "gold") : List.of("silver"));
        if (round == 1) {
            Outsiders.of(told).forEach(id -> kinds.add(Outsiders.kind(id)));
        }
        for (String kind : kinds) {
            String family = RunFacts.family(kind, round);
            if (!told.containsKey(family + "/0")) {
                continue;
            }
            int correct = run.correct(gold, round, told, family);
            boolean wins = !kind.equals("gold") && best.takes(family, correct);
            if (!kind.equals("gold") && !Outsiders.is(family)) {
                heads.takes(family, correct);
            }
            Map<String, Double> metrics = new Measuring(run).onGold(gold, round, told, family);
            records.training(kind, round, run.trainedOn(told, family), correct, gold.size(), wins, metrics);
            records.measured(told.getOrDefault(family + "/-1", ""), metrics);
        }
        String bestFamily = best.family;
        List<String> members = run.members(told, bestFamily, false);
        told.put("best", bestFamily);
        told.put(Fetching.BEST_HEADS, heads.family);
        fetching.fetch(told, bestFamily);
        return records.step(Phase.EVALUATE, round, told, members);
    }

    /** The family that ranks most gold pairs right; among equals the first. */
    private static final class Lead {
        private String family = "";
        private int correct = -1;

        boolean takes(String other, int itsCorrect) {
            boolean wins = itsCorrect > correct;
            if (wins) {
                family = other;
                correct = itsCorrect;
            }
            return wins;
        }
    }

    /** Why no other round follows: none is left, or they no longer pay; empty while they go on. Also accounts for the round. */
    Optional<String> ends() {
        int round = records.round();
        Accounts accounts = new Accounts(run);
        Optional<String> ended = round >= run.settings().rounds()
                ? Optional.of("all " + round + " rounds are done")
                : run.settings().money().stop().stops(accounts.rounds(round));
        records.account(accounts.ofRound(round, ended.orElse("")));
        return ended;
    }

    /** Has the pool scored by the best and the gold family, and serves the members that were trained on all folds. */
    StepWork.Found finish(String ended) {
        Map<String, String> told = run.told();
        told.put("rounds/ended", ended);
        String best = told.getOrDefault("best", "family/pool");
        List<String> scoring = new ArrayList<>(run.members(told, best, false));
        scoring.addAll(run.members(told, "family/gold", true));
        List<String> shadows = new ArrayList<>(Outsiders.of(told));
        shadows.removeAll(scoring);
        records.score("final", records.round(), scoring, shadows);
        told.put("final/round", Integer.toString(records.round()));
        records.serve(told.getOrDefault(best + "/-1", ""), CheckpointRole.BEST);
        records.serve(told.getOrDefault("family/gold/-1", ""), CheckpointRole.GOLD);
        return records.step(Phase.FINAL, records.round(), told, scoring);
    }

    /** Without gold a head on the labels as they came is served, and nothing is scored. */
    void unscored() {
        List<Facts.Features> pool = run.pool();
        if (!pool.isEmpty()) {
            Families.Data data = data(run, pool, run.scales(), f -> ones(pool.size()), Families.CURATED_L2);
            BradleyTerryHead head = BradleyTerryHead.fit(
                    data.featuresHash(), data.scales(), data.diffs(), ones(pool.size()), null, data.l2());
            records.announce(Announcement.ofHead(
                    new Families.Member(-1, -1, head),
                    "pool",
                    CheckpointRole.BEST,
                    0,
                    pool,
                    Map.of("gold_decided", 0.0),
                    run));
        }
    }

    private int folds() {
        return run.settings().folds();
    }

    /** What a family trains on: these pairs, scaled. */
    static Families.Data data(
            RunFacts run, List<Facts.Features> pairs, Standardizer scales, IntFunction<double[]> targets, double l2) {
        float[][] diffs = pairs.stream().map(f -> scales.apply(f.diff())).toArray(float[][]::new);
        int[] folds = pairs.stream().mapToInt(f -> run.fold(f.pairId())).toArray();
        return new Families.Data(
                BradleyTerryHead.featuresHash(List.of(run.featureSet())), scales, diffs, folds, targets, l2);
    }

    private static Penalties.Labels goldLabels(RunFacts run, Standardizer scales) {
        List<Facts.Features> gold = run.gold();
        float[][] diffs = gold.stream().map(g -> scales.apply(g.diff())).toArray(float[][]::new);
        boolean[] right = new boolean[gold.size()];
        int[] folds = new int[gold.size()];
        for (int i = 0; i < right.length; i++) {
            right[i] = run.isRight(gold.get(i));
            folds[i] = run.fold(gold.get(i).pairId());
        }
        return new Penalties.Labels(diffs, right, folds);
    }

    /** The penalty of the head on all folds, where it was chosen. */
    private void tellPenalty(Map<String, String> told, String family, double[] penalties) {
        if (run.settings().choosesPenalties()) {
            told.put("l2/" + family, Double.toString(penalties[folds()]));
        }
    }

    private static double[] ones(int n) {
        double[] ones = new double[n];
        Arrays.fill(ones, 1);
        return ones;
    }
}
