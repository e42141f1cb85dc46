package io.prefstream.kit.stage;

/**
 * What a topology needs to know of the installation that it runs in.
 *
 * @param stage name of the stage
 * @param prefix put before every topic name and application id; empty by default
 * @param pairPartitions number of partitions of every pair-keyed topic, 1 or more
 * @param wire makes serdes
 */
public record StageEnvironment(String stage, String prefix, int pairPartitions, Wire wire) {

    public StageEnvironment {
        if (pairPartitions < 1) {
            throw new IllegalArgumentException("partitions must be 1 or more, got " + pairPartitions);
        }
    }
}
