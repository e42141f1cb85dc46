package io.prefstream.llm.desk;

import io.prefstream.core.judge.Judge;
import io.prefstream.llm.client.BatchClient;
import io.prefstream.llm.client.ChatClient;
import io.prefstream.llm.client.ChatFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One judge asked through its endpoint's batch API. Questions are gathered for a while and given together; an answer may take a
 * day. What a batch leaves unanswered, because it failed in part or expired, is given again, and nothing else. A batch is
 * recorded as soon as the endpoint has it, so that after a crash its answers are fetched instead of being asked for again.
 */
final class BatchEndpoint implements Respondent {

    /** Most questions of one batch. */
    static final int MOST = 2000;

    private static final Logger LOG = LoggerFactory.getLogger(BatchEndpoint.class);
    private static final BatchClient.Outcome EXPIRED = new BatchClient.Outcome(
            null,
            new ChatFailure(
                    ChatFailure.Kind.FOR_NOW, "the batch ended without it", new IllegalStateException("expired")));

    /** Where the batches that the endpoint has are written down. */
    interface Book {
        /** A batch was given ({@code isOpen}), or its answers have been fetched. */
        void write(String batchId, List<String> callIds, boolean isOpen) throws InterruptedException;
    }

    /** How long questions are gathered, and how often a batch is asked after. */
    record Pace(Duration gather, Duration look) {

        static final Pace STANDARD = new Pace(Duration.ofSeconds(20), Duration.ofSeconds(30));
    }

    private static final class Waiting {
        private final ChatClient.Question question;
        private final Step beforeFirst;
        private final CompletableFuture<Answered> answer = new CompletableFuture<>();
        private final long since = System.nanoTime();
        private int tries;

        Waiting(ChatClient.Question question, Step beforeFirst) {
            this.question = question;
            this.beforeFirst = beforeFirst;
        }
    }

    private final Judge judge;
    private final BatchClient client;
    private final Book book;
    private final Pace pace;
    private final Map<String, Waiting> gathered = new LinkedHashMap<>();
    private final Map<String, Waiting> given = new HashMap<>();
    private final Map<String, List<String>> open;

    /** Outcomes of batches from before whose questions have not come back yet. */
    private final Map<String, BatchClient.Outcome> early = new HashMap<>();

    private final Thread thread;
    private long heardNanos = System.nanoTime();
    private volatile boolean closed;

    /**
     * An endpoint that starts to work at once.
     *
     * @param open batches that the endpoint has from before, with the ids of their calls
     */
    BatchEndpoint(Judge judge, BatchClient client, Book book, Pace pace, Map<String, List<String>> open) {
        this.judge = judge;
        this.client = client;
        this.book = book;
        this.pace = pace;
        this.open = new LinkedHashMap<>(open);
        this.thread = Thread.ofVirtual().name("batches-" + judge.name()).start(this::run);
    }

    @Override
    public Judge judge() {
        return judge;
    }

    @Override
    public Answered ask(ChatClient.Question question, Step beforeFirst)
            throws ChatFailure, Silent, InterruptedException {
        Waiting waiting = new Waiting(question, beforeFirst);
        synchronized (this) {
            boolean isGiven = open.values().stream().anyMatch(ids -> ids.contains(question.id()));
            BatchClient.Outcome known = early.remove(question.id());
            if (known != null) {
                settle(waiting, known);
            } else {
                (isGiven ? given : gathered).put(question.id(), waiting);
            }
        }
        try {
            return waiting.answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ChatFailure failure) {
                throw failure;
            }
            if (e.getCause() instanceof Silent silent) {
                throw silent;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private void run() {
        try {
            while (!closed) {
                step();
                Thread.sleep(pace.look().compareTo(pace.gather()) < 0 ? pace.look() : pace.gather());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gives what is due and fetches what has ended. */
    private void step() throws InterruptedException {
        try {
            List<Waiting> due = due();
            if (!due.isEmpty()) {
                submit(due);
            }
            for (String batch : openBatches()) {
                if (client.state(batch) == BatchClient.State.ENDED) {
                    fetch(batch);
                }
            }
            heardNanos = System.nanoTime();
        } catch (ChatFailure failed) {
            LOG.warn("judge {}: {}", judge.name(), failed.getMessage());
            boolean silent = System.nanoTime() - heardNanos > judge.patience().toNanos();
            if (failed.kind() == ChatFailure.Kind.FOR_GOOD || silent) {
                endAll(failed.kind() == ChatFailure.Kind.FOR_GOOD ? failed : new Silent(failed));
            }
        }
    }

    private synchronized List<Waiting> due() {
        long now = System.nanoTime();
        boolean isDue = gathered.size() >= MOST
                || gathered.values().stream()
                        .anyMatch(w -> now - w.since > pace.gather().toNanos());
        return isDue ? gathered.values().stream().limit(MOST).toList() : List.of();
    }

    private void submit(List<Waiting> due) throws ChatFailure, InterruptedException {
        for (Waiting waiting : due) {
            if (waiting.tries == 0) {
                waiting.beforeFirst.run();
            }
        }
        List<String> ids = due.stream().map(w -> w.question.id()).toList();
        String batch = client.submit(due.stream().map(w -> w.question).toList());
        book.write(batch, ids, true);
        LOG.info("judge {}: batch {} of {} calls", judge.name(), batch, ids.size());
        synchronized (this) {
            open.put(batch, ids);
            for (Waiting waiting : due) {
                waiting.tries++;
                gathered.remove(waiting.question.id());
                given.put(waiting.question.id(), waiting);
            }
        }
    }

    private synchronized List<String> openBatches() {
        return new ArrayList<>(open.keySet());
    }

    private void fetch(String batch) throws ChatFailure, InterruptedException {
        Map<String, BatchClient.Outcome> outcomes = client.outcomes(batch);
        List<String> ids;
        boolean isWhole = true;
        synchronized (this) {
            ids = open.getOrDefault(batch, List.of());
            for (String id : ids) {
                Waiting waiting = given.remove(id);
                BatchClient.Outcome outcome = outcomes.getOrDefault(id, EXPIRED);
                if (waiting != null) {
                    settle(waiting, outcome);
                } else {
                    isWhole = false; // after a restart its questions come back one by one
                    early.put(id, outcome);
                }
            }
            open.remove(batch);
        }
        if (isWhole) {
            book.write(batch, ids, false);
        }
    }

    private synchronized void settle(Waiting waiting, BatchClient.Outcome outcome) {
        ChatFailure failure = outcome.failure();
        if (failure == null) {
            waiting.answer.complete(
                    new Answered(Objects.requireNonNull(outcome.reply()), Math.max(1, waiting.tries), 0));
            return;
        }
        boolean mayPass = failure.kind() == ChatFailure.Kind.FOR_NOW || failure.kind() == ChatFailure.Kind.BUSY;
        if (mayPass && waiting.tries <= judge.retries()) {
            gathered.put(waiting.question.id(), waiting);
        } else {
            waiting.answer.completeExceptionally(
                    mayPass
                            ? new ChatFailure(
                                    ChatFailure.Kind.QUESTION,
                                    "gave up after " + waiting.tries + " batches: " + failure.getMessage(),
                                    failure)
                            : failure);
        }
    }

    private synchronized void endAll(Exception why) {
        gathered.values().forEach(w -> w.answer.completeExceptionally(why));
        given.values().forEach(w -> w.answer.completeExceptionally(why));
        gathered.clear();
        given.clear();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        client.close();
    }
}
