package io.prefstream.evaluation.app;

import java.io.PrintWriter;
import java.util.Locale;

/** Shows how far the scoring is: on one line of a terminal, or as a line now and then in a log. One thread. */
public final class ScoringProgress {

    private static final long SHOW_EVERY_NANOS = 500_000_000L;
    private static final long LOG_EVERY_NANOS = 10_000_000_000L;

    private final PrintWriter to;
    private final boolean terminal =
            System.console() != null && System.console().isTerminal();
    private final long started = System.nanoTime();
    private long shown = started;
    private final long all;
    private long done;

    /** Progress of scoring so many answers. */
    public ScoringProgress(PrintWriter to, long all) {
        this.to = to;
        this.all = all;
    }

    /** Counts answers of a benchmark that were scored. */
    public void scored(String benchmark, long answers) {
        done += answers;
        long now = System.nanoTime();
        if (now - shown < (terminal ? SHOW_EVERY_NANOS : LOG_EVERY_NANOS)) {
            return;
        }
        shown = now;
        double rate = done / ((now - started) / 1e9);
        String line = String.format(
                Locale.ROOT,
                "scored %d of %d answers, %s, %.0f a second, %.0f s left",
                done,
                all,
                benchmark,
                rate,
                (all - done) / rate);
        if (terminal) {
            to.print("\r\u001b[?7l" + line + "\u001b[K\u001b[?7h"); // cut at the terminal's edge, and no flicker
        } else {
            to.println(line);
        }
        to.flush();
    }

    /** Clears the line. */
    public void end() {
        if (terminal) {
            to.print("\r\u001b[K");
            to.flush();
        }
    }
}
