package io.prefstream.models.chat.jinja;

/** A template refused a conversation by {@code raise_exception}; the message is the template's own. */
public final class TemplateRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TemplateRefused(String message) {
        super(message);
    }
}
