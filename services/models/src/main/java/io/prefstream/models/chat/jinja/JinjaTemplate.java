package io.prefstream.models.chat.jinja;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A template in the dialect of {@code apply_chat_template}. It is not trusted: it reaches no object but the values it is given,
 * and one rendering makes at most 64 Mi characters in at most 20 million steps. Thread-safe.
 */
public final class JinjaTemplate {

    private static final int LONGEST = 1 << 20;

    private final List<Statement> statements;

    private JinjaTemplate(List<Statement> statements) {
        this.statements = statements;
    }

    /**
     * Reads a template.
     *
     * @throws TemplateFault when it is longer than 1 Mi characters or is no template
     */
    public static JinjaTemplate parse(String template) {
        if (template.length() > LONGEST) {
            throw new TemplateFault(1, "it is longer than " + LONGEST + " characters");
        }
        return new JinjaTemplate(Parser.parse(template));
    }

    /**
     * The template's text for these variables. A variable is a text, a {@link Boolean}, a {@link Long}, a {@link List} or a
     * {@link Map} with texts as keys and variables in it, or null for Python's {@code None} at the top.
     *
     * @param now what {@code strftime_now} says; null leaves it undefined
     * @throws TemplateRefused when the template raises an exception of its own
     * @throws TemplateFault when it asks for something that is not there or not supported, or does too much
     */
    public String render(Map<String, ? extends @Nullable Object> variables, @Nullable LocalDateTime now) {
        Scope scope = new Scope(null);
        scope.set("raise_exception", Functions.raiseException());
        scope.set("namespace", (Callee) Functions::namespace);
        scope.set("dict", (Callee) Functions::dict);
        scope.set("range", (Callee) Functions::range);
        if (now != null) {
            scope.set("strftime_now", Functions.clock(now));
        }
        for (Map.Entry<String, ? extends @Nullable Object> variable : variables.entrySet()) {
            Object value = variable.getValue();
            scope.set(variable.getKey(), value == null ? None.NONE : value);
        }
        return new Renderer(new Work()).print(statements, scope);
    }
}
