package io.prefstream.models.chat.jinja;

import io.prefstream.models.chat.jinja.Arguments.Bound;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Functions that transformers gives to a chat template. */
final class Functions {

    private static final long LONGEST_RANGE = 100_000;

    private Functions() {}

    static Callee raiseException() {
        return (given, work) -> {
            throw new TemplateRefused(
                    Printed.text(given.bind(work, "raise_exception", "message").need(0, work), work));
        };
    }

    static Object namespace(Arguments given, Work work) {
        return new Namespace(strings(given, "namespace", work));
    }

    static Object dict(Arguments given, Work work) {
        return strings(given, "dict", work);
    }

    private static Map<String, Object> strings(Arguments given, String name, Work work) {
        Map<String, Object> values = new LinkedHashMap<>();
        Object first = new Arguments(given.positional(), Map.of())
                .bind(work, name, "mapping")
                .get(0, Map.of());
        if (!(first instanceof Map<?, ?> start)) {
            throw work.fault(name + " takes a dict and was given " + Values.kind(first));
        }
        start.forEach((key, value) -> values.put(Printed.text(key, work), value));
        values.putAll(given.named());
        return values;
    }

    static Object range(Arguments given, Work work) {
        Bound bound = given.bind(work, "range", "start", "stop", "step");
        long start = bound.has(1) ? bound.number(0, 0, work) : 0;
        long stop = bound.has(1) ? bound.number(1, 0, work) : bound.number(0, 0, work);
        long step = bound.number(2, 1, work);
        if (step == 0) {
            throw work.fault("the step of range is 0");
        }
        List<Object> numbers = new ArrayList<>();
        for (long i = start; step > 0 ? i < stop : i > stop; i = Math.addExact(i, step)) {
            if (numbers.size() == LONGEST_RANGE) {
                throw work.fault("range has more than " + LONGEST_RANGE + " numbers");
            }
            work.places(1);
            numbers.add(i);
        }
        return numbers;
    }

    /** {@code strftime_now} that says one and the same time. */
    static Callee clock(LocalDateTime time) {
        return (given, work) ->
                Dates.format(time, given.bind(work, "strftime_now", "format").needText(0, work), work);
    }
}
