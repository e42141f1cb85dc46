package io.prefstream.runner.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.kit.run.BoundedRocks;
import io.prefstream.kit.run.Installation;
import io.prefstream.kit.run.Stage;
import io.prefstream.kit.run.StageApp;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.stage.Wire;
import io.prefstream.kit.topic.Topics;
import io.prefstream.wire.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

/** What stages keep on disk: a broken store heals, and many stores share one bound. */
class StateIT {

    private static final String STAGE = "attribute-tagger";

    @TempDir
    private Path folder;

    @Test
    void putsACorruptStateFolderAsideAndRebuildsItFromTheChangelog() throws Exception {
        try (LocalSystem system = LocalSystem.start(folder, 1, new LocalSystem.Ports(0, 0))) {
            work(system, 3, 3);
            corrupt(folder.resolve("state/prefstream-attribute-tagger"));
            work(system, 2, 5);
        }

        assertThat(folder.resolve("state/prefstream-attribute-tagger.corrupt-1"))
                .isDirectory();
    }

    @Test
    void keepsManyStoresUnderOneBound() throws Exception {
        byte[] value = new byte[4096];
        Map<RocksDB, Options> stores = new HashMap<>();
        try {
            for (int i = 0; i < 24; i++) {
                Options options = new Options().setCreateIfMissing(true);
                options.setTableFormatConfig(new BlockBasedTableConfig());
                new BoundedRocks().setConfig("store-" + i, options, Map.of());
                stores.put(RocksDB.open(options, folder.resolve("store-" + i).toString()), options);
            }
            long most = 0;
            for (int n = 0; n < 4000; n++) {
                for (RocksDB store : stores.keySet()) {
                    store.put(("key-" + n).getBytes(StandardCharsets.UTF_8), value);
                }
                most = Math.max(most, BoundedRocks.usedBytes());
            }

            assertThat(most).isPositive().isLessThanOrEqualTo(BoundedRocks.BOUND_BYTES);
        } finally {
            stores.forEach((store, options) -> {
                store.close();
                options.close();
            });
        }
    }

    /** Runs one stage until it has read {@code total} records, {@code fresh} of them written now. */
    private static void work(LocalSystem system, int fresh, long total) throws Exception {
        Installation installation = system.installation();
        Wire wire = system.wire();
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", installation.bootstrap()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < fresh; i++) { // a tombstone is read and counted, and asks for no work
                producer.send(new ProducerRecord<>(Topics.PAIRS.name(), "pair-" + total + i, null))
                        .get();
            }
        }
        try (Stage stage = StageCatalogue.factory(STAGE).open(installation, wire, Map.of());
                StageApp app = new StageApp(
                        STAGE,
                        stage.topology(new StageEnvironment(
                                STAGE, installation.prefix(), installation.pairPartitions(), wire)),
                        installation,
                        wire);
                TopicReader reader = new TopicReader(installation, wire, List.of(Topics.PROGRESS))) {
            app.start();
            app.awaitRunning(Duration.ofSeconds(60));
            long[] read = new long[1];
            long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (read[0] < total && System.nanoTime() < until) {
                reader.poll(Duration.ofMillis(100), (topic, key, value) -> {
                    Progress report = (Progress) value;
                    read[0] = report.getConsumed().getOrDefault("pairs", 0L);
                });
            }
            assertThat(read[0]).isEqualTo(total);
        }
    }

    private static void corrupt(Path state) throws IOException {
        try (Stream<Path> files = Files.walk(state)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = file.getFileName().toString();
                if (name.startsWith("MANIFEST") || name.endsWith(".sst")) {
                    Files.write(file, new byte[] {1, 2, 3});
                }
            }
        }
    }
}
