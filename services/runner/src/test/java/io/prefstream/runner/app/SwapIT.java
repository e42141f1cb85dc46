package io.prefstream.runner.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.prefstream.core.reward.BradleyTerryHead;
import io.prefstream.ingest.client.KafkaDoor;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.topic.Topics;
import io.prefstream.kittest.SampleFacts;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointProvenance;
import io.prefstream.wire.CheckpointRole;
import io.prefstream.wire.CheckpointScore;
import io.prefstream.wire.PairScore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints are swapped and rolled back under load, and every pair keeps to one. */
class SwapIT {

    private static final int PAIRS = 100_000;
    private static final int PARTITIONS = 2;
    private static final int SWAPS = 100;
    private static final String FEATURES = "f/1";

    @TempDir
    private Path folder;

    @Test
    void scoresEveryPairByTheOneModelThatItsScoreNamesThroughAHundredSwapsAndRollbacks() {
        Map<String, Double> weights = new HashMap<>();
        Map<String, List<CheckpointScore>> scored = new HashMap<>();
        Set<String> ids = new HashSet<>();
        try (LocalSystem system = LocalSystem.start(folder, PARTITIONS, new LocalSystem.Ports(0, 0))) {
            system.startStages(Map.of("decide", "at-once"));
            try (KafkaDoor door = KafkaDoor.open(system.installation(), system.wire());
                    TopicReader reader =
                            new TopicReader(system.installation(), system.wire(), List.of(Topics.PAIR_SCORES))) {
                announce(door, checkpoint(0), weights);
                await().atMost(Duration.ofMinutes(1)).until(() -> serving(system));
                for (int i = 0; i < PAIRS; i++) {
                    if (i % (PAIRS / SWAPS) == 0) {
                        int swap = i / (PAIRS / SWAPS);
                        // Every third announcement rolls back to the checkpoint before the last.
                        announce(door, checkpoint(swap % 3 == 2 ? swap - 2 : swap), weights);
                    }
                    String id = String.format(Locale.ROOT, "%06x", i);
                    door.send(
                            Topics.PAIR_FEATURES,
                            id,
                            SampleFacts.features(id, new float[] {i, 0}, new float[] {0, 0}),
                            e -> {});
                }
                await().atMost(Duration.ofMinutes(3))
                        .pollInterval(Duration.ofMillis(200))
                        .until(() -> {
                            reader.poll(Duration.ofMillis(100), (topic, key, value) -> {
                                PairScore score = (PairScore) value;
                                assertThat(ids.add(key))
                                        .as("%s has one score", key)
                                        .isTrue();
                                scored.put(key, score.getScores());
                            });
                            return ids.size() == PAIRS;
                        });
            }
        }
        Map<String, Integer> byModel = new HashMap<>();
        scored.forEach((id, scores) -> {
            assertThat(scores).hasSize(1);
            CheckpointScore score = scores.getFirst();
            Double weight = weights.get(score.getCheckpoint());
            assertThat(weight).as("a model that was announced").isNotNull();
            assertThat(score.getMargin()).isEqualTo(weight * Integer.parseInt(id, 16));
            byModel.merge(score.getCheckpoint(), 1, Integer::sum);
        });
        assertThat(byModel.size()).isGreaterThan(SWAPS / 4); // else the swaps were not under load
    }

    /** Whether the first checkpoint serves, so that no pair comes before one does. */
    private static boolean serving(LocalSystem system) {
        boolean[] there = new boolean[1];
        try (TopicReader reader =
                new TopicReader(system.installation(), system.wire(), List.of(Topics.SCORING_REQUESTS))) {
            reader.readToEnd((topic, key, value) -> there[0] = true);
        }
        return there[0];
    }

    private static void announce(KafkaDoor door, Checkpoint checkpoint, Map<String, Double> weights) {
        weights.put(checkpoint.getCheckpointId(), Double.parseDouble(checkpoint.getFamily()));
        door.send(Topics.CHECKPOINTS, checkpoint.getCheckpointId(), checkpoint, e -> {});
    }

    private static Checkpoint checkpoint(int number) {
        double weight = number + 1;
        BradleyTerryHead head =
                new BradleyTerryHead(BradleyTerryHead.featuresHash(List.of(FEATURES)), new double[] {weight, 0});
        return Checkpoint.newBuilder()
                .setCheckpointId("checkpoint-" + number)
                .setRole(CheckpointRole.BEST)
                .setFamily(Double.toString(weight))
                .setFold(-1)
                .setRound(1)
                .setKind("bt-head/1")
                .setUri(null)
                .setInline(ByteBuffer.wrap(head.encode()))
                .setFeatureSet(FEATURES)
                .setMetrics(Map.of())
                .setGoldenPairs(List.of())
                .setTolerance(0)
                .setTrainedOn(0)
                .setLabelsHash("")
                .setProvenance(new CheckpointProvenance("operator", "1", "", List.of(), null, null))
                .build();
    }
}
