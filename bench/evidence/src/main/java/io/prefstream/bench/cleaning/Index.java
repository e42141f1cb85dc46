package io.prefstream.bench.cleaning;

import io.prefstream.core.pair.Message;
import io.prefstream.ingest.processor.NearDuplicates;
import io.prefstream.kit.run.BoundedRocks;
import io.prefstream.kit.stage.Store;
import io.prefstream.kit.topic.Topic;
import io.prefstream.wire.NearDuplicate;
import io.prefstream.wire.PairIn;
import io.prefstream.wire.PairInMessage;
import io.prefstream.wire.SimilarityProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/** Ingest's own search for near-duplicates on its own stores in RocksDB, without Kafka: one task, no changelog. */
final class Index implements AutoCloseable {

    /** A pair as it comes in. */
    record Row(String prompt, String chosen, String rejected) {}

    private final List<KeyValueStore<String, ?>> open = new ArrayList<>();
    private final List<NearDuplicate> found = new ArrayList<>();
    private final NearDuplicates search;
    private long rows;

    Index() throws IOException {
        Path folder = Files.createTempDirectory("prefstream-cleaning");
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "bench");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocks.class);
        var context = new MockProcessorContext<Void, Void>(settings, new TaskId(0, 0), folder.toFile());
        search = new NearDuplicates(
                new Way(), 1, store(NearDuplicates.SKETCHES, context), store(NearDuplicates.BANDS, context));
    }

    private <V> KeyValueStore<String, V> store(Store<V> store, MockProcessorContext<Void, Void> context) {
        KeyValueStore<String, V> made = Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(store.name()), Serdes.String(), store.serde())
                .withLoggingDisabled()
                .withCachingDisabled()
                .build();
        made.init(context.getStateStoreContext(), made);
        open.add(made);
        return made;
    }

    private final class Way implements NearDuplicates.Way {
        @Override
        public void emit(Topic<?> topic, String key, SpecificRecord value) {
            found.add((NearDuplicate) value);
        }

        @Override
        public void emitTo(int partition, Topic<?> topic, String key, SpecificRecord value) {
            search.meet((SimilarityProbe) value);
        }
    }

    /** Adds a pair, whose id is its number, and returns what was found. */
    List<NearDuplicate> add(Row row) {
        found.clear();
        String id = String.format("%012d", rows);
        PairIn in = PairIn.newBuilder()
                .setBatch("000001")
                .setOrdinal(rows++)
                .setFile("bench")
                .setLine(rows)
                .setSourceId(null)
                .setHistory(List.of(new PairInMessage("user", row.prompt())))
                .setChosen(row.chosen())
                .setRejected(row.rejected())
                .build();
        search.announce(id, "m" + id, List.of(new Message("user", row.prompt())), in);
        return List.copyOf(found);
    }

    @Override
    public void close() {
        open.forEach(KeyValueStore::close);
    }
}
