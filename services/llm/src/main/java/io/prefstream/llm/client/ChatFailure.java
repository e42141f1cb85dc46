package io.prefstream.llm.client;

import java.time.Duration;

/** No answer came. */
public final class ChatFailure extends Exception {

    /** What a failure means for other questions. */
    public enum Kind {
        /** This question alone is refused: too long, filtered. */
        QUESTION,
        /** The endpoint is away or broken; the same question may be answered later. */
        FOR_NOW,
        /** The endpoint has too much to do, and may have said when to come back. */
        BUSY,
        /** The endpoint refuses us: key, model, credit. */
        FOR_GOOD
    }

    private final Kind kind;
    private final Duration retryAfter;

    /** A failure with a message for the user. */
    public ChatFailure(Kind kind, String message, Throwable cause) {
        this(kind, message, Duration.ZERO, cause);
    }

    /** A failure after which the endpoint wants to be left alone for a while; zero when it has not said so. */
    public ChatFailure(Kind kind, String message, Duration retryAfter, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    /** What it means for other questions. */
    public Kind kind() {
        return kind;
    }

    /** How long the endpoint wants to be left alone; zero when it has not said so. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
