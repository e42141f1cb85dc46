package io.prefstream.kit.config;

/** A fault that the user can cure; its message says how, and no stack trace is shown. */
public final class UserError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /** A failure, exit code 1. */
    public UserError(String message) {
        this(message, 1);
    }

    /** A fault with its exit code: 1 failed, 2 wrong usage. */
    public UserError(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    /** Exit code of the process. */
    public int exitCode() {
        return exitCode;
    }
}
