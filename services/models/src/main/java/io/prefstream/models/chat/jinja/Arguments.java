package io.prefstream.models.chat.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a call was given. */
record Arguments(List<Object> positional, Map<String, Object> named) {

    static final Arguments NOTHING = new Arguments(List.of(), Map.of());

    /**
     * What was given to each parameter.
     *
     * @param callee what was called, for a fault
     */
    Bound bind(Work work, String callee, String... parameters) {
        if (positional.size() > parameters.length) {
            throw work.fault(callee + " takes at most " + parameters.length + " values");
        }
        List<@Nullable Object> values = new ArrayList<>(positional);
        for (int i = positional.size(); i < parameters.length; i++) {
            values.add(named.get(parameters[i]));
        }
        for (String name : named.keySet()) {
            if (Arrays.asList(parameters).indexOf(name) < positional.size()) {
                throw work.fault(callee + " takes no " + name + " here");
            }
        }
        return new Bound(callee, Arrays.asList(parameters), values);
    }

    /** The same without the first value by place. */
    Arguments rest() {
        return new Arguments(positional.subList(1, positional.size()), named);
    }

    /** Values by parameter; null where none was given. */
    record Bound(String callee, List<String> parameters, List<@Nullable Object> values) {

        boolean has(int i) {
            return values.get(i) != null;
        }

        Object get(int i, Object otherwise) {
            Object value = values.get(i);
            return value == null ? otherwise : value;
        }

        Object need(int i, Work work) {
            Object value = values.get(i);
            if (value == null) {
                throw work.fault(callee + " needs " + parameters.get(i));
            }
            return value;
        }

        String text(int i, String otherwise, Work work) {
            return text(get(i, otherwise), i, work);
        }

        String needText(int i, Work work) {
            return text(need(i, work), i, work);
        }

        private String text(Object value, int i, Work work) {
            if (value instanceof String text) {
                return text;
            }
            throw work.fault(parameters.get(i) + " of " + callee + " is " + Values.kind(value) + " and must be a text");
        }

        long number(int i, long otherwise, Work work) {
            Object value = get(i, otherwise);
            if (value instanceof Long number) {
                return number;
            }
            throw work.fault(
                    parameters.get(i) + " of " + callee + " is " + Values.kind(value) + " and must be a whole number");
        }
    }
}
