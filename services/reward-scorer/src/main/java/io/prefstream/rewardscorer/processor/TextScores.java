package io.prefstream.rewardscorer.processor;

import io.prefstream.kit.stage.Store;
import io.prefstream.kit.stage.StoreSerdes;
import io.prefstream.kit.stage.Task;
import io.prefstream.kit.topic.Topics;
import io.prefstream.wire.Pair;
import io.prefstream.wire.RewardAnswer;
import io.prefstream.wire.RewardCall;
import io.prefstream.wire.RewardMessage;
import io.prefstream.wire.RewardScore;
import io.prefstream.wire.ScoringRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The scores of text models, which a worker gives. A score is a recorded fact: a pair is sent to a checkpoint once, whichever
 * requests want its score. A pair that waits keeps the request that it waits for, and so the checkpoints that may score it.
 */
final class TextScores {

    /** Texts, by pair id. */
    static final Store<Pair> TEXTS = new Store<>("texts", StoreSerdes.avro(Pair.class), false);

    /** What text models said, by pair id and checkpoint. */
    static final Store<RewardScore> SCORES = new Store<>("text-scores", StoreSerdes.avro(RewardScore.class), false);

    /** Requests that a pair still waits for, by pair id and request id; those of pairs that were put off come first. */
    static final Store<ScoringRequest> WAITING = new Store<>("waiting", StoreSerdes.avro(ScoringRequest.class), false);

    /** Pairs that wait, by request id. */
    static final Store<Long> COUNTS = new Store<>("waiting-counts", Serdes.Long(), true);

    private static final String POSTPONED = "!/"; // before every pair id
    private static final String POSTPONED_END = "!0";
    private static final char AFTER_SLASH = '/' + 1;

    private final Task task;
    private final KeyValueStore<String, Pair> texts;
    private final KeyValueStore<String, RewardScore> scores;
    private final KeyValueStore<String, ScoringRequest> waiting;
    private final KeyValueStore<String, Long> counts;

    TextScores(Task task) {
        this.task = task;
        texts = task.store(TEXTS);
        scores = task.store(SCORES);
        waiting = task.store(WAITING);
        counts = task.store(COUNTS);
    }

    /** Takes a pair's text. */
    void text(Pair pair) {
        texts.put(pair.getPairId(), pair);
    }

    /** What a checkpoint said of a pair; empty when it was not asked, or could not be. */
    Optional<RewardScore> of(String pairId, String checkpoint) {
        return Optional.ofNullable(scores.get(pairId + "/" + checkpoint));
    }

    /** Whether a checkpoint still owes its score of a pair. One that was refused owes it to the next request. */
    boolean owes(String pairId, String checkpoint) {
        RewardScore said = scores.get(pairId + "/" + checkpoint);
        return said == null || said.getModelRefused();
    }

    /**
     * Has a pair wait for a request.
     *
     * @param checkpoints text models to send it to; empty when it waits for something else
     */
    void await(ScoringRequest request, String pairId, List<String> checkpoints) {
        String key = pairId + "/" + request.getRequestId();
        if (waiting.get(key) == null) {
            waiting.put(key, request);
            count(request, 1);
        }
        call(pairId, checkpoints);
    }

    private void call(String pairId, List<String> checkpoints) {
        Pair pair = texts.get(pairId);
        if (pair == null || checkpoints.isEmpty()) {
            return; // the call goes out with the text
        }
        List<RewardMessage> history = new ArrayList<>();
        pair.getHistory().forEach(turn -> history.add(new RewardMessage(turn.getRole(), turn.getContent())));
        task.emit(
                Topics.REWARD_CALLS,
                pairId,
                new RewardCall(pairId, checkpoints, history, pair.getChosen(), pair.getRejected()));
    }

    /** Takes an answer. */
    void answer(RewardAnswer answer) {
        answer.getScores().forEach(score -> scores.put(answer.getPairId() + "/" + score.getCheckpoint(), score));
    }

    /** Requests that a pair waits for. */
    List<ScoringRequest> waitingFor(String pairId) {
        List<ScoringRequest> found = new ArrayList<>();
        try (KeyValueIterator<String, ScoringRequest> entries = waiting.range(pairId + "/", pairId + AFTER_SLASH)) {
            entries.forEachRemaining(entry -> found.add(entry.value));
        }
        return found;
    }

    /**
     * A pair with something to be done that needs to know what the checkpoints of its request are, which have not all come yet.
     *
     * @param request the request that it came under
     */
    record Postponed(String pairId, ScoringRequest request) {}

    /** Puts a pair off until the checkpoints of its request have come. */
    void postpone(Postponed pair) {
        waiting.put(key(pair), pair.request());
    }

    private static String key(Postponed pair) {
        return POSTPONED + pair.pairId() + "/" + pair.request().getRequestId();
    }

    /** Says that a pair is not put off any more. */
    void resumed(Postponed pair) {
        waiting.delete(key(pair));
    }

    /** Pairs that were put off, at most this many. */
    List<Postponed> postponed(int most) {
        List<Postponed> found = new ArrayList<>();
        try (KeyValueIterator<String, ScoringRequest> entries = waiting.range(POSTPONED, POSTPONED_END)) {
            while (entries.hasNext() && found.size() < most) {
                var entry = entries.next();
                String id = entry.key.substring(POSTPONED.length(), entry.key.indexOf('/', POSTPONED.length()));
                found.add(new Postponed(id, entry.value));
            }
        }
        return found;
    }

    /** Says that a pair has its scores of a request. */
    void settled(ScoringRequest request, String pairId) {
        if (waiting.delete(pairId + "/" + request.getRequestId()) != null) {
            count(request, -1);
        }
    }

    /** Number of pairs that wait for a request. */
    long count(ScoringRequest request) {
        Long count = counts.get(request.getRequestId());
        return count == null ? 0 : count;
    }

    private void count(ScoringRequest request, int change) {
        long now = count(request) + change;
        if (now == 0) {
            counts.delete(request.getRequestId());
        } else {
            counts.put(request.getRequestId(), now);
        }
    }
}
