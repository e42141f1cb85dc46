package io.prefstream.runner.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.prefstream.consistencyfilter.domain.RuleMeaning;
import io.prefstream.core.verdict.Thresholds;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import io.prefstream.runner.app.OpenFolder;
import io.prefstream.wire.Pair;
import io.prefstream.wire.PairAttributes;
import io.prefstream.wire.RejectedInput;
import io.prefstream.wire.Verdict;
import io.prefstream.wire.VerdictKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A line for each of many pairs, and how many pairs each rule decided. Topics are read one after the other; only the lines to
 * be shown and one number a pair are held.
 */
final class ExplainMany {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ID = 12;

    /**
     * Which pairs.
     *
     * @param kinds verdicts that are meant
     * @param rule the rule that decided; null for any
     * @param category task category; null for any
     * @param limit lines at most, the lowest ids first; 0 for all
     */
    record Wanted(
            Set<VerdictKind> kinds,
            @Nullable String rule,
            @Nullable String category,
            int limit) {
        private boolean has(String by) {
            return rule == null || rule.equals(by);
        }
    }

    /**
     * A pair to be shown.
     *
     * @param id pair id; null for a refused row that is no pair
     * @param verdict null for a refused row
     */
    record Line(
            @Nullable String id,
            String sourceId,
            String file,
            long line,
            String kind,
            String rule,
            String reason,
            @Nullable Verdict verdict) {
        private String place() {
            return file + ":" + line;
        }
    }

    private final OpenFolder folder;
    private final Thresholds thresholds;
    private final Wanted wanted;
    private final Map<String, Long> byRule = new TreeMap<>();
    private final Set<String> otherRules = new TreeSet<>();
    private final TreeMap<String, Line> lines = new TreeMap<>();

    /** Lines of a folder whose last run decided by these thresholds. */
    ExplainMany(OpenFolder folder, Thresholds thresholds, Wanted wanted) {
        this.folder = folder;
        this.thresholds = thresholds;
        this.wanted = wanted;
    }

    /** Reads what is wanted. */
    ExplainMany read() {
        Map<String, Long> newest = new HashMap<>();
        read(Topics.VERDICTS, value -> {
            Verdict v = (Verdict) value;
            newest.merge(v.getPairId(), v.getRevision(), Math::max);
        });
        Set<String> within = within();
        read(Topics.VERDICTS, value -> {
            Verdict v = (Verdict) value;
            if (newest.getOrDefault(v.getPairId(), 0L) == v.getRevision()
                    && wanted.kinds.contains(v.getVerdict())
                    && (within == null || within.contains(v.getPairId()))
                    && takes(v.getRule())) {
                byRule.merge(v.getRule(), 1L, Long::sum);
                show(
                        v.getPairId(),
                        new Line(v.getPairId(), "", "", 0, lower(v.getVerdict()), v.getRule(), v.getReason(), v));
            }
        });
        if (wanted.category == null && wanted.kinds.contains(VerdictKind.REJECTED_INPUT)) {
            Set<String> seen = new HashSet<>();
            read(Topics.REJECTED_INPUT, value -> refused((RejectedInput) value, seen));
        }
        read(Topics.PAIRS, value -> {
            Pair p = (Pair) value;
            lines.computeIfPresent(
                    p.getPairId(),
                    (id, l) -> new Line(
                            id, p.getSourceId(), p.getFile(), p.getLine(), l.kind, l.rule, l.reason, l.verdict));
        });
        return this;
    }

    private void refused(RejectedInput row, Set<String> seen) {
        String key = "row " + row.getBatch() + String.format(Locale.ROOT, "/%012d", row.getOrdinal());
        if (takes(row.getRule()) && seen.add(key)) {
            byRule.merge(row.getRule(), 1L, Long::sum);
            show(
                    key,
                    new Line(
                            row.getPairId(),
                            row.getSourceId() == null ? "" : row.getSourceId(),
                            row.getFile(),
                            row.getLine(),
                            "rejected_input",
                            row.getRule(),
                            row.getReason(),
                            null));
        }
    }

    private boolean takes(String rule) {
        if (!wanted.has(rule)) {
            otherRules.add(rule);
        }
        return wanted.has(rule);
    }

    /** Pairs of the wanted category by their last description; null when any will do. */
    private @Nullable Set<String> within() {
        if (wanted.category == null) {
            return null;
        }
        Set<String> ids = new HashSet<>();
        read(Topics.PAIR_ATTRIBUTES, value -> {
            PairAttributes a = (PairAttributes) value;
            if (a.getTaskCategory().equalsIgnoreCase(wanted.category)) {
                ids.add(a.getPairId());
            } else {
                ids.remove(a.getPairId());
            }
        });
        return ids;
    }

