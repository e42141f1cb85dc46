package io.prefstream.ingest.client;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Does one step again and again on a thread of its own, until it is closed or a step fails. */
final class Loop implements AutoCloseable {

    /** One step. */
    interface Step {
        void run() throws Exception;
    }

    private static final Duration LONGEST_STEP = Duration.ofSeconds(30);

    private final String name;
    private final Thread thread;
    private final Duration pause;
    private final Step step;
    private volatile boolean closed;
    private volatile @Nullable String fault;

    private Loop(String name, Duration pause, Step step) {
        this.name = name;
        this.pause = pause;
        this.step = step;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    static Loop start(String name, Duration pause, Step step) {
        Loop loop = new Loop(name, pause, step);
        loop.thread.start();
        return loop;
    }

    /** What a step has died of; empty while all is well. */
    Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    private void run() {
        try {
            while (!closed) {
                step.run();
                Thread.sleep(pause);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            if (!closed) {
                LoggerFactory.getLogger(Loop.class).error("{} has stopped", name, e);
                fault = name + " has stopped (" + e.getClass().getSimpleName()
                        + "): start again, and it goes on from where it was";
            }
        }
    }

    /** Waits for the step at hand to end. */
    @Override
    public void close() {
        closed = true;
        try {
            thread.join(LONGEST_STEP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
