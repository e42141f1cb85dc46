package io.prefstream.models.chat.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a template does, in order. */
sealed interface Statement {

    record Literal(String text) implements Statement {}

    record Output(Expression value, int line) implements Statement {}

    record If(List<Branch> branches, List<Statement> otherwise) implements Statement {}

    record For(
            Target target,
            Expression over,
            @Nullable Expression filter,
            List<Statement> body,
            List<Statement> otherwise,
            int line)
            implements Statement {}

    record Set(Target target, Expression value, int line) implements Statement {}

    record SetBlock(Target target, List<Expression.FilterCall> filters, List<Statement> body, int line)
            implements Statement {}

    record Macro(String name, List<Parameter> parameters, List<Statement> body, int line) implements Statement {}

    record CallBlock(List<Parameter> parameters, Expression.Call call, List<Statement> body, int line)
            implements Statement {}

    record FilterBlock(List<Expression.FilterCall> filters, List<Statement> body) implements Statement {}

    record With(List<Set> variables, List<Statement> body) implements Statement {}

    record Break() implements Statement {}

    record Continue() implements Statement {}

    record Branch(Expression condition, List<Statement> body) {}

    record Parameter(String name, @Nullable Expression otherwise) {}

    /** What a value is given to. */
    sealed interface Target {
        record Variable(String name) implements Target {}

        record Member(String namespace, String name) implements Target {}

        record Several(List<Target> targets) implements Target {}
    }
}
