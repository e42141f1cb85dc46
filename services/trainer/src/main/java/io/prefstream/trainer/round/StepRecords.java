package io.prefstream.trainer.round;

import io.prefstream.core.diversity.SelectionPreset;
import io.prefstream.core.reward.NeighbourModel;
import io.prefstream.core.stats.Hashes;
import io.prefstream.core.verdict.ToLabel;
import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import io.prefstream.trainer.client.Facts;
import io.prefstream.trainer.domain.Families;
import io.prefstream.trainer.domain.Phase;
import io.prefstream.trainer.domain.Step;
import io.prefstream.trainer.processor.StepWork;
import io.prefstream.wire.AuditedFlip;
import io.prefstream.wire.Centroid;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointRole;
import io.prefstream.wire.Cost;
import io.prefstream.wire.CostState;
import io.prefstream.wire.FusionModel;
import io.prefstream.wire.HumanTask;
import io.prefstream.wire.LabelRequest;
import io.prefstream.wire.PairSelection;
import io.prefstream.wire.RaterKind;
import io.prefstream.wire.RequestProvenance;
import io.prefstream.wire.Round;
import io.prefstream.wire.RoundAccount;
import io.prefstream.wire.ScoringRequest;
import io.prefstream.wire.ScoringSet;
import io.prefstream.wire.TagRequest;
import io.prefstream.wire.TaskState;
import io.prefstream.wire.TrainingRun;
import io.prefstream.wire.Vote;
import io.prefstream.wire.VoteChoice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** Collects what goes out with the next step of a run. Not thread-safe. */
final class StepRecords {

    /** Strategy of a request that the budget has let through to the judges. */
    static final String ADMITTED = "admitted";

    private final RunFacts run;
    private final int round;
    private final List<StepWork.Out> out = new ArrayList<>();

    /** Records of the step after one of this round. */
    StepRecords(RunFacts run, int round) {
        this.run = run;
        this.round = round;
    }

    /** Round of the last step. */
    int round() {
        return round;
    }

    /** How many records have been collected. */
    int size() {
        return out.size();
    }

    /** The next step of the same round with everything collected. */
    StepWork.Found step(Phase phase, Map<String, String> told) {
        return step(phase, round, told, List.of());
    }

    /** The next step with everything collected. */
    StepWork.Found step(Phase phase, int inRound, Map<String, String> told, List<String> checkpoints) {
        Round next = Round.newBuilder()
                .setRun(run.run())
                .setRound(inRound)
                .setPhase(phase.wireName())
                .setSettings(told)
                .setCheckpoints(checkpoints)
                .setLabels(null)
                .setCounts(new TreeMap<>())
                .build();
        return new StepWork.Found(next, List.copyOf(out));
    }

    /** Announces a head of a family; returns the checkpoint's id. */
    String announce(Families.Member member, String family, int inRound, List<Facts.Features> ofFamily) {
        CheckpointRole role = member.fold() >= 0 ? CheckpointRole.FOLD : CheckpointRole.CANDIDATE;
        List<Facts.Features> trainedOn = ofFamily.stream()
                .filter(pair -> {
                    int fold = run.fold(pair.pairId());
                    return fold != member.fold() && fold != member.otherFold();
                })
                .toList();
        return announce(Announcement.ofHead(member, family, role, inRound, trainedOn, Map.of(), run));
    }

    /** Announces the gold neighbours' vote; returns the checkpoint's id. */
    String announce(NeighbourModel model, int inRound, List<Facts.Features> trainedOn) {
        return announce(Announcement.ofNeighbours(model, inRound, trainedOn, run));
    }

    /** Announces a checkpoint; returns its id. */
    String announce(Checkpoint checkpoint) {
        add(Topics.CHECKPOINTS, checkpoint.getCheckpointId(), checkpoint);
        return checkpoint.getCheckpointId();
    }

    /** Announces again the member of a family that was trained on all folds, as the one to serve. */
    void serve(String checkpointId, CheckpointRole role) {
        Checkpoint announced = run.facts().checkpoint(checkpointId);
        if (announced != null) {
            announce(Checkpoint.newBuilder(announced)
                    .setRole(role)
                    .setMetrics(new TreeMap<>(announced.getMetrics()))
                    .build());
        }
    }

    /** Announces a checkpoint again with more figures. */
    void measured(String checkpointId, Map<String, Double> metrics) {
        Checkpoint announced = run.facts().checkpoint(checkpointId);
        if (announced != null && !metrics.isEmpty()) {
            Map<String, Double> all = new TreeMap<>(announced.getMetrics());
            all.putAll(metrics);
            announce(Checkpoint.newBuilder(announced).setMetrics(all).build());
        }
    }

    /** Orders scores of the pool, of a share of it by shadows too. */
    void score(String purpose, int inRound, List<String> checkpoints, List<String> shadows) {
        score(purpose, inRound, checkpoints, ScoringSet.POOL, run.settings().shadowShare() > 0 ? shadows : List.of());
    }

    /** Orders scores. */
    void score(String purpose, int inRound, List<String> checkpoints, ScoringSet set) {
        score(purpose, inRound, checkpoints, set, List.of());
    }

    private void score(String purpose, int inRound, List<String> checkpoints, ScoringSet set, List<String> shadows) {
        ScoringRequest request = ScoringRequest.newBuilder()
                .setRequestId(run.request(purpose, inRound))
                .setRound(inRound)
                .setCheckpoints(checkpoints)
                .setSet(set)
                .setSeed(run.settings().seed())
                .setFolds(run.settings().folds())
                .setShadow(shadows)
                .setShadowShare(shadows.isEmpty() ? 0 : run.settings().shadowShare())
                .build();
        add(Topics.SCORING_REQUESTS, request.getRequestId(), request);
    }

