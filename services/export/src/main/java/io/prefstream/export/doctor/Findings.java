package io.prefstream.export.doctor;

import io.prefstream.export.view.Target;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts what is found and keeps the first places of each kind. */
final class Findings {

    private static final int PLACES = 5;

    private record Kind(@Nullable Target target, Effect effect) {}

    private static final class Found {
        private long count;
        private final List<Place> first = new ArrayList<>();
    }

    private final Map<Kind, Found> found = new LinkedHashMap<>();

    /** Notes an effect on every trainer. */
    void add(Effect effect, Place place) {
        add(null, effect, place);
    }

    void add(@Nullable Target target, Effect effect, Place place) {
        add(target, effect, place, 1);
    }

    void add(@Nullable Target target, Effect effect, Place place, long n) {
        Found kind = found.computeIfAbsent(new Kind(target, effect), k -> new Found());
        kind.count += n;
        if (kind.first.size() < PLACES) {
            kind.first.add(place);
        }
    }

    /** Takes over what another has found. */
    void addAll(Findings other) {
        found.putAll(other.found);
    }

    /** The worst first; among equals those of every trainer, then by trainer, then in the order in which they were met. */
    List<Finding> sorted() {
        List<Finding> all = new ArrayList<>();
        found.forEach((kind, of) -> all.add(new Finding(
                kind.target(),
                kind.effect().severity(),
                kind.effect().rule(),
                kind.effect().what(),
                kind.effect().cure(),
                of.count,
                List.copyOf(of.first))));
        all.sort(Comparator.comparing(Finding::severity)
                .thenComparing(f -> f.target() == null ? "" : f.target().word()));
        return all;
    }
}
