package io.prefstream.evaluation.domain;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The formats that are known. */
public final class Formats {

    private Formats() {}

    /** The seven benchmarks of the paper, in the order of its columns. */
    public static List<Format> seven(long seed) {
        return List.of(
                new RewardBenchRows(),
                new RewardBench2Rows(),
                new PpePreferenceRows(),
                new PpeCorrectnessRows(seed),
                new RmbRows(),
                new RmBenchRows(),
                new JudgeBenchRows());
    }

    /** The seven, and those that are counted apart. */
    public static List<Format> all(long seed) {
        return Stream.concat(seven(seed).stream(), Stream.of(new RewardMathRows()))
                .toList();
    }

    /** The format of a benchmark's id. */
    public static Optional<Format> of(String id, long seed) {
        return all(seed).stream()
                .filter(format -> format.benchmark().id().equals(id))
                .findFirst();
    }
}
