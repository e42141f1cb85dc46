package io.prefstream.models.store;

/**
 * A model that cannot be had now and may be had later: it is not there yet, its store does not answer, or the disk is full. An
 * announcement may come before its model, so ask again later. The message has the URI, the figures and the cure.
 */
public final class ModelUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** A model that cannot be had now for this reason. */
    public ModelUnavailable(String message) {
        super(message);
    }

    /** A model that cannot be had now for this reason, which the cause made known. */
    public ModelUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
