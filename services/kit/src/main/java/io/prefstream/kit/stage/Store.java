package io.prefstream.kit.stage;

import org.apache.kafka.common.serialization.Serde;

/**
 * A key-value store of a stage, keyed by strings, with a changelog.
 *
 * @param name store name; data on disk, so it never changes
 * @param serde how values are written
 * @param inMemory whether it is held in memory (small values, restored from the changelog) or in RocksDB
 */
public record Store<V>(String name, Serde<V> serde, boolean inMemory) {}
