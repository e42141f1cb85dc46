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
import io.prefstream.wire.DeadLetter;
import io.prefstream.wire.Evaluation;
import io.prefstream.wire.EvaluationProvenance;
import io.prefstream.wire.Label;
import io.prefstream.wire.LabelKind;
import io.prefstream.wire.LabelOutcome;
import io.prefstream.wire.Pair;
import io.prefstream.wire.PairFeatures;
import io.prefstream.wire.PairScore;
import io.prefstream.wire.RewardAnswer;
import io.prefstream.wire.RewardScore;
import io.prefstream.wire.ScoreProvenance;
import io.prefstream.wire.ScoringRequest;
import io.prefstream.wire.ScoringSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Scores pairs by request. A request waits until all its checkpoints have come; then the task walks its pairs in slices, each
 * slice in one transaction with the place that it has reached, so that a pair is scored once by exactly the checkpoints that
 * the request names, whatever is announced meanwhile. Pairs that a text model scores wait for the worker's answer, and the
 * request for them.
 *
 * <p>Between runs pairs are scored as they come, if the stage is made to, by the last request that says so. A pair keeps that
 * request until it has its scores: a swap takes the pairs that come after it.
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

    /** Last pair scored of the request in hand, the number of the next request, and refusals that were told. */
    public static final Store<String> CURSOR = new Store<>("cursor", Serdes.String(), true);

    /** The request by which pairs are scored as they come. */
    public static final Store<ScoringRequest> LAST =
            new Store<>("last-pool-request", StoreSerdes.avro(ScoringRequest.class), true);

    /** Every store of the stage. */
    public static final List<Store<?>> STORES = List.of(
            FEATURES,
            GOLD,
            REQUESTS,
            CURSOR,
            LAST,
            TextScores.TEXTS,
            TextScores.SCORES,
            TextScores.WAITING,
            TextScores.COUNTS);

    private static final String NO_SETTINGS = Hashes.ofSettings(Map.of()); // what to score with comes with a request
    private static final int SLICE = 400;
    private static final int MOST_WAITING = 2000; // pairs of a task that are with the worker at a time
    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final String PLACE = "place";
    private static final String END = "~"; // after every pair id
    private static final String NEXT = "next";
    private static final String POOL = "pool";
    private static final String TOLD = "refused/";

    private final Shelf shelf;
    private final boolean atOnce;
    private KeyValueStore<String, PairFeatures> features;
    private KeyValueStore<String, Label> gold;
    private KeyValueStore<String, ScoringRequest> requests;
    private KeyValueStore<String, String> cursor;
    private KeyValueStore<String, ScoringRequest> last;
    private TextScores texts;

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
        texts = new TextScores(task());
        every(PAUSE, this::slice);
    }

    @Override
    protected void on(String topic, String key, SpecificRecord value) {
        switch (value) {
            case Pair pair -> {
                texts.text(pair);
                texts.waitingFor(pair.getPairId()).forEach(request -> goOn(request, pair.getPairId()));
            }
            case PairFeatures f -> {
                features.put(f.getPairId(), f);
                ScoringRequest request = last.get(POOL);
                if (atOnce && request != null) {
                    goOn(request, f.getPairId());
                }
            }
            case Label label -> {
                if (label.getKind() == LabelKind.GOLD) {
                    gold.put(label.getPairId(), label);
                }
            }
            case RewardAnswer answer -> answered(answer);
            case ScoringRequest request -> {
                boolean serves = request.getSet() == ScoringSet.SERVE;
                if (serves
                        || (request.getSet() == ScoringSet.POOL
                                && request.getRequestId().contains("/final-"))) {
                    last.put(POOL, request);
                }
                if (!serves) {
                    String number = cursor.get(NEXT);
                    long next = number == null ? 0 : Long.parseLong(number);
                    requests.put(String.format("%012d", next), request);
                    cursor.put(NEXT, Long.toString(next + 1));
                    later();
                }
            }
            default -> throw new IllegalArgumentException("unexpected record on " + topic);
        }
    }

    /** Scores a pair by its request, or sends it to the text models that owe theirs; later, when a checkpoint hasn't come yet. */
    private void goOn(ScoringRequest request, String pairId) {
        if (hasCome(request)) {
            score(request, pairId, owing(request, pairId));
        } else {
            texts.postpone(new TextScores.Postponed(pairId, request));
        }
    }

    private void answered(RewardAnswer answer) {
        String pairId = answer.getPairId();
        texts.answer(answer);
        answer.getScores().stream().filter(RewardScore::getModelRefused).forEach(this::tell);
        for (ScoringRequest request : texts.waitingFor(pairId)) {
            if (hasCome(request)) {
                List<String> owing = owing(request, pairId).stream()
                        .filter(id -> answer.getScores().stream()
                                .noneMatch(score -> score.getCheckpoint().equals(id)))
                        .toList();
                score(request, pairId, owing);
            } else { // after a start, when answers may be here before the control topic has been read
                texts.postpone(new TextScores.Postponed(pairId, request));
            }
        }
        if (texts.waitingFor(pairId).isEmpty()) {
            retract(Topics.REWARD_CALLS, pairId); // its copy of the text has served
        }
    }

    /** Makes one dead letter of a text model that a worker has refused. */
    private void tell(RewardScore refused) {
        String key = TOLD + refused.getCheckpoint();
        String why = String.valueOf(refused.getError());
        if (!why.equals(cursor.get(key))) {
            cursor.put(key, why);
            DeadLetter letter = DeadLetter.newBuilder()
                    .setStage("reward-scorer")
                    .setTopic(Topics.CHECKPOINTS.name())
                    .setPartition(0)
                    .setOffset(-1L)
                    .setKind("checkpoint")
                    .setError(why)
                    .setPairId(null)
                    .setValue(null)
                    .build();
            emit(Topics.deadLetters("reward-scorer"), refused.getCheckpoint(), letter);
        }
    }

    private void slice() {
        resume();
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
        for (String id : checkpoints(request, true)) {
            Optional<Shelf.Entry> entry = shelf.get(id);
            if (entry.isEmpty()) {
                return; // it is on its way
            }
            if (entry.get() instanceof Shelf.Refused refused) {
                deadLetter(
                        Topics.SCORING_REQUESTS.name(),
                        request.getRequestId(),
                        new IllegalStateException(refused.why()));
                end(number);
                return;
            }
        }
        if (texts.count(request) < MOST_WAITING && walk(request) && texts.count(request) == 0) {
            end(number);
        }
    }

    /** Goes on with pairs that were put off, by the request that they came under. */
    private void resume() {
        for (TextScores.Postponed pair : texts.postponed(SLICE)) {
            if (hasCome(pair.request())) {
                texts.resumed(pair);
                score(pair.request(), pair.pairId(), owing(pair.request(), pair.pairId()));
            }
        }
    }

    private boolean hasCome(ScoringRequest request) {
        return checkpoints(request, true).stream().allMatch(id -> shelf.get(id).isPresent());
    }

    private void end(String number) {
        requests.delete(number);
        cursor.delete(PLACE);
        done(Topics.SCORING_REQUESTS.name(), 1);
    }

    /** Scores the next slice; true when the end was reached. */
    private boolean walk(ScoringRequest request) {
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
            score(request, id, owing(request, id));
        }
        cursor.put(PLACE, more ? ids.getLast() : END);
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

    /** Checkpoints that score a pair of a request: those that decide, and the shadows of those pairs that were drawn. */
    private static List<String> checkpoints(ScoringRequest request, boolean withShadows) {
        return withShadows && !request.getShadow().isEmpty()
                ? Stream.concat(request.getCheckpoints().stream(), request.getShadow().stream())
                        .distinct()
                        .toList()
                : request.getCheckpoints();
    }

    private static boolean drawn(ScoringRequest request, String pairId) {
        return !request.getShadow().isEmpty() // else every pair would be hashed for nothing
                && Hashes.unit(request.getSeed(), "shadow", pairId) < request.getShadowShare();
    }

    /** Text models that have yet to score a pair. */
    private List<String> owing(ScoringRequest request, String pairId) {
        return checkpoints(request, drawn(request, pairId)).stream()
                .filter(id -> shelf.get(id).orElse(null) instanceof Shelf.Text && texts.owes(pairId, id))
                .toList();
    }

    /** Writes a pair's scores, or has it wait while text models owe theirs. */
    private void score(ScoringRequest request, String pairId, List<String> owing) {
        PairFeatures pair = features.get(pairId);
        Label label = gold.get(pairId);
        boolean decided = label != null
                && (label.getOutcome() == LabelOutcome.CHOSEN || label.getOutcome() == LabelOutcome.REJECTED);
        boolean goldOnly = request.getSet() == ScoringSet.GOLD || request.getSet() == ScoringSet.EVALUATE;
        if (pair == null || (goldOnly && !decided)) {
            texts.settled(request, pairId);
            return;
        }
        if (!owing.isEmpty()) {
            texts.await(request, pairId, owing);
            return;
        }
        texts.settled(request, pairId);
        List<CheckpointScore> scores = scores(request, pair);
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

    private List<CheckpointScore> scores(ScoringRequest request, PairFeatures pair) {
        int fold = Folds.of(request.getSeed(), pair.getPairId(), request.getFolds());
        float[] chosen = Checkpoints.floats(pair.getChosen());
        float[] rejected = Checkpoints.floats(pair.getRejected());
        List<CheckpointScore> scores = new ArrayList<>();
        for (String id : checkpoints(request, drawn(request, pair.getPairId()))) {
            switch (shelf.get(id).orElse(null)) {
                case Shelf.Served(RewardModel model) -> {
                    if (model.takes(fold)) {
                        RewardModel.Scores s = model.score(chosen, rejected, fold);
                        scores.add(new CheckpointScore(id, s.chosen(), s.rejected(), s.margin()));
                    }
                }
                case Shelf.Text text ->
                    texts.of(pair.getPairId(), id)
                            .filter(said -> said.getError() == null)
                            .ifPresent(said -> scores.add(new CheckpointScore(
                                    id,
                                    said.getChosenScore(),
                                    said.getRejectedScore(),
                                    said.getChosenScore() - said.getRejectedScore())));
                case Shelf.Refused refused -> {} // the filter leaves a pair open that it has no score of
                case null -> {}
            }
        }
        return scores;
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
