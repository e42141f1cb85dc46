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
    private long rows;
    private double forecastUsd;
    private String forecast = "";
    private long firstEmbedded = -1;
    private long firstAt = Long.MAX_VALUE;

    /** Progress as text on one line, or as JSON lines. */
    public Progress(PrintStream to, boolean json) {
        this.to = to;
        this.json = json;
    }

    void step(String phase, int round) {
        step = round == 0 ? phase : phase + " " + round;
    }

    /** Shows what a probe of the run forecasts, from the moment that it was told. */
    void forecast(Map<String, String> told) {
        double usd = Double.parseDouble(told.getOrDefault("forecast/probe/usd", "0"));
        if (usd > 0) {
            forecastUsd = usd;
            forecast = String.format(
                    Locale.ROOT,
                    "  forecast $%.2f ($%.2f to $%.2f)",
                    usd,
                    Double.parseDouble(told.getOrDefault("forecast/probe/low", "0")),
                    Double.parseDouble(told.getOrDefault("forecast/probe/high", "0")));
        }
    }

    void report(io.prefstream.wire.Progress report) {
        Map<String, Long> edges = new HashMap<>();
        report.getConsumed().forEach((topic, n) -> edges.put(report.getStage() + "/" + topic, n));
        report.getProduced().forEach((topic, n) -> edges.put(report.getStage() + ">" + topic, n));
        tasks.put(report.getStage() + "/" + report.getPartition(), edges);
    }

    /** Says what goes on before and after the stages' own counts. */
    public void say(String phase) {
        step = phase;
        shown = 0;
        show(rows);
    }

    void show(long all) {
        rows = all;
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
        if (firstEmbedded < 0 && !tasks.isEmpty()) { // what an earlier process did is no part of the rate
            firstEmbedded = embedded;
            firstAt = now;
        }
        long judged = sum("label-verifier/judge-answers");
        // Refused rows and duplicates are never embedded; once all is read, the pairs are known.
        long pairs = sum("ingest/pairs-in") < rows
                ? rows
                : sum("attribute-tagger>pair-attributes")
                        + Math.max(0, sum("ingest>pairs") - sum("attribute-tagger/pairs"));
        double rate = now > firstAt ? (embedded - firstEmbedded) / ((now - firstAt) / 1e9) : 0; // pairs a second
        boolean collecting = step.equals("collect") && embedded < pairs && embedded > firstEmbedded;
        long left = collecting ? Math.round((pairs - embedded) / rate) : 0;
        String line = json
                ? String.format(
                        Locale.ROOT,
                        "{\"step\":\"%s\",\"seconds\":%.0f,\"rows\":%d,\"read\":%d,\"tagged\":%d,\"embedded\":%d,\"labelled\":%d,"
                                + "\"judge_answers\":%d,\"scored\":%d,\"decided\":%d,\"pairs_per_second\":%.1f,\"seconds_left\":%d,"
                                + "\"forecast_usd\":%.6f}",
                        step,
                        seconds,
                        rows,
                        counts.get("read"),
                        counts.get("tagged"),
                        embedded,
                        counts.get("labelled"),
                        judged,
                        counts.get("scored"),
                        counts.get("decided"),
                        rate,
                        left,
                        forecastUsd)
                : String.format(
                        Locale.ROOT,
                        "%3.0f s  %-11s %s read %d of %d  tagged %d  embedded %d of %d  labelled %d%s  scored %d  decided %d",
                        seconds,
                        step,
                        collecting ? String.format(Locale.ROOT, "%d s left at %.0f/s, ", left, rate) : "",
                        counts.get("read"),
                        rows,
                        counts.get("tagged"),
                        embedded,
                        pairs,
                        counts.get("labelled"),
                        judged > 0 ? "  judges' answers " + judged + forecast : "",
                        counts.get("scored"),
                        counts.get("decided"));
        if (tasks.isEmpty() && !json) {
            line = String.format(Locale.ROOT, "%3.0f s  %s", seconds, step);
        }
        if (line.equals(last)) {
            return;
        }
        last = line;
        if (json || !terminal) {
            to.println(line);
        } else {
            to.print("\r\u001b[?7l" + line + "\u001b[K\u001b[?7h"); // cut at the terminal's edge, and no flicker
        }
        to.flush();
    }

    /** Clears the line that it was shown on. */
    public void end() {
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
