package io.prefstream.kit.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * Where a stage runs.
 *
 * @param bootstrap Kafka's bootstrap servers
 * @param registry URL of the schema registry
 * @param prefix put before every topic and application id; empty by default
 * @param pairPartitions number of partitions of every pair-keyed topic
 * @param replication replication factor of topics and changelogs
 * @param stateDir folder of the state stores; stable, since static membership and quick restarts depend on it
 * @param instance name of this instance, stable over restarts and unique among the stage's instances
 * @param threads stream threads of a stage, 1 or more
 * @param commitInterval how often a stage commits; it bounds the delay between two stages
 * @param sessionTimeout how long a silent instance keeps its tasks
 * @param client further Kafka client settings, such as security
 */
public record Installation(
        String bootstrap,
        String registry,
        String prefix,
        int pairPartitions,
        short replication,
        Path stateDir,
        String instance,
        int threads,
        Duration commitInterval,
        Duration sessionTimeout,
        Map<String, String> client) {

    /** The same with something else before the names of topics and applications. */
    public Installation withPrefix(String other) {
        return new Installation(
                bootstrap,
                registry,
                other,
                pairPartitions,
                replication,
                stateDir,
                instance,
                threads,
                commitInterval,
                sessionTimeout,
                client);
    }
}
