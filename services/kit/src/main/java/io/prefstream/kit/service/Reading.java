package io.prefstream.kit.service;

import io.prefstream.kit.run.StageApp;
import io.prefstream.kit.run.StageReading;
import java.time.Duration;

/** Readings of a stage, at most one a second, since one scrape asks many times. Thread-safe. */
final class Reading {

    private static final long KEPT_NANOS = Duration.ofSeconds(1).toNanos();

    private final StageApp stage;
    private StageReading last;
    private long takenNanos;

    Reading(StageApp stage) {
        this.stage = stage;
        this.last = stage.reading();
        this.takenNanos = System.nanoTime();
    }

    synchronized StageReading now() {
        if (System.nanoTime() - takenNanos > KEPT_NANOS) {
            last = stage.reading();
            takenNanos = System.nanoTime();
        }
        return last;
    }
}
