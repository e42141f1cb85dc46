package io.prefstream.kit.topic;

import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/**
 * One topic: its name without prefix, its record type and how it is kept. Keys are UTF-8 strings.
 *
 * @param name topic name without the installation's prefix
 * @param type Avro record on it
 * @param owner stage that alone writes it
 * @param key what the key is, in words
 * @param spread how many partitions it has
 * @param compacted whether only the last record of a key is kept; else every record is kept for ever
 */
public record Topic<T extends SpecificRecord>(
        String name, Class<T> type, String owner, String key, Spread spread, boolean compacted) {

    /** How many partitions a topic has. */
    public enum Spread {
        /** As many as the installation has for pairs; equal keys share a partition number over all such topics. */
        PAIRS,
        /** One partition. */
        SINGLE
    }

    /** Largest record that any topic takes, in bytes. */
    public static final int MAX_BYTES = 16 * 1024 * 1024;

    /** Number of partitions in an installation with {@code pairPartitions} partitions for pairs. */
    public int partitions(int pairPartitions) {
        return spread == Spread.SINGLE ? 1 : pairPartitions;
    }

    /** Topic settings that are set and checked at start; retention is never left to a default. */
    public Map<String, String> settings() {
        return Map.of(
                "cleanup.policy", compacted ? "compact" : "delete",
                "retention.ms", "-1",
                "retention.bytes", "-1",
                "max.message.bytes", Integer.toString(MAX_BYTES),
                "message.timestamp.type", "CreateTime");
    }
}
