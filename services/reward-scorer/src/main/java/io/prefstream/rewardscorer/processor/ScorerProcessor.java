package io.prefstream.rewardscorer.processor;

import io.prefstream.core.stats.Folds;
import io.prefstream.core.stats.Hashes;
import io.prefstream.core.stats.Logistic;
import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.stage.StageProcessor;
import io.prefstream.kit.stage.Store;
import io.prefstream.kit.stage.StoreSerdes;
import io.prefstream.kit.topic.Topics;
import io.prefstream.rewardscorer.client.Checkpoints;
import io.prefstream.rewardscorer.domain.RewardModel;
import io.prefstream.rewardscorer.domain.Shelf;
import io.prefstream.wire.CheckpointScore;
import io.prefstream.wire.Evaluation;
import io.prefstream.wire.EvaluationProvenance;
import io.prefstream.wire.Label;
import io.prefstream.wire.LabelKind;
import io.prefstream.wire.LabelOutcome;
import io.prefstream.wire.PairFeatures;
import io.prefstream.wire.PairScore;
import io.prefstream.wire.ScoreProvenance;
import io.prefstream.wire.ScoringRequest;
import io.prefstream.wire.ScoringSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Scores pairs by request. A request waits until all its checkpoints have come and passed their golden pairs; then the
 * task walks its pairs in slices, each slice in one transaction with the place that it has reached, so that a pair is
 * scored once by exactly the models that the request names, whatever is announced meanwhile.
 */
public final class ScorerProcessor extends StageProcessor {

    /** Features by pair id. */
    public static final Store<PairFeatures> FEATURES =
            new Store<>("features", StoreSerdes.avro(PairFeatures.class), false);

    /** The latest gold label, by pair id. */
    public static final Store<Label> GOLD = new Store<>("gold", StoreSerdes.avro(Label.class), true);

    /** Requests not done yet, in the order in which they came. */
    public static final Store<ScoringRequest> REQUESTS =
            new Store<>("requests", StoreSerdes.avro(ScoringRequest.class), true);

    /** Last pair scored of the request in hand, and the number of the next request. */
    public static final Store<String> CURSOR = new Store<>("cursor", Serdes.String(), true);

    /** The last request over the whole pool for a decision. */
    public static final Store<ScoringRequest> LAST =
            new Store<>("last-pool-request", StoreSerdes.avro(ScoringRequest.class), true);

    private static final String NO_SETTINGS = Hashes.ofSettings(Map.of()); // what to score with comes with a request
    private static final int SLICE = 400;
    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final String PLACE = "place";
    private static final String NEXT = "next";
    private static final String POOL = "pool";

    private final Shelf shelf;
    private final boolean atOnce;
    private KeyValueStore<String, PairFeatures> features;
    private KeyValueStore<String, Label> gold;
    private KeyValueStore<String, ScoringRequest> requests;
    private KeyValueStore<String, String> cursor;
    private KeyValueStore<String, ScoringRequest> last;

    /** A scorer whose models come from {@code shelf}; {@code atOnce} says whether it scores pairs that come between runs. */
    @SuppressWarnings("NullAway.Init") // stores come with ready
    public ScorerProcessor(StageEnvironment environment, Shelf shelf, boolean atOnce) {
        super(environment);
        this.shelf = shelf;
        this.atOnce = atOnce;
    }

    @Override
    protected void ready() {
        features = store(FEATURES);
        gold = store(GOLD);
        requests = store(REQUESTS);
        cursor = store(CURSOR);
        last = store(LAST);
        every(PAUSE, this::slice);
    }

    @Override
    protected void on(String topic, String key, SpecificRecord value) {
        switch (value) {
            case PairFeatures f -> {
                features.put(f.getPairId(), f);
                if (atOnce) {
                    scoreNow(f.getPairId());
                }
            }
            case Label label -> {
                if (label.getKind() == LabelKind.GOLD) {
                    gold.put(label.getPairId(), label);
                }
            }
            case ScoringRequest request -> {
                String number = cursor.get(NEXT);
                long next = number == null ? 0 : Long.parseLong(number);
                requests.put(String.format("%012d", next), request);
                cursor.put(NEXT, Long.toString(next + 1));
                if (request.getSet() == ScoringSet.POOL
                        && request.getRequestId().contains("/final-")) {
                    last.put(POOL, request);
                }
                later();
            }
            default -> throw new IllegalArgumentException("unexpected record on " + topic);
        }
    }

    /** Scores a pair as the last run did. One whose models haven't been loaded yet, after a start, waits for the next run. */
    private void scoreNow(String pairId) {
        ScoringRequest request = last.get(POOL);
        if (request == null) {
            return;
        }
        List<RewardModel> models = new ArrayList<>();
        for (String id : request.getCheckpoints()) {
            if (shelf.get(id).orElse(null) instanceof Shelf.Served served) {
                models.add(served.model());
            }
        }
        if (models.size() == request.getCheckpoints().size()) {
            score(request, models, pairId);
        }
    }

