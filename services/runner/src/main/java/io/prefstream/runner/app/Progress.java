package io.prefstream.runner.app;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Shows how far a run is: on one line of a terminal, as a line now and then in a log, or as JSON lines. Reads facts only; one thread. */
public final class Progress {

    private static final Map<String, String> EDGES = Map.of(
            "read", "ingest/pairs-in",
            "tagged", "attribute-tagger/pairs",
            "embedded", "retrieval>pair-embeddings");
    private static final long SHOW_EVERY_NANOS = 500_000_000L;
    private static final long LOG_EVERY_NANOS = 10_000_000_000L;

    private final PrintStream to;
    private final boolean json;
    private final boolean terminal =
            System.console() != null && System.console().isTerminal();
    private final Map<String, Map<String, Long>> tasks = new HashMap<>();
    private String step = "collect";
    private long shown;
    private final long started = System.nanoTime();
    private String last = "";

    /** Progress as text on one line, or as JSON lines. */
    public Progress(PrintStream to, boolean json) {
        this.to = to;
        this.json = json;
    }

    void step(String phase, int round) {
        step = round == 0 ? phase : phase + " " + round;
    }

    void report(io.prefstream.wire.Progress report) {
        Map<String, Long> edges = new HashMap<>();
        report.getConsumed().forEach((topic, n) -> edges.put(report.getStage() + "/" + topic, n));
        report.getProduced().forEach((topic, n) -> edges.put(report.getStage() + ">" + topic, n));
        tasks.put(report.getStage() + "/" + report.getPartition(), edges);
    }

    void show(long rows) {
        long now = System.nanoTime();
        if (now - shown < (json || terminal ? SHOW_EVERY_NANOS : LOG_EVERY_NANOS)) {
            return;
        }
        shown = now;
        Map<String, Long> counts = new TreeMap<>();
        EDGES.forEach((name, edge) -> counts.put(name, sum(edge)));
        counts.put("labelled", sum("label-verifier>labels"));
        counts.put("scored", sum("reward-scorer>pair-scores"));
        counts.put("decided", sum("consistency-filter>verdicts"));
        double seconds = (now - started) / 1e9;
        long embedded = counts.getOrDefault("embedded", 0L);
        long judged = sum("label-verifier/judge-answers");
        // Refused rows and duplicates are never embedded; once all is read, the pairs are known.
        long pairs = sum("ingest/pairs-in") < rows ? rows : Math.max(embedded, sum("retrieval/pairs"));
        double rate = embedded / seconds;
        long left = rate > 0 && embedded < pairs ? Math.round((pairs - embedded) / rate) : 0;
        String line = json
                ? String.format(
                        Locale.ROOT,
                        "{\"step\":\"%s\",\"rows\":%d,\"read\":%d,\"tagged\":%d,\"embedded\":%d,\"labelled\":%d,"
                                + "\"judge_answers\":%d,\"scored\":%d,\"decided\":%d,\"pairs_per_second\":%.1f,\"seconds_left\":%d}",
                        step,
                        rows,
                        counts.get("read"),
                        counts.get("tagged"),
                        embedded,
                        counts.get("labelled"),
                        judged,
                        counts.get("scored"),
                        counts.get("decided"),
                        rate,
                        left)
                : String.format(
                        Locale.ROOT,
                        "%-12s read %d  tagged %d  embedded %d of %d  labelled %d%s  scored %d  decided %d  %s",
                        step,
                        counts.get("read"),
                        counts.get("tagged"),
                        embedded,
                        pairs,
                        counts.get("labelled"),
                        judged > 0 ? "  judges' answers " + judged : "",
                        counts.get("scored"),
                        counts.get("decided"),
                        left > 0 ? String.format(Locale.ROOT, "%.0f/s, %d s to embed", rate, left) : "");
        if (line.equals(last)) {
            return;
        }
        last = line;
        if (json || !terminal) {
            to.println(line);
        } else {
            to.print("\r\u001b[K" + line);
        }
        to.flush();
    }

    void end() {
        if (!json && terminal) {
            to.print("\r\u001b[K");
            to.flush();
        }
    }

    private long sum(String edge) {
        return tasks.values().stream()
                .mapToLong(counts -> counts.getOrDefault(edge, 0L))
                .sum();
    }
}
