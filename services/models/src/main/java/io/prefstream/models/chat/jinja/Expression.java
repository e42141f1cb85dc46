package io.prefstream.models.chat.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What has a value. */
sealed interface Expression {

    record Literal(Object value) implements Expression {}

    record Name(String name) implements Expression {}

    record Sequence(List<Expression> items, boolean tuple) implements Expression {}

    record Dict(List<Entry> entries, int line) implements Expression {}

    record Attribute(Expression of, String name, int line) implements Expression {}

    record Item(Expression of, Expression key, int line) implements Expression {}

    record Slice(
            Expression of,
            @Nullable Expression start,
            @Nullable Expression stop,
            @Nullable Expression step,
            int line) implements Expression {}

    record Call(Expression callee, Given given, int line) implements Expression {}

    record Filter(Expression of, FilterCall filter) implements Expression {}

    record Test(Expression of, String name, Given given, int line) implements Expression {}

    record Not(Expression of) implements Expression {}

    record Sign(Expression of, boolean negative, int line) implements Expression {}

    record Arithmetic(String operator, Expression left, Expression right, int line) implements Expression {}

    record Both(Expression left, Expression right) implements Expression {}

    record Either(Expression left, Expression right) implements Expression {}

    record Comparison(Expression first, List<Operand> operands, int line) implements Expression {}

    record Joined(List<Expression> parts, int line) implements Expression {}

    record Choice(
            Expression condition, Expression then, @Nullable Expression otherwise) implements Expression {}

    record Entry(Expression key, Expression value) {}

    record Operand(String operator, Expression value) {}

    /** What stands in a call's brackets; with {@code *} before {@code more} and {@code **} before {@code moreNamed}. */
    record Given(
            List<Expression> positional,
            @Nullable Expression more,
            List<Named> named,
            @Nullable Expression moreNamed) {

        static final Given NOTHING = of(List.of());

        static Given of(List<Expression> positional) {
            return new Given(positional, null, List.of(), null);
        }

        boolean isEmpty() {
            return positional.isEmpty() && more == null && named.isEmpty() && moreNamed == null;
        }
    }

    record Named(String name, Expression value) {}

    record FilterCall(String name, Given given, int line) {}
}
