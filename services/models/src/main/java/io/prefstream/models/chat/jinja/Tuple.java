package io.prefstream.models.chat.jinja;

import java.util.List;

/** A list in round brackets. */
record Tuple(List<Object> items) {}
