package io.prefstream.models.chat.jinja;

/** Python's {@code None}. */
enum None {
    NONE
}
