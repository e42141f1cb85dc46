package io.prefstream.models.chat.jinja;

import io.prefstream.models.chat.jinja.Arguments.Bound;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is in a value: attributes, items, slices and methods. */
final class Members {

    private static final Set<String> OF_DICTS = Set.of("get", "items", "keys", "values");
    private static final Set<String> OF_LISTS = Set.of("index", "count");

    private Members() {}

    /** {@code of.name}: a method before an item. */
    static Object attribute(Object of, String name, Work work) {
        return switch (of) {
            case Undefined undefined -> throw work.fault(undefined.what() + " is undefined, so it has no " + name);
            case Map<?, ?> dict when OF_DICTS.contains(name) -> new Method(dict, name);
            case Map<?, ?> dict -> found(dict, name);
            case Namespace namespace -> found(namespace.values(), name);
            case Loop loop -> loop.attribute(name);
            default -> method(of, name);
        };
    }

    /** {@code of[key]}: an item before a method. */
    static Object item(Object of, Object key, Work work) {
        return switch (of) {
            case Undefined undefined -> throw work.fault(undefined.what() + " is undefined, so it has no items");
            case Map<?, ?> dict when Values.hasKey(dict, key) -> found(dict, key);
            case List<?> list when key instanceof Long place -> at(Values.known(list), place);
            case Tuple tuple when key instanceof Long place -> at(tuple.items(), place);
            case String text when key instanceof Long place -> at(text, place, work);
            case List<?> list when key instanceof Boolean bool -> at(Values.known(list), bool ? 1 : 0);
            default -> key instanceof String name ? attribute(of, name, work) : missing(of, Printed.text(key, work));
        };
    }

    /** What a filter's attribute names: keys and places by dots. */
    static Object path(Object of, String path, Work work) {
        Object value = of;
        if (!path.isEmpty()) {
            for (String part : path.split("\\.", -1)) {
                boolean place =
                        !part.isEmpty() && part.length() < 10 && part.chars().allMatch(c -> c >= '0' && c <= '9');
                value = item(value, place ? (Object) Long.parseLong(part) : part, work);
            }
        }
        return value;
    }

    private static Object found(Map<?, ?> dict, Object key) {
        Object value = dict.get(key);
        return value == null ? new Undefined("the key " + key) : value;
    }

    private static Object method(Object of, String name) {
        boolean known = switch (of) {
            case String text -> TextMethods.NAMES.contains(name);
            case List<?> list -> OF_LISTS.contains(name);
            case Tuple tuple -> OF_LISTS.contains(name);
            default -> false;
        };
        return known ? new Method(of, name) : missing(of, name);
    }

    private static Object missing(Object of, String name) {
        return new Undefined(name + " of " + Values.kind(of));
    }

    private static Object at(List<Object> items, long place) {
        long at = place < 0 ? place + items.size() : place;
        return at < 0 || at >= items.size() ? new Undefined("place " + place) : items.get((int) at);
    }

    private static Object at(String text, long place, Work work) {
        work.characters(text.length());
        int length = Text.length(text);
        long at = place < 0 ? place + length : place;
        return at < 0 || at >= length
                ? new Undefined("place " + place)
                : Character.toString(text.codePointAt(text.offsetByCodePoints(0, (int) at)));
    }

    /** Python's slice; null where a bound isn't given. */
    static Object slice(Object of, @Nullable Object start, @Nullable Object stop, @Nullable Object step, Work work) {
        boolean sliced = of instanceof String || of instanceof List<?> || of instanceof Tuple;
        if (!sliced) {
            throw work.fault(Values.kind(of) + " has no slices");
        }
        long by = bound(step, 1, work);
        if (by == 0) {
            throw work.fault("the step of a slice is 0");
        }
        List<Object> items = Values.items(of, work);
        int size = items.size();
        long from = place(bound(start, by > 0 ? 0 : size - 1, work), start, size, by);
        long to = place(bound(stop, by > 0 ? size : -1, work), stop, size, by);
        work.places(size);
        List<Object> part = new ArrayList<>();
        for (long i = from; by > 0 ? i < to : i > to; i += by) {
            part.add(items.get((int) i));
            if (Math.abs(by) > size) {
                break;
            }
        }
        return switch (of) {
            case String text -> {
                StringBuilder characters = new StringBuilder();
                part.forEach(characters::append);
                yield characters.toString();
            }
            case Tuple tuple -> new Tuple(part);
            default -> part;
        };
    }

    private static long bound(@Nullable Object value, long otherwise, Work work) {
        if (value == null || value instanceof None) {
            return otherwise;
        }
        if (value instanceof Long number) {
            return number;
        }
        throw work.fault("a slice's bound is " + Values.kind(value));
    }

    private static long place(long bound, @Nullable Object given, int size, long step) {
        boolean fromEnd = given instanceof Long && bound < 0;
        long at = fromEnd ? bound + size : bound;
        return step > 0 ? Math.clamp(at, 0, size) : Math.clamp(at, -1, size - 1);
    }

    static List<Object> items(Map<?, ?> dict, Work work) {
        work.places(3L * dict.size());
        List<Object> items = new ArrayList<>();
        dict.forEach((key, value) -> items.add(new Tuple(List.of(key, value))));
        return items;
    }

    static Object call(Method method, Arguments given, Work work) {
        return switch (method.of()) {
            case String text -> TextMethods.call(text, method.name(), given, work);
            case Map<?, ?> dict -> ofDict(dict, method.name(), given, work);
            case Loop loop -> loop.cycle(given, work);
            default -> {
                Object sought = given.bind(work, method.name(), "value").need(0, work);
                yield ofList(Values.items(method.of(), work), method.name(), sought, work);
            }
        };
    }

    private static Object ofDict(Map<?, ?> dict, String name, Arguments given, Work work) {
        if (name.equals("get")) {
            Bound bound = given.bind(work, name, "key", "default");
            Object key = bound.need(0, work);
            return Values.hasKey(dict, key) ? found(dict, key) : bound.get(1, None.NONE);
        }
        given.bind(work, name);
        work.places(dict.size());
        return new View(
                switch (name) {
                    case "items" -> items(dict, work);
                    case "keys" -> new ArrayList<>(dict.keySet());
                    default -> new ArrayList<>(dict.values());
                });
    }

    private static Object ofList(List<Object> items, String name, Object sought, Work work) {
        long count = 0;
        for (int i = 0; i < items.size(); i++) {
            if (Values.equal(items.get(i), sought, work)) {
                if (name.equals("index")) {
                    return (long) i;
                }
                count++;
            }
        }
        if (name.equals("index")) {
            throw work.fault("what index seeks is not in the list");
        }
        return count;
    }
}
