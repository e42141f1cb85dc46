package io.prefstream.kit.service;

import io.prefstream.kit.run.BoundedRocks;
import io.prefstream.kit.run.StageApp;
import io.prefstream.kit.topic.Topics;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every metric of our own. The Prometheus name is the name with underscores, its unit, and {@code _total} for counters. */
public enum Metric {
    READ("prefstream.read", "records", true, "stage, topic", "Records that the stage has read and is done with."),
    WRITTEN("prefstream.written", "records", true, "stage, topic", "Records that the stage has written."),
    DEAD_LETTERS(
            "prefstream.dead.letters",
            null,
            true,
            "stage",
            "Records that failed in the stage; their dead letters say why."),
    LAG("prefstream.lag", "records", false, "stage, topic", "Records that wait to be fetched."),
    AGREEMENT(
            "prefstream.agreement",
            null,
            false,
            "stage, figure",
            "Krippendorff's alpha or Cohen's kappa of annotators over all pairs, at most 1; NaN while undefined, and the topic"
                    + " agreement says why."),
    READY("prefstream.ready", null, false, "stage", "1 while the stage has its tasks and gets on, else 0."),
    RESTORE("prefstream.restore.left", "records", false, "stage", "Records of state stores still to be restored."),
    ROCKSDB(
            "prefstream.rocksdb.memory",
            "bytes",
            false,
            "",
            "Memory of all RocksDB stores of the process, of " + (BoundedRocks.BOUND_BYTES >> 20) + " MiB at most.");

    private final String id;
    private final @Nullable String unit;
    private final boolean counter;
    private final String tags;
    private final String meaning;

    Metric(String id, @Nullable String unit, boolean counter, String tags, String meaning) {
        this.id = id;
        this.unit = unit;
        this.counter = counter;
        this.tags = tags;
        this.meaning = meaning;
    }

    /** Its name, with dots. */
    public String id() {
        return id;
    }

    /** Its unit; null for a plain number. */
    public @Nullable String unit() {
        return unit;
    }

    /** Whether it only grows. */
    public boolean isCounter() {
        return counter;
    }

    /** Names of its tags. */
    public String tags() {
        return tags;
    }

    /** What it says, in a line. */
    public String meaning() {
        return meaning;
    }

    /** Its name in Prometheus. */
    public String prometheusName() {
        return id.replace('.', '_') + (unit == null ? "" : "_" + unit) + (counter ? "_total" : "");
    }

    /** Its value for a stage, and for a topic or figure where it has one. */
    double of(StageApp stage, Reading reading, String topic) {
        return switch (this) {
            case READ -> count(reading.now().read(), topic);
            case WRITTEN -> count(reading.now().written(), topic);
            case DEAD_LETTERS ->
                count(reading.now().written(), Topics.deadLetters(stage.stage()).name())
                        + reading.now().unreadable();
            case LAG -> count(reading.now().lag(), topic);
            case AGREEMENT -> reading.now().figures().getOrDefault(topic, Double.NaN);
            case READY -> stage.health().ready() ? 1 : 0;
            case RESTORE -> stage.restoring();
            case ROCKSDB -> BoundedRocks.usedBytes();
        };
    }

    private static double count(Map<String, Long> counts, String topic) {
        return counts.getOrDefault(topic, 0L);
    }
}
