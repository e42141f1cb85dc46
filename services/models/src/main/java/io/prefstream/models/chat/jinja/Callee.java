package io.prefstream.models.chat.jinja;

/** A function or a macro. */
@FunctionalInterface
interface Callee {
    Object call(Arguments arguments, Work work);
}
