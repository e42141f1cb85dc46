package io.prefstream.models.chat.jinja;

import io.prefstream.models.chat.jinja.Expression.Arithmetic;
import io.prefstream.models.chat.jinja.Expression.Attribute;
import io.prefstream.models.chat.jinja.Expression.Both;
import io.prefstream.models.chat.jinja.Expression.Call;
import io.prefstream.models.chat.jinja.Expression.Choice;
import io.prefstream.models.chat.jinja.Expression.Comparison;
import io.prefstream.models.chat.jinja.Expression.Dict;
import io.prefstream.models.chat.jinja.Expression.Either;
import io.prefstream.models.chat.jinja.Expression.Entry;
import io.prefstream.models.chat.jinja.Expression.Filter;
import io.prefstream.models.chat.jinja.Expression.FilterCall;
import io.prefstream.models.chat.jinja.Expression.Given;
import io.prefstream.models.chat.jinja.Expression.Item;
import io.prefstream.models.chat.jinja.Expression.Joined;
import io.prefstream.models.chat.jinja.Expression.Literal;
import io.prefstream.models.chat.jinja.Expression.Name;
import io.prefstream.models.chat.jinja.Expression.Named;
import io.prefstream.models.chat.jinja.Expression.Not;
import io.prefstream.models.chat.jinja.Expression.Operand;
import io.prefstream.models.chat.jinja.Expression.Sequence;
import io.prefstream.models.chat.jinja.Expression.Sign;
import io.prefstream.models.chat.jinja.Expression.Slice;
import io.prefstream.models.chat.jinja.Expression.Test;
import io.prefstream.models.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads expressions, from what binds loosest to what binds tightest. */
final class ExpressionParser {

    private static final Set<String> COMPARED = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<Kind> ENDS = EnumSet.of(Kind.OUTPUT_END, Kind.TAG_END, Kind.END);
    private static final Set<Kind> LITERALS = EnumSet.of(Kind.NAME, Kind.STRING, Kind.INTEGER, Kind.FLOAT);

    private final Tokens tokens;

    ExpressionParser(Tokens tokens) {
        this.tokens = tokens;
    }

    /** An expression, with a choice by {@code if}. */
    Expression expression() {
        tokens.enter();
        Expression value = either();
        while (tokens.skipName("if")) {
            Expression condition = either();
            value = new Choice(condition, value, tokens.skipName("else") ? expression() : null);
        }
        tokens.leave();
        return value;
    }

    /** One or more expressions by commas: several make a tuple. */
    Expression tuple(boolean choices) {
        Expression first = choices ? expression() : either();
        if (!tokens.now().isOperator(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",")
                && !ENDS.contains(tokens.now().kind())
                && !tokens.now().isOperator(")")) {
            items.add(choices ? expression() : either());
        }
        return new Sequence(items, true);
    }

    private Expression either() {
        Expression left = both();
        while (tokens.skipName("or")) {
            left = new Either(left, both());
        }
        return left;
    }

    private Expression both() {
        Expression left = not();
        while (tokens.skipName("and")) {
            left = new Both(left, not());
        }
        return left;
    }

    private Expression not() {
        if (!tokens.skipName("not")) {
            return comparison();
        }
        tokens.enter();
        Expression of = not();
        tokens.leave();
        return new Not(of);
    }

    private Expression comparison() {
        int line = tokens.line();
        Expression first = sum();
        List<Operand> operands = new ArrayList<>();
        while (true) {
            Token token = tokens.now();
            if (token.kind() == Kind.OPERATOR && COMPARED.contains(token.text())) {
                tokens.next();
                operands.add(new Operand(token.text(), sum()));
            } else if (tokens.skipName("in")) {
                operands.add(new Operand("in", sum()));
            } else if (token.isName("not") && tokens.after().isName("in")) {
                tokens.next();
                tokens.next();
                operands.add(new Operand("not in", sum()));
            } else {
                return operands.isEmpty() ? first : new Comparison(first, operands, line);
            }
        }
    }

    private Expression sum() {
        return chain(this::joined, Set.of("+", "-"));
    }

    private Expression joined() {
        int line = tokens.line();
        Expression first = product();
        if (!tokens.now().isOperator("~")) {
            return first;
        }
        List<Expression> parts = new ArrayList<>(List.of(first));
        while (tokens.skipOperator("~")) {
            parts.add(product());
        }
        return new Joined(parts, line);
    }

    private Expression product() {
        return chain(this::power, Set.of("*", "/", "//", "%"));
    }

    private Expression power() {
        return chain(() -> signed(true), Set.of("**"));
    }

    private Expression chain(Supplier<Expression> part, Set<String> operators) {
        Expression left = part.get();
        while (tokens.now().kind() == Kind.OPERATOR
                && operators.contains(tokens.now().text())) {
            Token operator = tokens.next();
            left = new Arithmetic(operator.text(), left, part.get(), operator.line());
        }
        return left;
    }

    private Expression signed(boolean filters) {
        Token token = tokens.now();
        Expression value;
        if (tokens.skipOperator("-") || tokens.skipOperator("+")) {
            tokens.enter();
            value = new Sign(signed(false), token.text().equals("-"), token.line());
            tokens.leave();
        } else {
            value = primary();
        }
        value = postfixes(value);
        return filters ? filters(value) : value;
    }

