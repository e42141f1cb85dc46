package io.prefstream.models.chat.jinja;

import java.util.Map;

/** Values that a loop may change for what comes after it. */
record Namespace(Map<String, Object> values) {}
