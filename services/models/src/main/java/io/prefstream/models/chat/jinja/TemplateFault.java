package io.prefstream.models.chat.jinja;

/**
 * A template is wrong, asks for something that is not supported, or does too much; or a conversation lacks what the template
 * reads. The message names the template's line and the thing.
 */
public final class TemplateFault extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int line;

    TemplateFault(int line, String message) {
        super("line " + line + " of the chat template: " + message);
        this.line = line;
    }

    /** Line of the template, from 1. */
    public int line() {
        return line;
    }
}
