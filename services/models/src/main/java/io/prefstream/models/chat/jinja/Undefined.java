package io.prefstream.models.chat.jinja;

/**
 * What a name or a key that isn't there gives: it prints as nothing and is false, and using it otherwise is a fault.
 *
 * @param what what isn't there, in words
 */
record Undefined(String what) {}
