package io.prefstream.models.chat.jinja;

import io.prefstream.models.chat.jinja.Arguments.Bound;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The filter {@code tojson} as transformers sets it: Python's {@code json.dumps} that leaves letters of all scripts as they are. */
final class Json {

    private static final String LETTERS = "\"\\\b\f\n\r\t";
    private static final String ESCAPES = "\"\\bfnrt";

    private final Work work;
    private final boolean ascii;
    private final boolean sorted;
    private final String between;
    private final String afterKey;
    private final String indent;
    private final StringBuilder out = new StringBuilder();
    private int depth;

    private Json(Work work, Arguments arguments) {
        this.work = work;
        Bound given = arguments.bind(work, "tojson", "ensure_ascii", "indent", "separators", "sort_keys");
        ascii = Values.isTrue(given.get(0, false));
        sorted = Values.isTrue(given.get(3, false));
        Object step = given.get(1, None.NONE);
        indent = switch (step) {
            case None none -> "";
            case String text -> "\n" + text;
            case Long blanks -> {
                work.characters(Math.max(0, blanks));
                yield "\n" + " ".repeat((int) Math.max(0, blanks));
            }
            default -> throw work.fault("indent of tojson is " + Values.kind(step) + " and must be a number");
        };
        List<Object> separators = given.get(2, None.NONE) instanceof None
                ? List.of(indent.isEmpty() ? ", " : ",", ": ")
                : Values.items(given.get(2, None.NONE), work);
        if (separators.size() != 2
                || !(separators.getFirst() instanceof String first)
                || !(separators.getLast() instanceof String last)) {
            throw work.fault("separators of tojson must be two texts");
        }
        between = first;
        afterKey = last;
    }

    static String of(Object value, Arguments arguments, Work work) {
        Json json = new Json(work, arguments);
        json.write(value);
        return json.out.toString();
    }

    private void write(Object value) {
        work.enter();
        switch (value) {
            case None none -> append("null");
            case Boolean bool -> append(bool.toString());
            case Long number -> append(number.toString());
            case Double number -> append(number(number));
            case String text -> string(text);
            case List<?> list -> items(list);
            case Tuple tuple -> items(tuple.items());
            case Map<?, ?> dict -> dict(dict);
            default -> throw work.fault("tojson cannot write " + Values.kind(value));
        }
        work.leave();
    }

    private static String number(double number) {
        return Double.isNaN(number)
                ? "NaN"
                : Double.isInfinite(number) ? (number > 0 ? "Infinity" : "-Infinity") : Printed.number(number);
    }

    private void append(String text) {
        work.characters(text.length());
        out.append(text);
    }

    private void newLine() {
        if (!indent.isEmpty()) {
            append("\n");
            for (int i = 0; i < depth; i++) {
                append(indent.substring(1));
            }
        }
    }

    private void items(List<?> items) {
        if (items.isEmpty()) {
            append("[]");
            return;
        }
        append("[");
        depth++;
        String separator = "";
        for (Object item : items) {
            append(separator);
            newLine();
            write(item);
            separator = between;
        }
        depth--;
        newLine();
        append("]");
    }

    private void dict(Map<?, ?> dict) {
        if (dict.isEmpty()) {
            append("{}");
            return;
        }
        List<Map.Entry<?, ?>> entries = new ArrayList<>(dict.entrySet());
        if (sorted) {
            entries.sort(Comparator.comparing(Map.Entry::getKey, (a, b) -> Operators.compare(a, b, work)));
        }
        append("{");
        depth++;
        String separator = "";
        for (Map.Entry<?, ?> entry : entries) {
            append(separator);
            newLine();
            string(Printed.text(entry.getKey(), work));
            append(afterKey);
            write(entry.getValue());
            separator = between;
        }
        depth--;
        newLine();
        append("}");
    }

    private void string(String text) {
        int before = out.length();
        work.characters(text.length());
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int letter = LETTERS.indexOf(c);
            if (letter >= 0) {
                out.append('\\').append(ESCAPES.charAt(letter));
            } else if (c < ' ' || (ascii && c > '~')) {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
        work.characters(out.length() - before - text.length());
    }
}
