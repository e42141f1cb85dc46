package io.prefstream.kit.run;

import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Makes the consumers of workers that answer a stage's calls beside its stream. */
public final class WorkerConsumer {

    private WorkerConsumer() {}

    /**
     * A consumer of committed records from the group's place on. Its membership is static, so that a restart waits for nobody,
     * and it commits nothing by itself.
     *
     * @param name name of the worker, which its group carries
     * @param mostRecords most records of a poll
     */
    public static KafkaConsumer<String, byte[]> open(Installation installation, String name, int mostRecords) {
        return open(installation, name, mostRecords, new Properties());
    }

    /** The same with further settings. */
    public static KafkaConsumer<String, byte[]> open(
            Installation installation, String name, int mostRecords, Properties further) {
        Properties p = new Properties();
        p.putAll(installation.client());
        p.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, installation.bootstrap());
        p.put(ConsumerConfig.GROUP_ID_CONFIG, installation.prefix() + "prefstream-" + name);
        p.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, installation.instance());
        p.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int)
                installation.sessionTimeout().toMillis());
        p.put(
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                (int) installation.sessionTimeout().toMillis() / 4);
        p.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        p.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        p.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        p.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, mostRecords);
        p.putAll(further);
        return new KafkaConsumer<>(p, new StringDeserializer(), new ByteArrayDeserializer());
    }
}
