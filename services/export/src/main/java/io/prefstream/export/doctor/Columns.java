package io.prefstream.export.doctor;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which kinds of values the columns of a file hold: a loader of tables wants one kind a column. */
final class Columns {

    private final Map<String, String> kinds = new HashMap<>();
    private final Set<String> names = new HashSet<>();

    /** The first column of a row whose kind differs from the rows before it. */
    Optional<String> mixed(Map<String, @Nullable Object> row) {
        String found = null;
        for (Map.Entry<String, @Nullable Object> cell : row.entrySet()) {
            names.add(cell.getKey());
            String kind = kind(cell.getValue());
            if (kind.isEmpty()) {
                continue;
            }
            String before = kinds.putIfAbsent(cell.getKey(), kind);
            if (before != null && !before.equals(kind) && found == null) {
                found = cell.getKey();
            }
        }
        return Optional.ofNullable(found);
    }

    /** Whether any row has the column, be it null. */
    boolean has(String column) {
        return names.contains(column);
    }

    private static String kind(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case String text -> "text";
            case Number number -> "number";
            case Boolean truth -> "truth";
            case Map<?, ?> map -> "object";
            case List<?> list -> list.isEmpty() || list.getFirst() == null ? "" : "list of " + kind(list.getFirst());
            default -> value.getClass().getSimpleName();
        };
    }
}
