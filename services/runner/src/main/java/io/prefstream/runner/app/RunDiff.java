package io.prefstream.runner.app;

import io.prefstream.consistencyfilter.domain.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What two runs decided differently, and why.
 *
 * @param counts number of pairs by verdict in the first, then in the second run
 * @param settings settings that differ, a line each
 * @param changes pairs whose verdict differs, by pair id
 * @param causes number of changed pairs by the first cause
 */
public record RunDiff(
        Map<String, Map<String, Long>> counts, List<String> settings, List<Change> changes, Map<String, Long> causes) {

    private static final String ABSENT = "absent";

    /**
     * A pair whose verdict differs.
     *
     * @param cause the first smallest cause, in short
     * @param details what changed, each from the first run's value to the second's
     * @param others further causes as small as the first
     */
    public record Change(
            String pairId,
            String place,
            String before,
            String after,
            String cause,
            List<String> details,
            List<String> others) {}

    /** Compares two runs. */
    public static RunDiff of(RunSource a, RunSource b) {
        Map<String, RunSource.Decided> before = a.verdicts();
        Map<String, RunSource.Decided> after = b.verdicts();
        Set<String> ids = new TreeSet<>(before.keySet());
        ids.addAll(after.keySet());
        Map<String, Map<String, Long>> counts = new TreeMap<>();
        List<Change> changes = new ArrayList<>();
        Map<String, Long> causes = new TreeMap<>();
        for (String id : ids) {
            RunSource.Decided x = before.get(id);
            RunSource.Decided y = after.get(id);
            counts.computeIfAbsent(x == null ? ABSENT : x.kind(), k -> new TreeMap<>())
                    .merge(y == null ? ABSENT : y.kind(), 1L, Long::sum);
            if (x == null || y == null || !x.kind().equals(y.kind())) {
                Change change = change(id, x, y);
                changes.add(change);
                causes.merge(change.cause(), 1L, Long::sum);
            }
        }
        return new RunDiff(counts, settings(a.configuration(), b.configuration()), changes, causes);
    }

    private static List<String> settings(Map<String, String> a, Map<String, String> b) {
        Set<String> names = new TreeSet<>(a.keySet());
        names.addAll(b.keySet());
        return names.stream()
                .filter(name -> !Objects.equals(a.get(name), b.get(name)))
                .map(name ->
                        name + ": " + a.getOrDefault(name, "not given") + " -> " + b.getOrDefault(name, "not given"))
                .toList();
    }

    private static Change change(String id, RunSource.@Nullable Decided x, RunSource.@Nullable Decided y) {
        if (x == null || y == null) {
            RunSource.Decided there = x == null ? Objects.requireNonNull(y) : x;
            return new Change(
                    id,
                    there.place(),
                    x == null ? ABSENT : shown(x),
                    y == null ? ABSENT : shown(y),
                    "only in the " + (x == null ? "second" : "first"),
                    List.of(),
                    List.of());
        }
        Cause.Case a = x.behind();
        Cause.Case b = y.behind();
        if (a == null || b == null) {
            return new Change(
                    id,
                    x.place(),
                    shown(x),
                    shown(y),
                    "not recorded; " + trace(x, y),
                    List.of("p_right: " + number(x.pRight()) + " -> " + number(y.pRight())),
                    List.of());
        }
        List<Set<Cause>> found = Cause.between(a, b);
        if (found.isEmpty()) {
            return new Change(id, x.place(), shown(x), shown(y), "another rule", List.of(), List.of());
        }
        Set<Cause> first = found.getFirst();
        return new Change(
                id,
                x.place(),
                shown(x),
                shown(y),
                words(first),
                first.stream()
                        .map(cause -> cause.words() + ": " + value(cause, a, x) + " -> " + value(cause, b, y))
                        .toList(),
                found.stream().skip(1).map(RunDiff::words).toList());
    }

    /** What the verdicts alone tell. */
    private static String trace(RunSource.Decided x, RunSource.Decided y) {
        if (byPeople(x) != byPeople(y)) {
            return "people decided in the " + (byPeople(x) ? "first" : "second");
        }
        return Objects.equals(x.pRight(), y.pRight()) ? "p_right is the same" : "p_right moved";
    }

    private static boolean byPeople(RunSource.Decided verdict) {
        return verdict.rule().startsWith("human");
    }

    private static String value(Cause cause, Cause.Case of, RunSource.Decided verdict) {
        String checkpoint = cause == Cause.P_BEST ? verdict.best() : cause == Cause.P_GOLD ? verdict.gold() : null;
        Double margin = cause == Cause.P_BEST
                ? of.evidence().best()
                : cause == Cause.P_GOLD ? of.evidence().gold() : null;
        return (margin == null ? cause.of(of) : String.format(Locale.ROOT, "margin %.4f", margin))
                + (checkpoint == null || checkpoint.length() < 8 ? "" : " by " + checkpoint.substring(0, 8));
    }

    private static String words(Set<Cause> causes) {
        return causes.stream().map(Cause::words).collect(Collectors.joining(" + "));
    }

    private static String shown(RunSource.Decided verdict) {
        return verdict.kind() + " (" + verdict.rule() + ")";
    }

    private static String number(@Nullable Double value) {
        return value == null ? "none" : String.format(Locale.ROOT, "%.4f", value);
    }
}
