package io.prefstream.models.reward;

/** A model that may not be served: damaged, of a kind that is not loaded, or off its golden scores. The message has the figures. */
public final class ModelRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** A model refused for this reason. */
    public ModelRefused(String message) {
        super(message);
    }

    /** A model refused for this reason, which the cause made known. */
    public ModelRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
