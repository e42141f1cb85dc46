package io.prefstream.runner.serving;

import io.prefstream.core.pair.Message;
import io.prefstream.models.reward.AnswerScorer;
import io.prefstream.models.reward.UnscorableText;
import io.prefstream.runner.models.ServedModels;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests of all clients in one queue, from which a few threads take as many at once as make a good batch. A batch is scored
 * by one model, which is held until the batch is done, so that a swap falls between batches and never into a request.
 * Thread-safe.
 */
final class ScoringQueue implements AutoCloseable {

    /**
     * How much is taken.
     *
     * @param requests most requests that wait
     * @param chars most chars that wait; one request alone may have more
     * @param batchChars chars at which a batch is full
     * @param threads threads that score
     */
    record Limits(int requests, long chars, long batchChars, int threads) {
        static final Limits STANDARD = new Limits(1024, 64L << 20, 256L << 10, 1);

        Limits withThreads(int n) {
            return new Limits(requests, chars, batchChars, n);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(ScoringQueue.class);

    private final ServedModels models;
    private final Limits limits;
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private final List<Thread> threads = new ArrayList<>();
    private long queuedChars;
    private boolean closed;

    private record Waiting(Items items, String model, CompletableFuture<Scored> outcome) {}

    ScoringQueue(ServedModels models, Limits limits) {
        this.models = models;
        this.limits = limits;
        for (int i = 0; i < limits.threads(); i++) {
            threads.add(Thread.ofPlatform().name("scoring-" + i).daemon().start(this::work));
        }
    }

    /**
     * Puts a request at the end of the queue.
     *
     * @param model role or id of the model that is asked for; empty for the standard one
     * @return its outcome, which never fails; empty when the queue is full
     */
    Optional<CompletableFuture<Scored>> submit(Items items, String model) {
        Waiting waiting = new Waiting(items, model, new CompletableFuture<>());
        synchronized (queue) {
            if (closed) {
                return Optional.of(
                        CompletableFuture.completedFuture(new Scored.Failed("the process is being stopped")));
            }
            if (!queue.isEmpty()
                    && (queue.size() >= limits.requests() || queuedChars + items.chars() > limits.chars())) {
                return Optional.empty();
            }
            queue.add(waiting);
            queuedChars += items.chars();
            queue.notify();
        }
        return Optional.of(waiting.outcome());
    }

    @Override
    public void close() {
        synchronized (queue) {
            closed = true;
            queue.forEach(waiting -> waiting.outcome().complete(new Scored.Failed("the process is being stopped")));
            queue.clear();
            queue.notifyAll();
        }
        for (Thread thread : threads) {
            try {
                thread.join(Duration.ofSeconds(30));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void work() {
        for (Waiting first = next(); first != null; first = next()) {
            Optional<ServedModels.Lease> held = models.lease(first.model());
            if (held.isEmpty()) {
                first.outcome().complete(new Scored.NoModel());
                continue;
            }
            try (ServedModels.Lease lease = held.get()) {
                score(batch(first, lease.scorer().id()), lease.scorer());
            }
        }
    }

    private @Nullable Waiting next() {
        synchronized (queue) {
            while (queue.isEmpty() && !closed) {
                try {
                    queue.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return null;
                }
            }
            return closed ? null : took(queue.remove());
        }
    }

    /** The first request and those behind it that the same model may score with it. */
    private List<Waiting> batch(Waiting first, String model) {
        List<Waiting> batch = new ArrayList<>(List.of(first));
        long chars = first.items().chars();
        synchronized (queue) {
            for (Iterator<Waiting> rest = queue.iterator(); rest.hasNext() && chars < limits.batchChars(); ) {
                Waiting one = rest.next();
                if (one.items().templated() == first.items().templated()
                        && chars + one.items().chars() <= limits.batchChars()
                        && models.idOf(one.model()).filter(model::equals).isPresent()) {
                    rest.remove();
                    batch.add(took(one));
                    chars += one.items().chars();
                }
            }
        }
        return batch;
    }

    private Waiting took(Waiting waiting) {
        queuedChars -= waiting.items().chars();
        return waiting;
    }

    private void score(List<Waiting> requests, AnswerScorer scorer) {
        List<Waiting> batch = new ArrayList<>(requests);
        while (!batch.isEmpty()) {
            try {
                answer(batch, scorer.id(), scores(batch, scorer));
                return;
            } catch (UnscorableText e) {
                refuse(batch, scorer.id(), e);
            } catch (RuntimeException e) { // whatever a model does, every request gets its answer
                if (batch.size() > 1) {
                    batch.forEach(one -> score(List.of(one), scorer));
                } else {
                    LOG.error("model {} failed on a request", scorer.id(), e);
                    batch.getFirst()
                            .outcome()
                            .complete(new Scored.Failed(
                                    "the model failed (" + e.getClass().getSimpleName() + ")"));
                }
                return;
            }
        }
    }

    private static double[] scores(List<Waiting> batch, AnswerScorer scorer) {
        boolean templated = batch.getFirst().items().templated();
        List<List<Message>> conversations = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (Waiting one : batch) {
            conversations.addAll(one.items().conversations());
            texts.addAll(one.items().texts());
        }
        double[] scores = templated ? scorer.scoreTexts(texts) : scorer.score(conversations);
        if (scores.length != texts.size() + conversations.size()) {
            throw new IllegalStateException("the model gave " + scores.length + " scores for "
                    + (texts.size() + conversations.size()) + " answers");
        }
        for (int i = 0; i < scores.length; i++) {
            if (!Double.isFinite(scores[i])) {
                throw new UnscorableText(i, "the model's score of it is no number; shorten it or leave it out");
            }
        }
        return scores;
    }

    private static void answer(List<Waiting> batch, String model, double[] scores) {
        int from = 0;
        for (Waiting one : batch) {
            int to = from + one.items().size();
            one.outcome().complete(new Scored.By(model, Arrays.copyOfRange(scores, from, to)));
            from = to;
        }
    }

    /** Answers the request whose item it was, and leaves the others to be scored. */
    private static void refuse(List<Waiting> batch, String model, UnscorableText fault) {
        int from = 0;
        for (int i = 0; i < batch.size(); i++) {
            int size = batch.get(i).items().size();
            if (fault.place() < from + size || i == batch.size() - 1) {
                batch.remove(i)
                        .outcome()
                        .complete(new Scored.Unscorable(
                                Math.max(0, fault.place() - from), model, String.valueOf(fault.getMessage())));
                return;
            }
            from += size;
        }
    }
}
