package io.prefstream.models.chat.jinja;

import java.util.Iterator;
import java.util.List;

/** What a filter such as {@code map} gives: it is true even when empty, and what has been taken out of it is gone. */
record Once(Iterator<Object> rest) {

    static Once of(List<Object> items) {
        return new Once(items.iterator());
    }
}