    private void show(String key, Line line) {
        lines.put(key, line);
        if (wanted.limit > 0 && lines.size() > wanted.limit) {
            lines.pollLastEntry();
        }
    }

    /** Prints the lines and a table of rules. */
    void print(PrintWriter to) {
        if (lines.isEmpty()) {
            to.println("no such pair"
                    + (otherRules.isEmpty() ? "" : "; rules of these verdicts: " + String.join(", ", otherRules)));
            return;
        }
        int sources = width(Line::sourceId);
        int places = width(Line::place);
        int kinds = width(Line::kind);
        for (Line line : lines.values()) {
            String id = line.id == null ? "(no pair)" : line.id.substring(0, Math.min(ID, line.id.length()));
            to.println(left(id, ID) + "  " + left(line.sourceId, sources) + "  " + left(line.place(), places) + "  "
                    + left(line.kind, kinds) + "  " + line.rule);
            Verdict v = line.verdict;
            to.println("  " + (v == null || v.getPRight() == null ? line.reason : figures(v)));
        }
        long all = byRule.values().stream().mapToLong(n -> n).sum();
        if (all > lines.size()) {
            to.println("and " + (all - lines.size()) + " more; --limit 0 shows all");
        }
        to.printf(Locale.ROOT, "%n%-24s %8s  %s%n", "rule", "pairs", "means");
        byRule.forEach((rule, n) -> to.printf(Locale.ROOT, "%-24s %8d  %s%n", rule, n, RuleMeaning.of(rule)));
        to.printf(
                Locale.ROOT,
                "%-24s %8d  p_right keeps from %s up, flips from %s down%n",
                "all",
                all,
                thresholds.keep(),
                thresholds.flip());
    }

    private int width(Function<Line, String> column) {
        return lines.values().stream()
                .mapToInt(line -> column.apply(line).length())
                .max()
                .orElse(0);
    }

    private static String left(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private String figures(Verdict v) {
        double p = v.getPRight();
        return String.format(
                Locale.ROOT,
                "p_right %.4f, %s, %s; p_best %s; p_gold %s; judges %s",
                p,
                from(p, thresholds.keep(), "keep"),
                from(p, thresholds.flip(), "flip"),
                number(v.getPBest()),
                number(v.getPGold()),
                v.getJudges() == null ? "not asked" : v.getJudges());
    }

    private static String from(double p, double threshold, String name) {
        return String.format(
                Locale.ROOT, "%.4f %s %s", Math.abs(p - threshold), p >= threshold ? "above" : "below", name);
    }

    private static String number(@Nullable Double value) {
        return value == null ? "none" : String.format(Locale.ROOT, "%.4f", value);
    }

    /** Prints a JSON object of lines and rules. */
    void json(PrintWriter to) throws IOException {
        ObjectNode all = JSON.createObjectNode();
        ArrayNode pairs = all.putArray("pairs");
        lines.values().forEach(line -> pairs.add(node(line)));
        ObjectNode rules = all.putObject("rules");
        byRule.forEach((rule, n) -> rules.putObject(rule).put("pairs", n).put("means", RuleMeaning.of(rule)));
        to.println(JSON.writeValueAsString(all));
    }

    /** Prints a JSON object a line, without the table of rules. */
    void jsonl(PrintWriter to) throws IOException {
        for (Line line : lines.values()) {
            to.println(JSON.writeValueAsString(node(line)));
        }
    }

    private ObjectNode node(Line line) {
        ObjectNode node = JSON.createObjectNode()
                .put("pair_id", line.id)
                .put("source_id", line.sourceId)
                .put("file", line.file)
                .put("line", line.line)
                .put("verdict", line.kind)
                .put("rule", line.rule)
                .put("reason", line.reason);
        Verdict v = line.verdict;
        if (v != null) {
            node.put("p_right", v.getPRight())
                    .put("p_best", v.getPBest())
                    .put("p_gold", v.getPGold())
                    .put("judges", v.getJudges())
                    .put("above_keep", v.getPRight() == null ? null : (Double) (v.getPRight() - thresholds.keep()))
                    .put("above_flip", v.getPRight() == null ? null : (Double) (v.getPRight() - thresholds.flip()));
        }
        return node;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** Takes a record. */
    @FunctionalInterface
    private interface Take {
        void take(Object value);
    }

    private void read(Topic<?> topic, Take sink) {
        try (TopicReader reader = new TopicReader(folder.installation(), folder.wire(), List.of(topic))) {
            reader.readToEnd((name, key, value) -> sink.take(value));
        }
    }
}
