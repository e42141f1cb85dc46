package io.prefstream.models.chat.jinja;

/** What the filter {@code safe} gives: it may be printed as it is, and joined to nothing. */
record Safe(String text) {}
