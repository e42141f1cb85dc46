package io.prefstream.ingest.client;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Counts records under way, and waits until each has been acknowledged or has failed. Thread-safe. */
final class Acks implements Consumer<@Nullable Exception> {

    private long open;
    private @Nullable Exception failure;

    /** One more record is under way. */
    synchronized void sent() {
        open++;
    }

    @Override
    public synchronized void accept(@Nullable Exception error) {
        open--;
        if (error != null && failure == null) {
            failure = error;
        }
        notifyAll();
    }

    /** The first failure so far, null while all is well. */
    synchronized @Nullable Exception failure() {
        return failure;
    }

    /** Waits for all, and gives the first failure; null when all went well. */
    synchronized @Nullable Exception await() throws InterruptedException {
        while (open > 0) {
            wait();
        }
        return failure;
    }
}