    private Expression primary() {
        Token token = tokens.next();
        return switch (token.kind()) {
            case NAME ->
                switch (token.text()) {
                    case "true", "True" -> new Literal(true);
                    case "false", "False" -> new Literal(false);
                    case "none", "None" -> new Literal(None.NONE);
                    default -> new Name(token.text());
                };
            case STRING -> {
                StringBuilder text = new StringBuilder(token.text());
                while (tokens.now().kind() == Kind.STRING) {
                    text.append(tokens.next().text());
                }
                yield new Literal(text.toString());
            }
            case INTEGER -> {
                try {
                    yield new Literal(Long.parseLong(token.text()));
                } catch (NumberFormatException e) {
                    throw new TemplateFault(token.line(), token.text() + " is too large");
                }
            }
            case FLOAT -> new Literal(Double.parseDouble(token.text()));
            default ->
                switch (token.text()) {
                    case "(" -> bracketed();
                    case "[" -> new Sequence(items("]"), false);
                    case "{" -> dict(token.line());
                    default -> throw new TemplateFault(token.line(), "expected an expression and found " + token);
                };
        };
    }

    private Expression bracketed() {
        if (tokens.skipOperator(")")) {
            return new Sequence(List.of(), true);
        }
        Expression value = tuple(true);
        tokens.expectOperator(")");
        return value;
    }

    private List<Expression> items(String end) {
        List<Expression> items = new ArrayList<>();
        while (!tokens.skipOperator(end)) {
            if (!items.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator(end)) {
                    break;
                }
            }
            items.add(expression());
        }
        return items;
    }

    private Expression dict(int line) {
        List<Entry> entries = new ArrayList<>();
        while (!tokens.skipOperator("}")) {
            if (!entries.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator("}")) {
                    break;
                }
            }
            Expression key = expression();
            tokens.expectOperator(":");
            entries.add(new Entry(key, expression()));
        }
        return new Dict(entries, line);
    }

    private Expression postfixes(Expression of) {
        Expression value = of;
        while (true) {
            int line = tokens.line();
            if (tokens.skipOperator(".")) {
                Token name = tokens.next();
                value = switch (name.kind()) {
                    case NAME -> new Attribute(value, name.text(), line);
                    case INTEGER -> new Item(value, new Literal(Long.parseLong(name.text())), line);
                    default -> throw new TemplateFault(line, "expected a name after . and found " + name);
                };
            } else if (tokens.skipOperator("[")) {
                value = subscript(value, line);
            } else if (tokens.now().isOperator("(")) {
                value = new Call(value, given(), line);
            } else {
                return value;
            }
        }
    }

    private Expression subscript(Expression of, int line) {
        Expression start = tokens.now().isOperator(":") ? null : expression();
        if (start != null && tokens.skipOperator("]")) {
            return new Item(of, start, line);
        }
        tokens.expectOperator(":");
        Expression stop = sliceEnd();
        Expression step = tokens.skipOperator(":") ? sliceEnd() : null;
        tokens.expectOperator("]");
        return new Slice(of, start, stop, step, line);
    }

    private @Nullable Expression sliceEnd() {
        return tokens.now().isOperator(":") || tokens.now().isOperator("]") ? null : expression();
    }

    private Expression filters(Expression of) {
        Expression value = of;
        while (true) {
            int line = tokens.line();
            if (tokens.now().isOperator("|")) {
                value = new Filter(value, filter());
            } else if (tokens.skipName("is")) {
                value = test(value, line);
            } else if (tokens.now().isOperator("(")) {
                value = new Call(value, given(), line);
            } else {
                return value;
            }
        }
    }

    /** A filter with the bar before it. */
    FilterCall filter() {
        tokens.expectOperator("|");
        return filterName();
    }

    /** A filter without the bar. */
    FilterCall filterName() {
        int line = tokens.line();
        String name = tokens.expectName();
        return new FilterCall(name, tokens.now().isOperator("(") ? given() : Given.NOTHING, line);
    }

    private Expression test(Expression of, int line) {
        boolean negated = tokens.skipName("not");
        String name = tokens.expectName();
        Given given = Given.NOTHING;
        Token token = tokens.now();
        if (token.isOperator("(")) {
            given = given();
        } else if ((LITERALS.contains(token.kind()) || token.isOperator("[") || token.isOperator("{"))
                && !token.isName("else")
                && !token.isName("or")
                && !token.isName("and")) {
            if (token.isName("is")) {
                throw tokens.fault("tests cannot be chained by is");
            }
            given = Given.of(List.of(postfixes(primary())));
        }
        Expression test = new Test(of, name, given, line);
        return negated ? new Not(test) : test;
    }

    /** What stands in the brackets of a call. */
    Given given() {
        tokens.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        List<Named> named = new ArrayList<>();
        Expression more = null;
        Expression moreNamed = null;
        while (!tokens.skipOperator(")")) {
            if (!positional.isEmpty() || !named.isEmpty() || more != null || moreNamed != null) {
                tokens.expectOperator(",");
                if (tokens.skipOperator(")")) {
                    break;
                }
            }
            if (more == null && moreNamed == null && tokens.skipOperator("*")) {
                more = expression();
            } else if (moreNamed == null && tokens.skipOperator("**")) {
                moreNamed = expression();
            } else if (tokens.now().kind() == Kind.NAME && tokens.after().isOperator("=")) {
                String name = tokens.expectName();
                tokens.expectOperator("=");
                named.add(new Named(name, expression()));
            } else if (named.isEmpty() && more == null && moreNamed == null) {
                positional.add(expression());
            } else {
                throw tokens.fault("what is given by place must stand before what is given by name");
            }
        }
        return new Given(positional, more, named, moreNamed);
    }
}
