package io.prefstream.kit.run;

import io.prefstream.kit.stage.StageProcessor;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * What the clients of a stage say of themselves at one moment; topics go by their names without prefix.
 *
 * @param read records that this process's tasks have read since the beginning, by topic
 * @param written records that they have written since the beginning, by topic
 * @param unreadable records whose bytes could not be read since the process started; each is a dead letter
 * @param lag records that wait to be fetched, by topic
 * @param figures numbers that its tasks show, by name; see {@code StageProcessor.gauge}
 * @param sincePoll how long ago the slowest stream thread asked for records
 */
public record StageReading(
        Map<String, Long> read,
        Map<String, Long> written,
        long unreadable,
        Map<String, Long> lag,
        Map<String, Double> figures,
        Duration sincePoll) {

    /** Group of the metrics that {@code StageProcessor} keeps. */
    private static final String OURS = "prefstream";

    static StageReading of(Map<MetricName, ? extends Metric> metrics, String prefix) {
        Map<String, Long> read = new HashMap<>();
        Map<String, Long> written = new HashMap<>();
        Map<String, Long> lag = new HashMap<>();
        Map<String, Double> figures = new HashMap<>();
        long unreadable = 0;
        double seconds = 0;
        for (Map.Entry<MetricName, ? extends Metric> entry : metrics.entrySet()) {
            MetricName name = entry.getKey();
            if (name.group().equals(OURS) && name.name().equals("consumed")) {
                add(read, name, "", entry.getValue());
            } else if (name.group().equals(OURS) && name.name().equals("produced")) {
                add(written, name, "", entry.getValue());
            } else if (name.group().equals(StageProcessor.FIGURES)) {
                figures.put(name.name(), entry.getValue().metricValue() instanceof Double d ? d : Double.NaN);
            } else if (ofAStreamThread(name)
                    && name.name().equals("records-lag")
                    && name.tags().containsKey("partition")) {
                add(lag, name, prefix, entry.getValue());
            } else if (ofAStreamThread(name) && name.name().equals("last-poll-seconds-ago")) {
                seconds = Math.max(seconds, number(entry.getValue()));
            } else if (name.name().equals("dropped-records-total")) {
                unreadable += (long) number(entry.getValue());
            }
        }
        return new StageReading(read, written, unreadable, lag, figures, Duration.ofSeconds((long) seconds));
    }

    /** Records that wait, over all topics. */
    long waiting() {
        return lag.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Records read and written; it moves when the stage does. */
    long done() {
        return unreadable
                + read.values().stream().mapToLong(Long::longValue).sum()
                + written.values().stream().mapToLong(Long::longValue).sum();
    }

    private static boolean ofAStreamThread(MetricName name) {
        String client = name.tags().getOrDefault("client-id", "");
        return client.endsWith("-consumer") && !client.endsWith("-restore-consumer");
    }

    private static void add(Map<String, Long> sums, MetricName name, String prefix, Metric metric) {
        String topic = name.tags().getOrDefault("topic", "");
        sums.merge(
                topic.startsWith(prefix) ? topic.substring(prefix.length()) : topic,
                (long) Math.max(0, number(metric)),
                Long::sum);
    }

    /** A metric's number, 0 while it has none. */
    private static double number(Metric metric) {
        return metric.metricValue() instanceof Number n && Double.isFinite(n.doubleValue()) ? n.doubleValue() : 0;
    }
}
