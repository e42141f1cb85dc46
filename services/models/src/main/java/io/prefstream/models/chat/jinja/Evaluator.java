package io.prefstream.models.chat.jinja;

import io.prefstream.models.chat.jinja.Expression.Comparison;
import io.prefstream.models.chat.jinja.Expression.Dict;
import io.prefstream.models.chat.jinja.Expression.Entry;
import io.prefstream.models.chat.jinja.Expression.FilterCall;
import io.prefstream.models.chat.jinja.Expression.Given;
import io.prefstream.models.chat.jinja.Expression.Joined;
import io.prefstream.models.chat.jinja.Expression.Named;
import io.prefstream.models.chat.jinja.Expression.Operand;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the values of expressions. */
final class Evaluator {

    private final Work work;

    Evaluator(Work work) {
        this.work = work;
    }

    boolean isTrue(Expression condition, Scope scope) {
        return Values.isTrue(value(condition, scope));
    }

    Object value(Expression expression, Scope scope) {
        work.enter();
        Object value = switch (expression) {
            case Expression.Literal literal -> literal.value();
            case Expression.Name name -> scope.get(name.name());
            case Expression.Sequence sequence -> {
                List<Object> items = values(sequence.items(), scope);
                yield sequence.tuple() ? new Tuple(items) : items;
            }
            case Dict dict -> dict(dict, scope);
            case Expression.Attribute attribute -> {
                Object of = value(attribute.of(), scope);
                work.at(attribute.line());
                yield Members.attribute(of, attribute.name(), work);
            }
            case Expression.Item item -> {
                Object of = value(item.of(), scope);
                Object key = value(item.key(), scope);
                work.at(item.line());
                yield Members.item(of, key, work);
            }
            case Expression.Slice slice -> {
                Object of = value(slice.of(), scope);
                Object start = optional(slice.start(), scope);
                Object stop = optional(slice.stop(), scope);
                Object step = optional(slice.step(), scope);
                work.at(slice.line());
                yield Members.slice(of, start, stop, step, work);
            }
            case Expression.Call call -> {
                Object callee = value(call.callee(), scope);
                yield call(callee, given(call.given(), scope), call.line());
            }
            case Expression.Filter filter -> filtered(value(filter.of(), scope), filter.filter(), scope);
            case Expression.Test test -> {
                Object of = value(test.of(), scope);
                Arguments given = given(test.given(), scope);
                work.at(test.line());
                yield Tests.holds(test.name(), of, given, work);
            }
            case Expression.Not not -> !isTrue(not.of(), scope);
            case Expression.Sign sign -> {
                Object of = value(sign.of(), scope);
                work.at(sign.line());
                yield Operators.apply("*", sign.negative() ? -1L : 1L, number(of), work);
            }
            case Expression.Arithmetic sum -> {
                Object left = value(sum.left(), scope);
                Object right = value(sum.right(), scope);
                work.at(sum.line());
                yield Operators.apply(sum.operator(), left, right, work);
            }
            case Expression.Both both -> {
                Object left = value(both.left(), scope);
                yield Values.isTrue(left) ? value(both.right(), scope) : left;
            }
            case Expression.Either either -> {
                Object left = value(either.left(), scope);
                yield Values.isTrue(left) ? left : value(either.right(), scope);
            }
            case Comparison comparison -> holds(comparison, scope);
            case Joined joined -> joined(joined, scope);
            case Expression.Choice choice -> {
                if (isTrue(choice.condition(), scope)) {
                    yield value(choice.then(), scope);
                }
                Expression otherwise = choice.otherwise();
                yield otherwise == null ? new Undefined("a choice without else") : value(otherwise, scope);
            }
        };
        work.leave();
        return value;
    }

    private @Nullable Object optional(@Nullable Expression expression, Scope scope) {
        return expression == null ? null : value(expression, scope);
    }

    private Object number(Object value) {
        if (Operators.isNumber(value)) {
            return value;
        }
        throw work.fault(Values.kind(value) + " has no sign");
    }

    private List<Object> values(List<Expression> expressions, Scope scope) {
        work.places(expressions.size());
        List<Object> values = new ArrayList<>();
        for (Expression expression : expressions) {
            values.add(value(expression, scope));
        }
        return values;
    }

    private Map<Object, Object> dict(Dict dict, Scope scope) {
        work.places(2L * dict.entries().size());
        Map<Object, Object> map = new LinkedHashMap<>();
        for (Entry entry : dict.entries()) {
            Object key = value(entry.key(), scope);
            if (!(key instanceof String || key instanceof Long)) {
                work.at(dict.line());
                throw work.fault("a key of a dict is " + Values.kind(key) + " and must be a text or a whole number");
            }
            map.put(key, value(entry.value(), scope));
        }
        return map;
    }

    private Arguments given(Given given, Scope scope) {
        if (given.isEmpty()) {
            return Arguments.NOTHING;
        }
        List<Object> positional = values(given.positional(), scope);
        Map<String, Object> named = new LinkedHashMap<>();
        for (Named one : given.named()) {
            named.put(one.name(), value(one.value(), scope));
        }
        Expression more = given.more();
        if (more != null) {
            List<Object> items = Values.items(value(more, scope), work);
            work.places(items.size());
            positional.addAll(items);
        }
        Expression moreNamed = given.moreNamed();
        if (moreNamed != null) {
            if (!(value(moreNamed, scope) instanceof Map<?, ?> dict)) {
                throw work.fault("what stands after ** is no dict");
            }
            work.places(dict.size());
            dict.forEach((name, value) -> named.put(Printed.text(name, work), value));
        }
        return new Arguments(positional, named);
    }

    Object call(Object callee, Arguments given, int line) {
        work.at(line);
        return switch (callee) {
            case Method method -> Members.call(method, given, work);
            case Callee function -> function.call(given, work);
            default -> throw work.fault(Values.kind(callee) + " cannot be called");
        };
    }

    Arguments arguments(Expression.Call call, Scope scope, String extra, Object value) {
        Arguments given = given(call.given(), scope);
        Map<String, Object> named = new LinkedHashMap<>(given.named());
        named.put(extra, value);
        return new Arguments(given.positional(), named);
    }

    Object filtered(Object value, FilterCall filter, Scope scope) {
        Arguments given = given(filter.given(), scope);
        work.at(filter.line());
        return Filters.apply(filter.name(), value, given, work);
    }

    private boolean holds(Comparison comparison, Scope scope) {
        Object left = value(comparison.first(), scope);
        for (Operand operand : comparison.operands()) {
            Object right = value(operand.value(), scope);
            work.at(comparison.line());
            boolean holds = switch (operand.operator()) {
                case "==" -> Values.equal(left, right, work);
                case "!=" -> !Values.equal(left, right, work);
                case "in" -> Values.contains(right, left, work);
                case "not in" -> !Values.contains(right, left, work);
                case "<" -> Operators.compare(left, right, work) < 0;
                case "<=" -> Operators.compare(left, right, work) <= 0;
                case ">" -> Operators.compare(left, right, work) > 0;
                default -> Operators.compare(left, right, work) >= 0;
            };
            if (!holds) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private String joined(Joined joined, Scope scope) {
        List<String> parts = new ArrayList<>();
        for (Object part : values(joined.parts(), scope)) {
            work.at(joined.line());
            parts.add(Printed.text(part, work));
        }
        return TextMethods.joined("", parts, work);
    }
}