    /** Tells how a family did on gold. */
    void training(
            String family,
            int inRound,
            int pairs,
            int correct,
            int decided,
            boolean best,
            Map<String, Double> metrics) {
        TrainingRun training = TrainingRun.newBuilder()
                .setRun(run.run())
                .setRound(inRound)
                .setFamily(family)
                .setPairs(pairs)
                .setGoldCorrect(correct)
                .setGoldDecided(decided)
                .setAccuracy(decided == 0 ? 0.5 : (double) correct / decided)
                .setChosenAsBest(best)
                .setSettings(new HashMap<>())
                .setMetrics(metrics)
                .build();
        add(Topics.TRAINING_RUNS, run.run() + "/" + inRound + "/" + family, training);
    }

    /** The step in which labels are fused anew, with what the votes say of the annotators. */
    StepWork.Found fuse() {
        FusionModel model = run.raters().record(run.run(), round);
        add(Topics.FUSION_MODELS, "run-" + run.run() + "/" + round, model);
        return step(Phase.FUSE, run.told());
    }

    /** Puts down on which side a reward model is, as a vote. */
    void vote(String pairId, String model, String category, double margin) {
        Vote vote = Vote.newBuilder()
                .setPairId(pairId)
                .setVoteId("reward-model/" + model)
                .setAnnotator(model)
                .setKind(RaterKind.REWARD_MODEL)
                .setChoice(margin > 0 ? VoteChoice.CHOSEN : margin < 0 ? VoteChoice.REJECTED : VoteChoice.TIE)
                .setTaskCategory(category)
                .build();
        add(Topics.VOTES, pairId, vote);
    }

    /** Requests a pair: to be labelled, quoted or asked about again, as the strategy says. */
    void request(String pairId, double priority, String strategy) {
        request(pairId, priority, strategy, List.of("run-" + run.run()), List.of());
    }

    /**
     * Asks judges about a pair that is within the budget.
     *
     * @param step step whose budget it is within
     * @param judges judges to ask; empty asks all
     */
    void ask(String pairId, double priority, Step step, List<String> judges) {
        request(pairId, priority, ADMITTED, List.of("run-" + run.run(), step.key()), judges);
    }

    private void request(String pairId, double priority, String strategy, List<String> inputs, List<String> judges) {
        LabelRequest request = LabelRequest.newBuilder()
                .setPairId(pairId)
                .setRound(round)
                .setAnchors(List.of())
                .setSimilarity(priority)
                .setStrategy(strategy)
                .setProvenance(RequestProvenance.newBuilder()
                        .setStage("trainer")
                        .setStageVersion("1")
                        .setConfigHash(run.configHash())
                        .setInputs(inputs)
                        .setRevision(null)
                        .setCostUsd(null)
                        .build())
                .setJudges(judges)
                .build();
        add(Topics.LABEL_REQUESTS, pairId, request);
    }

    /** Writes down what people's labels cost that came since the last run. */
    void payPeople() {
        double usd = run.settings().money().humanPrice();
        run.unpaidLabels()
                .forEach(label -> add(
                        Topics.COSTS,
                        label.pairId(),
                        new Cost(label.callId(), Sources.PEOPLE, usd, 0L, 0L, CostState.SPENT)));
    }

    /** Writes down what a round, or what came after the rounds, did and changed. */
    void account(RoundAccount account) {
        add(Topics.ROUND_ACCOUNTS, "run-" + account.getRun() + "/round-" + account.getRound(), account);
    }

    /** Writes down what selection made of a pair that models would publish; {@code why} is null when it goes out. */
    void selected(SelectionPreset.Choice choice, double agreement, double margin, @Nullable String why) {
        add(
                Topics.SELECTIONS,
                choice.pairId(),
                new PairSelection(
                        choice.pairId(),
                        run.run(),
                        choice.cluster(),
                        agreement,
                        margin,
                        why == null,
                        choice.rank(),
                        choice.gain(),
                        why));
    }

    /** Writes down a topic and how many pairs of the pool, of those to be published and of those selected lie in it. */
    void topic(int topic, float[] centroid, int pool, int published, int selected) {
        ByteBuffer bytes = ByteBuffer.allocate(centroid.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(centroid);
        add(
                Topics.CENTROIDS,
                Integer.toString(topic),
                new Centroid(run.run(), topic, bytes, pool, published, selected));
    }

    /** Has a language model describe a pair. */
    void describe(String pairId) {
        add(Topics.TAG_REQUESTS, pairId, new TagRequest(pairId, run.run(), round));
    }

    /** Puts down that a flip was drawn for people to judge. */
    void audit(AuditedFlip flip) {
        add(Topics.FLIP_AUDITS, flip.getPairId(), flip);
    }

    /** Offers pairs to people, the first with the highest priority. */
    void offer(List<ToLabel.Pick> picks) {
        for (int i = 0; i < picks.size(); i++) {
            ToLabel.Pick pick = picks.get(i);
            boolean chosenFirst = (Hashes.of(run.settings().seed(), "shown-first", pick.id()) & 1) == 0;
            HumanTask task = HumanTask.newBuilder()
                    .setPairId(pick.id())
                    .setRound(run.run())
                    .setPriority(picks.size() - i)
                    .setAudit(pick.audit())
                    .setShownFirst(chosenFirst ? "chosen" : "rejected")
                    .setState(TaskState.OPEN)
                    .setFlipAudit(pick.flip())
                    .build();
            add(Topics.HUMAN_TASKS, pick.id(), task);
        }
    }

    private void add(Topic<?> topic, String key, SpecificRecord value) {
        out.add(new StepWork.Out(topic, key, value));
    }
}
