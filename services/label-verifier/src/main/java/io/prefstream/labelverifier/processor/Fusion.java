package io.prefstream.labelverifier.processor;

import io.prefstream.core.agreement.AnnotatorModel;
import io.prefstream.core.agreement.AnnotatorModel.Ballot;
import io.prefstream.core.agreement.AnnotatorModel.Confusion;
import io.prefstream.core.agreement.Choice;
import io.prefstream.core.agreement.RaterModels;
import io.prefstream.core.agreement.RaterModels.Fused;
import io.prefstream.core.agreement.Smoothing;
import io.prefstream.core.verdict.HumanLabels;
import io.prefstream.kit.stage.Store;
import io.prefstream.kit.stage.StoreSerdes;
import io.prefstream.labelverifier.domain.HumanVotes;
import io.prefstream.wire.FusionModel;
import io.prefstream.wire.JudgeVote;
import io.prefstream.wire.LabelOutcome;
import io.prefstream.wire.RaterConfusion;
import io.prefstream.wire.RaterKind;
import io.prefstream.wire.RaterModel;
import io.prefstream.wire.Vote;
import io.prefstream.wire.VoteChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Fuses the votes on a pair with what the last run learnt of those who cast them. Where no run has learnt anything, as
 * always with the setting {@code majority}, it has no say and the majority decides.
 */
final class Fusion {

    /** What the last run learnt, under one key. */
    static final Store<FusionModel> LEARNT = new Store<>("fusion-model", StoreSerdes.avro(FusionModel.class), true);

    /** Language models' votes, by pair id and vote id. */
    static final Store<Vote> BALLOTS = new Store<>("ballots", StoreSerdes.avro(Vote.class), true);

    private static final String LAST = "last";

    private final KeyValueStore<String, FusionModel> learnt;
    private final KeyValueStore<String, Vote> ballots;
    private @Nullable RaterModels models;

    Fusion(KeyValueStore<String, FusionModel> learnt, KeyValueStore<String, Vote> ballots) {
        this.learnt = learnt;
        this.ballots = ballots;
        FusionModel last = learnt.get(LAST);
        models = last == null ? null : models(last);
    }

    void learn(FusionModel model) {
        learnt.put(LAST, model);
        models = models(model);
    }

    /** What people say of a pair together; null when the majority decides. */
    @Nullable
    Fused people(List<HumanLabels.Vote> votes, String category) {
        return models == null ? null : RaterModels.fuse(models.people(), HumanVotes.ballots(votes), category);
    }

    /** What language models say of a pair together; null when the majority decides. */
    @Nullable
    Fused judges(String pairId, String category) {
        if (models == null) {
            return null;
        }
        List<Ballot> cast = new ArrayList<>();
        for (Vote vote : votes(pairId)) {
            if (vote.getChoice() != VoteChoice.UNKNOWN) {
                cast.add(new Ballot(
                        vote.getAnnotator(),
                        Choice.valueOf(vote.getChoice().name()).index()));
            }
        }
        return RaterModels.fuse(models.judges(), cast, category);
    }

    /** Keeps a language model's vote; an answer that failed takes the place of none. */
    Vote keep(JudgeVote vote, String category) {
        Vote record = Vote.newBuilder()
                .setPairId(vote.getPairId())
                .setVoteId("judge/" + vote.getJudge())
                .setAnnotator(vote.getJudge())
                .setKind(RaterKind.JUDGE)
                .setChoice(vote.getError() != null ? VoteChoice.UNKNOWN : choice(vote.getOutcome()))
                .setTaskCategory(category)
                .build();
        ballots.put(vote.getPairId() + "/" + record.getVoteId(), record);
        return record;
    }

    /** Language models' votes on a pair. */
    List<Vote> votes(String pairId) {
        List<Vote> votes = new ArrayList<>();
        try (KeyValueIterator<String, Vote> all = ballots.range(pairId + "/", pairId + "0")) {
            all.forEachRemaining(entry -> votes.add(entry.value));
        }
        return votes;
    }

    private static VoteChoice choice(LabelOutcome outcome) {
        return switch (outcome) {
            case CHOSEN -> VoteChoice.CHOSEN;
            case REJECTED -> VoteChoice.REJECTED;
            case UNDECIDED -> VoteChoice.TIE;
            case UNKNOWN -> VoteChoice.UNKNOWN;
        };
    }

    private static RaterModels models(FusionModel record) {
        return new RaterModels(model(record.getPeople()), model(record.getJudges()));
    }

    private static AnnotatorModel model(RaterModel record) {
        SortedMap<String, SortedMap<String, Confusion>> annotators = new TreeMap<>();
        for (RaterConfusion of : record.getAnnotators()) {
            annotators
                    .computeIfAbsent(of.getAnnotator(), id -> new TreeMap<>())
                    .put(of.getTaskCategory(), new Confusion(numbers(of.getGiven()), of.getVotes()));
        }
        return new AnnotatorModel(
                numbers(record.getPriors()),
                annotators,
                AnnotatorModel.unknown(Choice.CLASSES, Smoothing.DEFAULT).newcomer());
    }

    private static double[] numbers(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
