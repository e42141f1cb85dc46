package io.prefstream.models.chat.jinja;

/** A method of a value, not yet called. */
record Method(Object of, String name) {}
