package io.prefstream.kit.registry;

/** The registry refused or could not be reached; the message says which, where, and what to do. */
public final class RegistryException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The registry refused. */
    public RegistryException(String message) {
        super(message);
    }

    /** The registry could not be asked. */
    public RegistryException(String message, Throwable cause) {
        super(message, cause);
    }
}
