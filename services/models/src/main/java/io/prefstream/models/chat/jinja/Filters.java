package io.prefstream.models.chat.jinja;

import io.prefstream.models.chat.jinja.Arguments.Bound;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Jinja's filters, as far as chat templates use them. */
final class Filters {

    private Filters() {}

    static Object apply(String name, Object value, Arguments given, Work work) {
        return switch (name) {
            case "trim" -> {
                String text = counted(value, work);
                yield TextMethods.strip(text, "strip", given.bind(work, name, "chars"), work);
            }
            case "tojson" -> Json.of(value, given, work);
            case "default", "d" -> {
                Bound bound = given.bind(work, name, "default_value", "boolean");
                boolean missing =
                        value instanceof Undefined || (Values.isTrue(bound.get(1, false)) && !Values.isTrue(value));
                yield missing ? bound.get(0, "") : value;
            }
            case "join" -> join(value, given.bind(work, name, "d", "attribute"), work);
            case "replace" -> {
                Bound bound = given.bind(work, name, "old", "new", "count");
                Object most = bound.get(2, None.NONE);
                yield TextMethods.replace(
                        Printed.text(value, work),
                        Printed.text(bound.need(0, work), work),
                        Printed.text(bound.need(1, work), work),
                        most instanceof None ? -1 : bound.number(2, -1, work),
                        work);
            }
            case "indent" -> indent(value, given.bind(work, name, "width", "first", "blank"), work);
            case "int" ->
                whole(read(value, work), given.bind(work, name, "default").get(0, 0L));
            case "float" ->
                real(read(value, work), given.bind(work, name, "default").get(0, 0.0));
            case "dictsort" -> dictSort(value, given.bind(work, name, "case_sensitive", "by", "reverse"), work);
            case "sort" -> sort(value, given.bind(work, name, "reverse", "case_sensitive", "attribute"), work);
            case "unique" -> unique(value, given.bind(work, name, "case_sensitive", "attribute"), work);
            case "map", "select", "reject", "selectattr", "rejectattr" ->
                // as in Jinja2, none has no items here
                Values.isTrue(value) ? each(name, value, given, work) : Once.of(List.of());
            default -> plain(name, value, given, work);
        };
    }

    /** Filters that are given nothing. */
    private static Object plain(String name, Object value, Arguments given, Work work) {
        Bound none = given.bind(work, name);
        return switch (name) {
            case "length", "count" -> Values.length(value, work);
            case "string" -> Printed.text(value, work);
            case "safe" -> new Safe(Printed.text(value, work));
            case "upper" -> Casing.upper(counted(value, work));
            case "lower" -> Casing.lower(counted(value, work));
            case "title" -> Casing.titledWords(counted(value, work));
            case "capitalize" -> Casing.capitalized(counted(value, work));
            case "list" -> {
                List<Object> items = Values.items(value, work);
                work.places(items.size());
                yield new ArrayList<>(items);
            }
            case "items" -> {
                if (value instanceof Undefined) {
                    yield Once.of(List.of());
                }
                if (!(value instanceof Map<?, ?> dict)) {
                    throw work.fault("items takes a dict and was given " + Values.kind(value));
                }
                yield Once.of(Members.items(dict, work));
            }
            case "first" -> {
                if (value instanceof Once once) {
                    yield once.rest().hasNext() ? once.rest().next() : new Undefined("the first of nothing");
                }
                List<Object> items = Values.items(value, work);
                yield items.isEmpty() ? new Undefined("the first of nothing") : items.getFirst();
            }
            case "last" -> {
                List<Object> items = Values.items(value, work);
                yield items.isEmpty() ? new Undefined("the last of nothing") : items.getLast();
            }
            case "reverse" ->
                value instanceof String text
                        ? new StringBuilder(counted(text, work)).reverse().toString()
                        : Once.of(Values.items(value, work).reversed());
            case "abs" ->
                switch (value) {
                    case Long number -> Math.absExact(number);
                    case Double number -> Math.abs(number);
                    default -> throw work.fault("abs takes a number and was given " + Values.kind(value));
                };
            default -> throw work.fault("the filter " + none.callee() + " is not known");
        };
    }

    private static Object read(Object value, Work work) {
        work.read(value instanceof String text ? text.length() : 0);
        return value;
    }

    /** A value's text, of which something as long is made. */
    static String counted(Object value, Work work) {
        String text = Printed.text(value, work);
        work.characters(text.length());
        return text;
    }

    private static String join(Object value, Bound given, Work work) {
        String attribute = given.has(1) ? Printed.text(given.need(1, work), work) : "";
        List<String> parts = new ArrayList<>();
        for (Object item : Values.items(value, work)) {
            parts.add(Printed.text(Members.path(item, attribute, work), work));
        }
        return TextMethods.joined(Printed.text(given.get(0, ""), work), parts, work);
    }

