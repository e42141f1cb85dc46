package io.prefstream.models.chat.jinja;

import io.prefstream.models.chat.jinja.Expression.Call;
import io.prefstream.models.chat.jinja.Expression.FilterCall;
import io.prefstream.models.chat.jinja.Statement.Branch;
import io.prefstream.models.chat.jinja.Statement.CallBlock;
import io.prefstream.models.chat.jinja.Statement.FilterBlock;
import io.prefstream.models.chat.jinja.Statement.For;
import io.prefstream.models.chat.jinja.Statement.If;
import io.prefstream.models.chat.jinja.Statement.Macro;
import io.prefstream.models.chat.jinja.Statement.Output;
import io.prefstream.models.chat.jinja.Statement.Parameter;
import io.prefstream.models.chat.jinja.Statement.SetBlock;
import io.prefstream.models.chat.jinja.Statement.Target;
import io.prefstream.models.chat.jinja.Statement.With;
import io.prefstream.models.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a whole template. */
final class Parser {

    private final Tokens tokens;
    private final ExpressionParser expressions;
    private int loops;

    private Parser(Tokens tokens) {
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens);
    }

    static List<Statement> parse(String template) {
        Parser parser = new Parser(new Tokens(Lexer.tokens(template)));
        return parser.body(Set.of());
    }

    /** Statements up to a tag of one of these names, which is left to be read, or up to the template's end. */
    private List<Statement> body(Set<String> ends) {
        tokens.enter();
        List<Statement> body = new ArrayList<>();
        while (tokens.now().kind() != Kind.END) {
            Token token = tokens.next();
            if (token.kind() == Kind.TEXT) {
                body.add(new Statement.Literal(token.text()));
            } else if (token.kind() == Kind.OUTPUT) {
                body.add(new Output(expressions.tuple(true), token.line()));
                tokens.expect(Kind.OUTPUT_END, "}}");
            } else if (tokens.now().kind() == Kind.NAME
                    && ends.contains(tokens.now().text())) {
                tokens.leave();
                return body;
            } else {
                body.add(tag());
            }
        }
        if (!ends.isEmpty()) {
            throw tokens.unexpected(String.join(" or ", ends.stream().sorted().toList()));
        }
        tokens.leave();
        return body;
    }

    private void close(String end) {
        tokens.expectName(end);
        tagEnd();
    }

    private void tagEnd() {
        tokens.expect(Kind.TAG_END, "%}");
    }

    private Statement tag() {
        int line = tokens.line();
        Token name = tokens.expect(Kind.NAME, "the name of a tag");
        return switch (name.text()) {
            case "if" -> branches();
            case "for" -> loop(line);
            case "set" -> set(line);
            case "macro" -> macro(line);
            case "call" -> call(line);
            case "filter" -> filter();
            case "with" -> with(line);
            case "generation" -> generation();
            case "break", "continue" -> leaveLoop(name);
            default -> throw new TemplateFault(line, "the tag " + name.text() + " is not known");
        };
    }

    private Statement leaveLoop(Token name) {
        if (loops == 0) {
            throw new TemplateFault(name.line(), name.text() + " stands outside a loop");
        }
        tagEnd();
        return name.text().equals("break") ? new Statement.Break() : new Statement.Continue();
    }

    private Statement branches() {
        List<Branch> branches = new ArrayList<>();
        List<Statement> otherwise = List.of();
        do {
            Expression condition = expressions.tuple(false);
            tagEnd();
            branches.add(new Branch(condition, body(Set.of("elif", "else", "endif"))));
        } while (tokens.skipName("elif"));
        if (tokens.skipName("else")) {
            tagEnd();
            otherwise = body(Set.of("endif"));
        }
        close("endif");
        return new If(branches, otherwise);
    }

    private Statement loop(int line) {
        Target target = targets(Set.of("in"));
        tokens.expectName("in");
        Expression over = expressions.tuple(false);
        Expression filter = tokens.skipName("if") ? expressions.expression() : null;
        if (tokens.now().isName("recursive")) {
            throw tokens.fault("recursive loops are not supported");
        }
        tagEnd();
        loops++;
        List<Statement> body = body(Set.of("else", "endfor"));
        loops--;
        List<Statement> otherwise = List.of();
        if (tokens.skipName("else")) {
            tagEnd();
            otherwise = body(Set.of("endfor"));
        }
        close("endfor");
        return new For(target, over, filter, body, otherwise, line);
    }

    private Target targets(Set<String> ends) {
        List<Target> targets = new ArrayList<>(List.of(target()));
        boolean several = false;
        while (tokens.skipOperator(",")) {
            several = true;
            if ((tokens.now().kind() != Kind.NAME && !tokens.now().isOperator("("))
                    || ends.contains(tokens.now().text())) {
                break;
            }
            targets.add(target());
        }
        return several ? new Target.Several(targets) : targets.getFirst();
    }

    private Target target() {
        if (tokens.skipOperator("(")) {
            tokens.enter();
            Target inner = targets(Set.of());
            tokens.expectOperator(")");
            tokens.leave();
            return inner;
        }
        String name = tokens.expectName();
        return tokens.skipOperator(".") ? new Target.Member(name, tokens.expectName()) : new Target.Variable(name);
    }

    private Statement set(int line) {
        Target target = targets(Set.of());
        if (tokens.skipOperator("=")) {
            Expression value = expressions.tuple(true);
            tagEnd();
            return new Statement.Set(target, value, line);
        }
        List<FilterCall> filters = filters();
        tagEnd();
        List<Statement> body = apart(Set.of("endset"));
        close("endset");
        return new SetBlock(target, filters, body, line);
    }

    private List<FilterCall> filters() {
        List<FilterCall> filters = new ArrayList<>();
        while (tokens.now().isOperator("|")) {
            filters.add(expressions.filter());
        }
        return filters;
    }

    /** A body that a break can't leave. */
    private List<Statement> apart(Set<String> ends) {
        int outer = loops;
        loops = 0;
        List<Statement> body = body(ends);
        loops = outer;
        return body;
    }

    private Statement macro(int line) {
        String name = tokens.expectName();
        List<Parameter> parameters = parameters();
        tagEnd();
        List<Statement> body = apart(Set.of("endmacro"));
        close("endmacro");
        return new Macro(name, parameters, body, line);
    }

    private List<Parameter> parameters() {
        tokens.expectOperator("(");
        List<Parameter> parameters = new ArrayList<>();
        while (!tokens.skipOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
            }
            String name = tokens.expectName();
            @Nullable Expression otherwise = tokens.skipOperator("=") ? expressions.expression() : null;
            if (otherwise == null
                    && !parameters.isEmpty()
                    && parameters.getLast().otherwise() != null) {
                throw tokens.fault(name + " needs a value, for a parameter before it has one");
            }
            parameters.add(new Parameter(name, otherwise));
        }
        return parameters;
    }

    private Statement call(int line) {
        List<Parameter> parameters = tokens.now().isOperator("(") ? parameters() : List.of();
        if (!(expressions.expression() instanceof Call call)) {
            throw new TemplateFault(line, "call needs a call");
        }
        tagEnd();
        List<Statement> body = apart(Set.of("endcall"));
        close("endcall");
        return new CallBlock(parameters, call, body, line);
    }

    private Statement filter() {
        List<FilterCall> filters = new ArrayList<>(List.of(expressions.filterName()));
        filters.addAll(filters());
        tagEnd();
        List<Statement> body = apart(Set.of("endfilter"));
        close("endfilter");
        return new FilterBlock(filters, body);
    }

    private Statement with(int line) {
        List<Statement.Set> variables = new ArrayList<>();
        while (tokens.now().kind() != Kind.TAG_END) {
            if (!variables.isEmpty()) {
                tokens.expectOperator(",");
            }
            Target target = target();
            tokens.expectOperator("=");
            variables.add(new Statement.Set(target, expressions.expression(), line));
        }
        tagEnd();
        List<Statement> body = body(Set.of("endwith"));
        close("endwith");
        return new With(variables, body);
    }

    /** Marks what an assistant said, for training; here it is a scope of its own and no more. */
    private Statement generation() {
        tagEnd();
        List<Statement> body = apart(Set.of("endgeneration"));
        close("endgeneration");
        return new With(List.of(), body);
    }
}
