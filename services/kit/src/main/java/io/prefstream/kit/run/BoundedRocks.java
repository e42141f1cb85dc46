package io.prefstream.kit.run;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/** Holds all RocksDB stores of the JVM, whatever their number, under one bound on memory. */
public final class BoundedRocks implements RocksDBConfigSetter {

    /** Bytes that blocks and memtables of all stores may take together. */
    public static final long BOUND_BYTES = 256L << 20;

    private static final long MEMTABLE_BYTES = BOUND_BYTES / 3;

    static {
        RocksDB.loadLibrary();
    }

    private static final Cache CACHE = new LRUCache(BOUND_BYTES, -1, false, 0.1);
    private static final WriteBufferManager MEMTABLES = new WriteBufferManager(MEMTABLE_BYTES, CACHE);

    /** Bytes in use now, by all stores of the JVM. */
    public static long usedBytes() {
        return CACHE.getUsage();
    }

    @Override
    public void setConfig(String store, Options options, Map<String, Object> configs) {
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(CACHE);
        table.setCacheIndexAndFilterBlocks(true);
        table.setBlockSize(16 * 1024);
        table.setFilterPolicy(new BloomFilter(10));
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(MEMTABLES);
        options.setWriteBufferSize(8L << 20);
        options.setCompressionType(CompressionType.LZ4_COMPRESSION);
    }

    @Override
    public void close(String store, Options options) {
        // The cache and the buffers are the JVM's, not the store's.
    }
}
