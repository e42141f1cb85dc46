package io.prefstream.llm.client;

/** No answer came. */
public final class ChatFailure extends Exception {

    /** What a failure means for other questions. */
    public enum Kind {
        /** This question alone is refused: too long, filtered. */
        QUESTION,
        /** The endpoint is away or busy; the same question may be answered later. */
        FOR_NOW,
        /** The endpoint refuses us: key, model, credit. */
        FOR_GOOD
    }

    private final Kind kind;

    /** A failure with a message for the user. */
    public ChatFailure(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** What it means for other questions. */
    public Kind kind() {
        return kind;
    }
}
