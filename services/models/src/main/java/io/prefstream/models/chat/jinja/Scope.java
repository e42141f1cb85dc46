package io.prefstream.models.chat.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Variables of a template, loop turn or macro, over those around it. */
final class Scope {

    private final Map<String, Object> variables = new HashMap<>();
    private final @Nullable Scope around;

    Scope(@Nullable Scope around) {
        this.around = around;
    }

    void set(String name, Object value) {
        variables.put(name, value);
    }

    Object get(String name) {
        for (Scope scope = this; scope != null; scope = scope.around) {
            Object value = scope.variables.get(name);
            if (value != null) {
                return value;
            }
        }
        return new Undefined(name);
    }
}
