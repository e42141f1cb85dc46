package io.prefstream.models.chat.jinja;

import java.util.List;

/** The variable {@code loop}. */
final class Loop {

    private final List<Object> items;
    private final long depth;
    private int at;

    Loop(List<Object> items, long depth) {
        this.items = items;
        this.depth = depth;
    }

    void goTo(int place) {
        at = place;
    }

    Object attribute(String name) {
        return switch (name) {
            case "index" -> at + 1L;
            case "index0" -> (long) at;
            case "revindex" -> (long) items.size() - at;
            case "revindex0" -> items.size() - at - 1L;
            case "first" -> at == 0;
            case "last" -> at == items.size() - 1;
            case "length" -> (long) items.size();
            case "depth" -> depth + 1;
            case "depth0" -> depth;
            case "previtem" -> at > 0 ? items.get(at - 1) : new Undefined("the item before the first");
            case "nextitem" -> at + 1 < items.size() ? items.get(at + 1) : new Undefined("the item after the last");
            case "cycle" -> new Method(this, name);
            default -> new Undefined(name + " of loop");
        };
    }

    Object cycle(Arguments given, Work work) {
        if (given.positional().isEmpty()) {
            throw work.fault("cycle needs values");
        }
        return given.positional().get(at % given.positional().size());
    }
}
