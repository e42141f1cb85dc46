package io.prefstream.models.chat.jinja;

import io.prefstream.models.chat.jinja.Expression.FilterCall;
import io.prefstream.models.chat.jinja.Statement.Branch;
import io.prefstream.models.chat.jinja.Statement.CallBlock;
import io.prefstream.models.chat.jinja.Statement.Macro;
import io.prefstream.models.chat.jinja.Statement.Parameter;
import io.prefstream.models.chat.jinja.Statement.Target;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Does what a template's statements say. */
final class Renderer {

    /** How a body ended. */
    private enum End {
        REACHED,
        BREAK,
        CONTINUE
    }

    private final Work work;
    private final Evaluator evaluator;
    private long loops;

    Renderer(Work work) {
        this.work = work;
        this.evaluator = new Evaluator(work);
    }

    /** What a body prints. */
    String print(List<Statement> body, Scope scope) {
        StringBuilder out = new StringBuilder();
        run(body, scope, out);
        return out.toString();
    }

    private End run(List<Statement> body, Scope scope, StringBuilder out) {
        work.enter();
        End end = End.REACHED;
        for (Statement statement : body) {
            end = run(statement, scope, out);
            if (end != End.REACHED) {
                break;
            }
        }
        work.leave();
        return end;
    }

    private End run(Statement statement, Scope scope, StringBuilder out) {
        work.step();
        switch (statement) {
            case Statement.Literal literal -> print(literal.text(), out);
            case Statement.Output output -> {
                Object value = evaluator.value(output.value(), scope);
                work.at(output.line());
                print(value instanceof Safe safe ? safe.text() : Printed.text(value, work), out);
            }
            case Statement.If choice -> {
                return run(chosen(choice, scope), scope, out);
            }
            case Statement.For loop -> {
                return loop(loop, scope, out);
            }
            case Statement.Set set -> {
                Object value = evaluator.value(set.value(), scope);
                work.at(set.line());
                set(set.target(), value, scope);
            }
            case Statement.SetBlock set -> {
                Object value = filtered(print(set.body(), new Scope(scope)), set.filters(), scope);
                work.at(set.line());
                set(set.target(), value, scope);
            }
            case Macro macro -> scope.set(macro.name(), macro(macro.name(), macro.parameters(), macro.body(), scope));
            case CallBlock block -> {
                Object callee = evaluator.value(block.call().callee(), scope);
                Callee caller = macro("caller", block.parameters(), block.body(), scope);
                Arguments given = evaluator.arguments(block.call(), scope, "caller", caller);
                print(Printed.text(evaluator.call(callee, given, block.line()), work), out);
            }
            case Statement.FilterBlock block -> {
                Object value = filtered(print(block.body(), new Scope(scope)), block.filters(), scope);
                print(value instanceof Safe safe ? safe.text() : Printed.text(value, work), out);
            }
            case Statement.With with -> {
                Scope inner = new Scope(scope);
                with.variables().forEach(one -> set(one.target(), evaluator.value(one.value(), scope), inner));
                return run(with.body(), inner, out);
            }
            case Statement.Break leave -> {
                return End.BREAK;
            }
            case Statement.Continue next -> {
                return End.CONTINUE;
            }
        }
        return End.REACHED;
    }

    private void print(String text, StringBuilder out) {
        work.characters(text.length());
        out.append(text);
    }

    private List<Statement> chosen(Statement.If choice, Scope scope) {
        for (Branch branch : choice.branches()) {
            if (evaluator.isTrue(branch.condition(), scope)) {
                return branch.body();
            }
        }
        return choice.otherwise();
    }

    private Object filtered(String text, List<FilterCall> filters, Scope scope) {
        Object value = text;
        for (FilterCall filter : filters) {
            value = evaluator.filtered(value, filter, scope);
        }
        return value;
    }

    private End loop(Statement.For loop, Scope scope, StringBuilder out) {
        Object over = evaluator.value(loop.over(), scope);
        work.at(loop.line());
        List<Object> items = Values.items(over, work);
        Expression filter = loop.filter();
        if (filter != null) {
            items = items.stream()
                    .filter(item -> {
                        Scope turn = new Scope(scope);
                        set(loop.target(), item, turn);
                        return evaluator.isTrue(filter, turn);
                    })
                    .toList();
        }
        // as in Jinja2, a loop counts as empty until a turn reaches its end without break or continue
        boolean empty = true;
        Loop variable = new Loop(items, loops++);
        for (int i = 0; i < items.size(); i++) {
            Scope turn = new Scope(scope);
            variable.goTo(i);
            turn.set("loop", variable);
            work.at(loop.line());
            set(loop.target(), items.get(i), turn);
            End end = run(loop.body(), turn, out);
            empty &= end != End.REACHED;
            if (end == End.BREAK) {
                break;
            }
        }
        loops--;
        return empty ? run(loop.otherwise(), new Scope(scope), out) : End.REACHED;
    }

    private void set(Target target, Object value, Scope scope) {
        switch (target) {
            case Target.Variable variable -> scope.set(variable.name(), value);
            case Target.Member member -> {
                if (!(scope.get(member.namespace()) instanceof Namespace namespace)) {
                    throw work.fault(member.namespace() + " is no namespace, so it cannot be given " + member.name());
                }
                namespace.values().put(member.name(), value);
            }
            case Target.Several several -> {
                List<Object> items = Values.items(value, work);
                if (items.size() != several.targets().size()) {
                    throw work.fault(items.size() + " values cannot be given to "
                            + several.targets().size() + " names");
                }
                for (int i = 0; i < items.size(); i++) {
                    set(several.targets().get(i), items.get(i), scope);
                }
            }
        }
    }

    private Callee macro(String name, List<Parameter> parameters, List<Statement> body, Scope around) {
        String[] names = parameters.stream().map(Parameter::name).toArray(String[]::new);
        return (given, caller) -> {
            Scope scope = new Scope(around);
            Object block = given.named().get("caller");
            Arguments plain = given;
            if (block != null && !List.of(names).contains("caller")) {
                scope.set("caller", block);
                plain = new Arguments(given.positional(), withoutCaller(given));
            }
            Arguments.Bound bound = plain.bind(work, "the macro " + name, names);
            for (int i = 0; i < names.length; i++) {
                Expression otherwise = parameters.get(i).otherwise();
                Object missing = bound.has(i) || otherwise == null
                        ? new Undefined("the parameter " + names[i])
                        : evaluator.value(otherwise, scope);
                scope.set(names[i], bound.get(i, missing));
            }
            return print(body, scope);
        };
    }

    private static Map<String, Object> withoutCaller(Arguments given) {
        Map<String, Object> named = new LinkedHashMap<>(given.named());
        named.remove("caller");
        return named;
    }
}
