package io.prefstream.trainer.round;

import io.prefstream.core.reward.BradleyTerryHead;
import io.prefstream.core.stats.Folds;
import io.prefstream.core.stats.Hashes;
import io.prefstream.kit.stage.TrustedRecords;
import io.prefstream.kittest.SampleFacts;
import io.prefstream.trainer.client.Facts;
import io.prefstream.trainer.domain.Phase;
import io.prefstream.trainer.domain.RunSettings;
import io.prefstream.trainer.domain.Step;
import io.prefstream.trainer.processor.StepWork;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointScore;
import io.prefstream.wire.Cost;
import io.prefstream.wire.CostState;
import io.prefstream.wire.JudgeVote;
import io.prefstream.wire.Label;
import io.prefstream.wire.LabelKind;
import io.prefstream.wire.LabelOutcome;
import io.prefstream.wire.LabelRequest;
import io.prefstream.wire.PairAttributes;
import io.prefstream.wire.PairScore;
import io.prefstream.wire.RaterKind;
import io.prefstream.wire.RequestProvenance;
import io.prefstream.wire.ScoreProvenance;
import io.prefstream.wire.ScoringRequest;
import io.prefstream.wire.Vote;
import io.prefstream.wire.VoteChoice;
import io.prefstream.wire.VoteProvenance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;

/** Facts of a made-up pool, and a scorer that answers every scoring request at once. */
final class SmallWorld {

    private static final int COLUMNS = 386;
    private static final int TOLD = 8;

    static {
        TrustedRecords.trust();
    }

    private final Random random;
    private final Facts facts = new Facts();
    private final List<StepWork.Out> records = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();
    private final List<Boolean> right = new ArrayList<>();
    private final Map<String, String> kinds = new HashMap<>();
    private final Map<String, Double> accuracies = new TreeMap<>();
    private final Map<String, Double> prices = new TreeMap<>();
    private double worst;
    private int labelled;

    SmallWorld(long seed) {
        this.random = new Random(seed);
    }

    /** Pairs of which a share is labelled right, and whose better answer stands out by so much in eight columns. */
    void pairs(int n, double shareRight, double signal) {
        for (int i = 0; i < n; i++) {
            String id = String.format(Locale.ROOT, "pair-%04d", i);
            boolean isRight = random.nextDouble() < shareRight;
            float[] chosen = new float[COLUMNS];
            float[] rejected = new float[COLUMNS];
            for (int j = 0; j < COLUMNS; j++) {
                chosen[j] = (float) random.nextGaussian();
                rejected[j] = (float) random.nextGaussian();
            }
            for (int j = 0; j < TOLD; j++) {
                (isRight ? chosen : rejected)[j] += (float) signal;
            }
            ids.add(id);
            right.add(isRight);
            add("pair-features", SampleFacts.features(id, chosen, rejected));
            byte[] vector = new byte[16];
            random.nextBytes(vector);
            add("pair-embeddings", SampleFacts.embedding(id, vector));
        }
    }

    /** Tags every pair with one of these categories in turn. */
    void attributes(List<String> categories) {
        for (int i = 0; i < ids.size(); i++) {
            String category = categories.get(i % categories.size());
            kinds.put(ids.get(i), category);
            add(
                    "pair-attributes",
                    PairAttributes.newBuilder(SampleFacts.attributes(ids.get(i)))
                            .setTaskCategory(category)
                            .build());
        }
    }

    /** Category of a pair. */
    String kind(String pairId) {
        return kinds.getOrDefault(pairId, "");
    }

    /** What retrieval says when a pair is near so many anchors. */
    void fetched(String pairId, int anchors) {
        for (int i = 0; i < anchors; i++) {
            add("label-requests", request(pairId, 0.5, "similarity"));
        }
    }

    /** Human labels on the next so many pairs, all true. */
    void label(int n) {
        for (int i = 0; i < n; i++, labelled++) {
            add("labels", gold(labelled, false, 1));
        }
    }

    /** What people say of one pair, whatever is true. */
    void label(String pairId, LabelOutcome outcome) {
        add("labels", SampleFacts.label(pairId, LabelKind.GOLD, outcome));
    }

    /** Says of the first so many labels that their pairs were drawn at random. */
    void audit(int n) {
        for (int i = 0; i < n; i++) {
            add("labels", gold(i, true, 2));
        }
    }

    /** Votes on the first so many pairs; {@code truth} is 1 for the truth, 0 for its contrary. */
    void vote(RaterKind kind, String who, int n, int truth) {
        for (int i = 0; i < n; i++) {
            add(
                    "votes",
                    Vote.newBuilder()
                            .setPairId(ids.get(i))
                            .setVoteId(kind + "/" + who)
                            .setAnnotator(who)
                            .setKind(kind)
                            .setChoice(right.get(i) == (truth == 1) ? VoteChoice.CHOSEN : VoteChoice.REJECTED)
                            .setTaskCategory("Math")
                            .build());
        }
    }

    List<String> unlabelled() {
        return ids.subList(labelled, ids.size());
    }

    /** A pair that judges are wanted for, and what it may cost. */
    void quoted(String pairId, double priority, double usd) {
        add("label-requests", request(pairId, priority, "uncertain"));
        add("costs", new Cost(pairId, "m", usd, 0L, 0L, CostState.RESERVED));
    }

    /** What it may cost to have every pair described. */
    void tagQuoted(double usd) {
        ids.forEach(id -> add("costs", new Cost("tag/" + id, "m", usd, 0L, 0L, CostState.RESERVED)));
    }