    private void slice() {
        String number;
        ScoringRequest request;
        try (KeyValueIterator<String, ScoringRequest> waiting = requests.all()) {
            if (!waiting.hasNext()) {
                return;
            }
            var first = waiting.next();
            number = first.key;
            request = first.value;
        }
        List<RewardModel> models = new ArrayList<>();
        for (String id : request.getCheckpoints()) {
            Optional<Shelf.Entry> entry = shelf.get(id);
            if (entry.isEmpty()) {
                return; // it is on its way
            }
            switch (entry.get()) {
                case Shelf.Served served -> models.add(served.model());
                case Shelf.Refused refused -> {
                    deadLetter(
                            Topics.SCORING_REQUESTS.name(),
                            request.getRequestId(),
                            new IllegalStateException(refused.why()));
                    end(number);
                    return;
                }
            }
        }
        if (walk(request, models)) {
            end(number);
        }
    }

    private void end(String number) {
        requests.delete(number);
        cursor.delete(PLACE);
        done(Topics.SCORING_REQUESTS.name(), 1);
    }

    /** Scores the next slice; true when the end was reached. */
    private boolean walk(ScoringRequest request, List<RewardModel> models) {
        String place = cursor.get(PLACE);
        boolean goldOnly = request.getSet() != ScoringSet.POOL;
        List<String> ids = new ArrayList<>(SLICE);
        boolean more;
        if (goldOnly) {
            try (KeyValueIterator<String, Label> rest = gold.range(place, null)) {
                more = collect(rest, place, ids);
            }
        } else {
            try (KeyValueIterator<String, PairFeatures> rest = features.range(place, null)) {
                more = collect(rest, place, ids);
            }
        }
        for (String id : ids) {
            score(request, models, id);
        }
        if (more && !ids.isEmpty()) {
            cursor.put(PLACE, ids.getLast());
        }
        return !more;
    }

    private static boolean collect(KeyValueIterator<String, ?> rest, @Nullable String place, List<String> ids) {
        while (rest.hasNext()) {
            String id = rest.next().key;
            if (id.equals(place)) {
                continue;
            }
            if (ids.size() == SLICE) {
                return true;
            }
            ids.add(id);
        }
        return false;
    }

    private void score(ScoringRequest request, List<RewardModel> models, String pairId) {
        PairFeatures pair = features.get(pairId);
        Label label = gold.get(pairId);
        boolean decided = label != null
                && (label.getOutcome() == LabelOutcome.CHOSEN || label.getOutcome() == LabelOutcome.REJECTED);
        if (pair == null || (request.getSet() != ScoringSet.POOL && !decided)) {
            return;
        }
        int fold = Folds.of(request.getSeed(), pairId, request.getFolds());
        float[] chosen = Checkpoints.floats(pair.getChosen());
        float[] rejected = Checkpoints.floats(pair.getRejected());
        List<CheckpointScore> scores = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            if (models.get(i).takes(fold)) {
                RewardModel.Scores s = models.get(i).score(chosen, rejected, fold);
                scores.add(new CheckpointScore(request.getCheckpoints().get(i), s.chosen(), s.rejected(), s.margin()));
            }
        }
        if (request.getSet() == ScoringSet.EVALUATE && label != null) {
            evaluate(request, pairId, label.getOutcome() == LabelOutcome.CHOSEN, scores);
            return;
        }
        emit(
                Topics.PAIR_SCORES,
                pairId,
                PairScore.newBuilder()
                        .setPairId(pairId)
                        .setRequestId(request.getRequestId())
                        .setRound(request.getRound())
                        .setScores(scores)
                        .setProvenance(ScoreProvenance.newBuilder()
                                .setStage("reward-scorer")
                                .setStageVersion("1")
                                .setConfigHash(NO_SETTINGS)
                                .setInputs(List.of(request.getRequestId()))
                                .setRevision(pair.getFeatureSet())
                                .setCostUsd(null)
                                .build())
                        .build());
    }

    private void evaluate(ScoringRequest request, String pairId, boolean right, List<CheckpointScore> scores) {
        if (scores.isEmpty()) {
            return;
        }
        CheckpointScore score = scores.getFirst();
        double margin = right ? score.getMargin() : -score.getMargin();
        emit(
                Topics.EVALUATIONS,
                pairId,
                Evaluation.newBuilder()
                        .setPairId(pairId)
                        .setRound(request.getRound())
                        .setCheckpoint(score.getCheckpoint())
                        .setMargin(margin)
                        .setP(Logistic.sigmoid(margin))
                        .setCorrect(margin > 0)
                        .setProvenance(EvaluationProvenance.newBuilder()
                                .setStage("reward-scorer")
                                .setStageVersion("1")
                                .setConfigHash(NO_SETTINGS)
                                .setInputs(List.of(score.getCheckpoint()))
                                .setRevision(null)
                                .setCostUsd(null)
                                .build())
                        .build());
    }
}
