package io.prefstream.models.chat.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * What values are, as Python sees them: {@link String}, {@link Long}, {@link Double}, {@link Boolean}, {@link None}, {@link List},
 * {@link Tuple}, {@link Map}, and the types of this package. No other object gets into a template.
 */
final class Values {

    private Values() {}

    static boolean isTrue(Object value) {
        return switch (value) {
            case Boolean bool -> bool;
            case None none -> false;
            case Undefined undefined -> false;
            case String text -> !text.isEmpty();
            case Long number -> number != 0;
            case Double number -> number != 0;
            case List<?> list -> !list.isEmpty();
            case Tuple tuple -> !tuple.items().isEmpty();
            case Map<?, ?> dict -> !dict.isEmpty();
            case View view -> !view.items().isEmpty();
            default -> true;
        };
    }

    /** The kind of a value in words. */
    static String kind(Object value) {
        return switch (value) {
            case Boolean bool -> "true or false";
            case None none -> "none";
            case Undefined undefined -> undefined.what() + ", which is undefined,";
            case String text -> "a text";
            case Long number -> "a number";
            case Double number -> "a number";
            case List<?> list -> "a list";
            case Tuple tuple -> "a tuple";
            case Map<?, ?> dict -> "a dict";
            case Namespace namespace -> "a namespace";
            case Safe safe -> "a text from the filter safe";
            case Method method -> "the method " + method.name();
            case Callee callee -> "a function or macro";
            default -> "a value that is no text, number, list or dict";
        };
    }

    /** What a loop over a value meets, in order. */
    static List<Object> items(Object value, Work work) {
        List<Object> items = all(value, work);
        work.steps(items.size());
        return items;
    }

    private static List<Object> all(Object value, Work work) {
        return switch (value) {
            case List<?> list -> known(list);
            case Tuple tuple -> tuple.items();
            case View view -> view.items();
            case Undefined undefined -> List.of();
            case Map<?, ?> dict -> {
                work.places(dict.size());
                yield new ArrayList<>(dict.keySet());
            }
            case String text -> {
                work.places(text.length());
                List<Object> characters = new ArrayList<>();
                text.codePoints().forEach(c -> characters.add(Character.toString(c)));
                yield characters;
            }
            case Once once -> {
                List<Object> rest = new ArrayList<>();
                for (Iterator<Object> all = once.rest(); all.hasNext(); ) {
                    work.places(1);
                    rest.add(all.next());
                }
                yield rest;
            }
            default -> throw work.fault(kind(value) + " cannot be looped over");
        };
    }

    @SuppressWarnings("unchecked") // only lists of values are made in this package
    static List<Object> known(List<?> list) {
        return (List<Object>) list;
    }

    static long length(Object value, Work work) {
        return switch (value) {
            case String text -> {
                work.read(text.length());
                yield Text.length(text);
            }
            case Map<?, ?> dict -> dict.size();
            case List<?> list -> list.size();
            case Tuple tuple -> tuple.items().size();
            case View view -> view.items().size();
            case Undefined undefined -> 0;
            default -> throw work.fault(kind(value) + " has no length");
        };
    }

    /** Whether two values are equal; numbers and truth by their value, lists and dicts by what is in them. */
    static boolean equal(Object a, Object b, Work work) {
        work.enter();
        boolean equal;
        if (Operators.isNumber(a) && Operators.isNumber(b)) {
            equal = Operators.compareNumbers(a, b) == 0;
        } else if (a instanceof List<?> x && b instanceof List<?> y) {
            equal = sameItems(x, y, work);
        } else if (a instanceof Tuple x && b instanceof Tuple y) {
            equal = sameItems(x.items(), y.items(), work);
        } else if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
            equal = sameEntries(x, y, work);
        } else if (a instanceof Undefined) {
            equal = b instanceof Undefined;
        } else {
            equal = (a instanceof String || a instanceof None)
                    && a.equals(b); // functions and namespaces are not compared
        }
        work.leave();
        return equal;
    }

    private static boolean sameItems(List<?> a, List<?> b, Work work) {
        boolean equal = a.size() == b.size();
        for (int i = 0; equal && i < a.size(); i++) {
            equal = equal(a.get(i), b.get(i), work);
        }
        return equal;
    }

    private static boolean sameEntries(Map<?, ?> a, Map<?, ?> b, Work work) {
        boolean equal = a.size() == b.size();
        for (Map.Entry<?, ?> entry : a.entrySet()) {
            Object other = b.get(entry.getKey());
            equal = equal && other != null && equal(entry.getValue(), other, work);
        }
        return equal;
    }

    /** Whether a value is in a text, list or dict. */
    static boolean contains(Object in, Object sought, Work work) {
        if (in instanceof String text) {
            if (sought instanceof String part) {
                work.read(text.length());
                return text.contains(part);
            }
            throw work.fault("only a text can be in a text, and this is " + kind(sought));
        }
        if (in instanceof Map<?, ?> dict) {
            return hasKey(dict, sought);
        }
        for (Object item : items(in, work)) {
            if (equal(item, sought, work)) {
                return true;
            }
        }
        return false;
    }

    /** Keys are texts and whole numbers; nothing else is ever hashed. */
    static boolean hasKey(Map<?, ?> dict, Object key) {
        return (key instanceof String || key instanceof Long) && dict.containsKey(key);
    }
}