    /** An LLM judge that is right on so many pairs, and what asking it about a pair really costs. */
    void judge(String model, double accuracy, double usd) {
        accuracies.put(model, accuracy);
        prices.put(model, usd);
    }

    /** What judges quote for a pair. */
    void quotes(double usd) {
        worst = usd;
    }

    /** Quotes, or the votes, what they cost and the silver label they make. */
    private void ask(LabelRequest request) {
        String pair = request.getPairId();
        if (!request.getStrategy().equals(StepRecords.ADMITTED)) {
            add("costs", new Cost(pair, "m", worst, 0L, 0L, CostState.RESERVED));
            return;
        }
        LabelOutcome last = LabelOutcome.UNDECIDED;
        for (String model : request.getJudges().isEmpty() ? List.copyOf(accuracies.keySet()) : request.getJudges()) {
            boolean truth = right.get(ids.indexOf(pair));
            boolean says = Hashes.unit(1, model, pair) < accuracies.getOrDefault(model, 0.0) == truth;
            last = says ? LabelOutcome.CHOSEN : LabelOutcome.REJECTED;
            double usd = prices.getOrDefault(model, 0.0);
            add(
                    "judge-votes",
                    JudgeVote.newBuilder()
                            .setPairId(pair)
                            .setCallId(model + pair)
                            .setJudge(model)
                            .setModel(model)
                            .setRound(1)
                            .setOutcome(last)
                            .setP(says ? 1 : 0)
                            .setInputTokens(100)
                            .setOutputTokens(10)
                            .setProvenance(new VoteProvenance("label-verifier", "1", "", List.of("a", "b"), null, usd))
                            .build());
            add("costs", new Cost(pair, model, usd, 100L, 10L, CostState.SPENT));
        }
        add("labels", SampleFacts.label(pair, LabelKind.SILVER, last));
    }

    /** Runs all steps; returns them. */
    List<Phase> run(int run, Map<String, String> settings) {
        List<Phase> phases = new ArrayList<>();
        Step last = new Step(run, Phase.COLLECT, 0);
        while (last.phase() != Phase.DONE) {
            last = step(last, settings);
            phases.add(last.phase());
        }
        return phases;
    }

    /** Does the work after a step and lets the scorer answer. */
    Step step(Step last, Map<String, String> settings) {
        StepWork.Found found = RoundControl.after(last, facts, settings);
        records.addAll(found.records());
        found.records().stream()
                .filter(out -> Facts.TOPICS.contains(out.topic()))
                .forEach(out -> facts.add(out.topic().name(), out.key(), out.value()));
        facts.add("rounds", "", found.round());
        for (StepWork.Out out : found.records()) {
            if (out.value() instanceof ScoringRequest request) {
                score(request, RunSettings.of(settings));
            } else if (out.value() instanceof LabelRequest request && !accuracies.isEmpty()) {
                ask(request);
            }
        }
        return new Step(
                found.round().getRun(),
                Phase.valueOf(found.round().getPhase().toUpperCase(Locale.ROOT)),
                found.round().getRound());
    }

    /** Every record that the steps have made. */
    List<StepWork.Out> records() {
        return records;
    }

    <T extends SpecificRecord> List<T> all(Class<T> type) {
        return records.stream()
                .map(StepWork.Out::value)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    Map<String, String> told(int run) {
        return facts.told(run);
    }

    private void score(ScoringRequest request, RunSettings settings) {
        for (Facts.Features pair : facts.features().values()) {
            List<CheckpointScore> scores = new ArrayList<>();
            for (String id : request.getCheckpoints()) {
                Checkpoint checkpoint = facts.checkpoint(id);
                int fold = Folds.of(settings.seed(), pair.pairId(), settings.folds());
                boolean inTurn = checkpoint != null
                        && checkpoint.getKind().equals(Announcement.HEAD)
                        && (checkpoint.getFold() < 0 || checkpoint.getFold() == fold);
                if (inTurn) {
                    BradleyTerryHead head = BradleyTerryHead.decode(
                            checkpoint.getInline().array(),
                            BradleyTerryHead.featuresHash(List.of(checkpoint.getFeatureSet())));
                    double chosen = head.score(pair.chosen());
                    double rejected = head.score(pair.rejected());
                    scores.add(new CheckpointScore(id, chosen, rejected, chosen - rejected));
                }
            }
            facts.add(
                    "pair-scores",
                    pair.pairId(),
                    new PairScore(
                            pair.pairId(),
                            request.getRequestId(),
                            request.getRound(),
                            scores,
                            ScoreProvenance.newBuilder()
                                    .setStage("reward-scorer")
                                    .setStageVersion("1")
                                    .setConfigHash("")
                                    .build()));
        }
    }

    private static LabelRequest request(String pairId, double priority, String strategy) {
        return new LabelRequest(
                pairId,
                1,
                List.of(),
                priority,
                strategy,
                RequestProvenance.newBuilder()
                        .setStage("retrieval")
                        .setStageVersion("1")
                        .setConfigHash("")
                        .build(),
                List.of());
    }

    Facts facts() {
        return facts;
    }

    void add(String topic, SpecificRecord value) {
        facts.add(topic, "", value);
    }

    private Label gold(int place, boolean audit, long revision) {
        LabelOutcome outcome = right.get(place) ? LabelOutcome.CHOSEN : LabelOutcome.REJECTED;
        Label label = SampleFacts.label(ids.get(place), LabelKind.GOLD, outcome);
        label.setAudit(audit);
        label.setRevision(revision);
        return label;
    }
}
