package io.prefstream.llm.desk;

import io.github.bucket4j.Bucket;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.prefstream.core.judge.Judge;
import io.prefstream.core.stats.Hashes;
import io.prefstream.llm.client.ChatClient;
import io.prefstream.llm.client.ChatFailure;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One judge's endpoint, asked within its limits. A call that fails for now is tried again, later each time and as often as the
 * judge's settings say. When most calls fail the endpoint is left alone for a while: then calls wait, and a failure is not
 * counted against the one that tried. Thread-safe; blocks, so call it on a virtual thread.
 */
final class Endpoint implements Respondent {

    private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration LEFT_ALONE = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final int WINDOW = 20;
    private static final int LEAST_CALLS = 10;
    private static final int MOST_FAILURES_PERCENT = 60;
    private static final int CHARACTERS_A_TOKEN = 4;
    private static final int PARTS_OF_A_MINUTE = 6;

    private final Judge judge;
    private final ChatClient client;
    private final Duration firstPause;
    private final Semaphore seats;
    private final @Nullable Bucket requests;
    private final @Nullable Bucket tokens;
    private final long mostTokens;
    private final CircuitBreaker breaker;

    /** When the first failure came after which nothing was answered; 0 while all is well. */
    private final AtomicLong failingSinceNanos = new AtomicLong();

    private volatile long leftAloneUntilNanos = System.nanoTime();

    Endpoint(Judge judge, ChatClient client) {
        this(judge, client, LEFT_ALONE, FIRST_PAUSE);
    }

    /** An endpoint with other pauses: how long it is left alone when most calls fail, and the first after one failure. */
    Endpoint(Judge judge, ChatClient client, Duration leftAlone, Duration firstPause) {
        this.judge = judge;
        this.firstPause = firstPause;
        this.client = client;
        this.seats = new Semaphore(judge.concurrency());
        this.requests = judge.requestsPerMinute() == 0 ? null : bucket(judge.requestsPerMinute(), 1);
        this.mostTokens = Math.max(judge.tokensPerMinute() / PARTS_OF_A_MINUTE, 2L * judge.maxOutputTokens());
        this.tokens = judge.tokensPerMinute() == 0 ? null : bucket(judge.tokensPerMinute(), mostTokens);
        this.breaker = CircuitBreaker.of(
                judge.name(),
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(WINDOW)
                        .minimumNumberOfCalls(LEAST_CALLS)
                        .failureRateThreshold(MOST_FAILURES_PERCENT)
                        .waitDurationInOpenState(leftAlone)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .build());
        breaker.getEventPublisher().onStateTransition(event -> LOG.warn("judge {}: {}", judge.name(), event));
    }

    /** Holds a sixth of a minute's allowance, so that no minute sees much more than its own. */
    private static Bucket bucket(int aMinute, long least) {
        long held = Math.max(aMinute / PARTS_OF_A_MINUTE, least);
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(held).refillGreedy(aMinute, Duration.ofMinutes(1)))
                .build();
    }

    @Override
    public Judge judge() {
        return judge;
    }

    @Override
    public Answered ask(ChatClient.Question question, Step beforeFirst)
            throws ChatFailure, Silent, InterruptedException {
        int tries = 0;
        int counted = 0;
        while (true) {
            seats.acquire();
            boolean seated = true;
            try {
                allow(question);
                if (tries == 0) {
                    beforeFirst.run();
                }
                tries++;
                long started = System.nanoTime();
                ChatClient.Reply reply = client.ask(question);
                long nanos = System.nanoTime() - started;
                failingSinceNanos.set(0);
                breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
                return new Answered(reply, tries, TimeUnit.NANOSECONDS.toMillis(nanos));
            } catch (ChatFailure failed) {
                seats.release();
                seated = false;
                counted += settle(failed) ? 1 : 0;
                if (counted > judge.retries()) {
                    throw new ChatFailure(
                            ChatFailure.Kind.QUESTION,
                            "gave up after " + tries + " tries: " + failed.getMessage(),
                            failed);
                }
                Thread.sleep(pause(question.id(), counted));
            } finally {
                if (seated) {
                    seats.release();
                }
            }
        }
    }

    /** Waits until limits, breaker and the endpoint's own wish allow a request. */
    private void allow(ChatClient.Question question) throws InterruptedException {
        long wait = leftAloneUntilNanos - System.nanoTime();
        while (wait > 0) {
            Thread.sleep(Duration.ofNanos(wait));
            wait = leftAloneUntilNanos - System.nanoTime();
        }
        if (requests != null) {
            requests.asBlocking().consume(1);
        }
        if (tokens != null) {
            long characters =
                    (long) question.system().length() + question.user().length();
            long guess = characters / CHARACTERS_A_TOKEN + judge.maxOutputTokens();
            tokens.asBlocking().consume(Math.min(guess, mostTokens));
        }
        while (!breaker.tryAcquirePermission()) {
            Thread.sleep(LOOK);
        }
    }

    /** Whether the failure counts against the call's tries. */
    private boolean settle(ChatFailure failed) throws ChatFailure, Silent {
        switch (failed.kind()) {
            case FOR_GOOD -> {
                breaker.releasePermission();
                throw failed;
            }
            case QUESTION -> {
                failingSinceNanos.set(0);
                breaker.onSuccess(0, TimeUnit.NANOSECONDS);
                throw failed;
            }
            case BUSY -> breaker.releasePermission();
            case FOR_NOW -> breaker.onError(0, TimeUnit.NANOSECONDS, failed);
        }
        long now = System.nanoTime();
        failingSinceNanos.compareAndSet(0, now);
        long since = failingSinceNanos.get();
        if (since != 0 && now - since >= judge.patience().toNanos()) {
            throw new Silent(failed);
        }
        LOG.debug("judge {}: {}", judge.name(), failed.getMessage());
        if (failed.retryAfter().isPositive()) {
            leftAloneUntilNanos = System.nanoTime() + failed.retryAfter().toNanos();
            return false;
        }
        return breaker.getState() == CircuitBreaker.State.CLOSED;
    }

    /** Twice as long after each failure; the call's hash spreads calls that fail together. */
    private Duration pause(String callId, int failures) {
        long longest =
                Math.min(LONGEST_PAUSE.toMillis(), firstPause.toMillis() << Math.min(Math.max(failures - 1, 0), 10));
        long spread = Math.floorMod(Hashes.of(failures, "pause", callId), longest / 2 + 1);
        return Duration.ofMillis(longest / 2 + spread);
    }

    @Override
    public void close() {
        client.close();
    }
}