    private static String indent(Object value, Bound given, Work work) {
        String step = given.get(0, 4L) instanceof String text
                ? text
                : " ".repeat(Math.clamp(given.number(0, 4, work), 0, 10_000));
        boolean first = Values.isTrue(given.get(1, false));
        boolean blank = Values.isTrue(given.get(2, false));
        List<Object> lines = TextMethods.lines(Printed.text(value, work) + "\n", work);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            String line = (String) lines.get(i);
            boolean indented = i == 0 ? first : blank || !line.isEmpty();
            work.characters(line.length() + step.length() + 1L);
            out.append(i == 0 ? "" : "\n").append(indented ? step : "").append(line);
        }
        return out.toString();
    }

    private static Object whole(Object value, Object otherwise) {
        return switch (value) {
            case Long number -> number;
            case Boolean bool -> bool ? 1L : 0L;
            case Double number -> Double.isFinite(number) ? (Object) number.longValue() : otherwise;
            case String text -> {
                try {
                    yield Long.parseLong(Text.strip(text));
                } catch (NumberFormatException e) {
                    yield real(text, otherwise) instanceof Double real && Double.isFinite(real)
                            ? (Object) real.longValue()
                            : otherwise;
                }
            }
            default -> otherwise;
        };
    }

    private static Object real(Object value, Object otherwise) {
        return switch (value) {
            case Long number -> (Object) number.doubleValue();
            case Boolean bool -> bool ? 1.0 : 0.0;
            case Double number -> number;
            case String text -> {
                String stripped = Text.strip(text);
                // Java also takes the letters of its own literals
                yield stripped.matches("[+-]?(\\d++\\.?\\d*+|\\.\\d++)([eE][+-]?\\d++)?")
                        ? (Object) Double.parseDouble(stripped)
                        : otherwise;
            }
            default -> otherwise;
        };
    }

    private static Object folded(Object value, boolean caseMatters) {
        return value instanceof String text && !caseMatters ? Casing.lower(text) : value;
    }

    private static List<Object> dictSort(Object value, Bound given, Work work) {
        boolean caseMatters = Values.isTrue(given.get(0, false));
        int by = switch (given.text(1, "key", work)) {
            case "key" -> 0;
            case "value" -> 1;
            default -> throw work.fault("dictsort sorts by key or value");
        };
        if (!(value instanceof Map<?, ?> dict)) {
            throw work.fault("dictsort takes a dict and was given " + Values.kind(value));
        }
        List<Object> items = new ArrayList<>(Members.items(dict, work));
        Comparator<Object> order = Comparator.comparing(
                item -> folded(((Tuple) item).items().get(by), caseMatters), (a, b) -> Operators.compare(a, b, work));
        items.sort(Values.isTrue(given.get(2, false)) ? order.reversed() : order);
        return items;
    }

    private static List<Object> sort(Object value, Bound given, Work work) {
        boolean caseMatters = Values.isTrue(given.get(1, false));
        String attribute = given.get(2, None.NONE) instanceof None ? "" : given.needText(2, work);
        List<Object> items = new ArrayList<>(Values.items(value, work));
        work.places(items.size());
        Comparator<Object> order = Comparator.comparing(
                item -> folded(Members.path(item, attribute, work), caseMatters),
                (a, b) -> Operators.compare(a, b, work));
        items.sort(Values.isTrue(given.get(0, false)) ? order.reversed() : order);
        return items;
    }

    private static Once unique(Object value, Bound given, Work work) {
        boolean caseMatters = Values.isTrue(given.get(0, false));
        String attribute = given.get(1, None.NONE) instanceof None ? "" : given.needText(1, work);
        List<Object> seen = new ArrayList<>();
        List<Object> kept = new ArrayList<>();
        for (Object item : Values.items(value, work)) {
            Object key = folded(Members.path(item, attribute, work), caseMatters);
            if (!Values.contains(seen, key, work)) {
                seen.add(key);
                kept.add(item);
            }
        }
        return Once.of(kept);
    }

    private static Once each(String name, Object value, Arguments given, Work work) {
        return switch (name) {
            case "map" -> map(value, given, work);
            case "select", "reject" -> choose(value, "", name.equals("select"), given, work);
            default -> {
                if (given.positional().isEmpty()) {
                    throw work.fault(name + " needs an attribute");
                }
                String attribute = Printed.text(given.positional().getFirst(), work);
                yield choose(value, attribute, name.equals("selectattr"), given.rest(), work);
            }
        };
    }

    private static Once map(Object value, Arguments given, Work work) {
        List<Object> mapped = new ArrayList<>();
        if (given.positional().isEmpty()) {
            Bound bound = given.bind(work, "map", "attribute", "default");
            String attribute = Printed.text(bound.need(0, work), work);
            for (Object item : Values.items(value, work)) {
                Object found = Members.path(item, attribute, work);
                mapped.add(found instanceof Undefined ? bound.get(1, found) : found);
            }
        } else {
            String filter = Printed.text(given.positional().getFirst(), work);
            for (Object item : Values.items(value, work)) {
                work.enter();
                mapped.add(apply(filter, item, given.rest(), work));
                work.leave();
            }
        }
        return Once.of(mapped);
    }

    private static Once choose(Object value, String attribute, boolean keep, Arguments given, Work work) {
        List<Object> chosen = new ArrayList<>();
        for (Object item : Values.items(value, work)) {
            Object looked = Members.path(item, attribute, work);
            boolean holds = given.positional().isEmpty()
                    ? Values.isTrue(looked)
                    : Tests.holds(Printed.text(given.positional().getFirst(), work), looked, given.rest(), work);
            if (holds == keep) {
                chosen.add(item);
            }
        }
        return Once.of(chosen);
    }
}
