package io.prefstream.trainer.round;

import io.prefstream.core.reward.NeighbourModel;
import io.prefstream.core.stats.Hashes;
import io.prefstream.trainer.client.Facts;
import io.prefstream.trainer.domain.Families;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointProvenance;
import io.prefstream.wire.CheckpointRole;
import io.prefstream.wire.GoldenPair;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Makes the records that announce models. */
final class Announcement {

    /** Kind of a Bradley-Terry head over features. */
    static final String HEAD = "bt-head/1";

    /** Kind of the gold neighbours' vote. */
    static final String NEIGHBOURS = "knn/1";

    private static final int GOLDEN = 3;

    private Announcement() {}

    static Checkpoint ofHead(
            Families.Member member,
            String family,
            CheckpointRole role,
            int round,
            List<Facts.Features> trainedOn,
            Map<String, Double> metrics,
            RunFacts run) {
        List<GoldenPair> golden = new ArrayList<>();
        trainedOn.stream().limit(GOLDEN).forEach(pair -> {
            golden.add(new GoldenPair(bytes(pair.chosen()), member.head().score(pair.chosen())));
            golden.add(new GoldenPair(bytes(pair.rejected()), member.head().score(pair.rejected())));
        });
        // The same weights can come out of two rounds; the name then tells them apart by what they leave out.
        String id = HexFormat.of()
                .formatHex(Hashes.sha256((family + "/" + round + "/" + member.fold() + "/" + member.otherFold() + "/"
                                + member.head().sha256())
                        .getBytes(StandardCharsets.UTF_8)));
        return base(id, family, role, round, trainedOn, run)
                .setFold(member.fold())
                .setOtherFold(member.otherFold())
                .setKind(HEAD)
                .setInline(ByteBuffer.wrap(member.head().encode()))
                .setMetrics(metrics)
                .setGoldenPairs(golden)
                .build();
    }

    static Checkpoint ofNeighbours(NeighbourModel model, int round, List<Facts.Features> trainedOn, RunFacts run) {
        return base(model.sha256(), "neighbours", CheckpointRole.FOLD, round, trainedOn, run)
                .setFold(-1)
                .setOtherFold(-1)
                .setKind(NEIGHBOURS)
                .setInline(ByteBuffer.wrap(model.encode()))
                .setMetrics(Map.of())
                .setGoldenPairs(List.of())
                .build();
    }

    private static Checkpoint.Builder base(
            String id, String family, CheckpointRole role, int round, List<Facts.Features> trainedOn, RunFacts run) {
        String pairs = trainedOn.stream().map(Facts.Features::pairId).sorted().collect(Collectors.joining("\n"));
        return Checkpoint.newBuilder()
                .setCheckpointId(id)
                .setFamily(family)
                .setRole(role)
                .setRound(round)
                .setUri(null)
                .setFeatureSet(run.featureSet())
                .setTolerance(1e-9)
                .setTrainedOn(trainedOn.size())
                .setLabelsHash(HexFormat.of().formatHex(Hashes.sha256(pairs.getBytes(StandardCharsets.UTF_8))))
                .setProvenance(CheckpointProvenance.newBuilder()
                        .setStage("trainer")
                        .setStageVersion("1")
                        .setConfigHash(run.configHash())
                        .setInputs(List.of())
                        .setRevision(null)
                        .setCostUsd(null)
                        .build());
    }

    private static ByteBuffer bytes(float[] values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(values);
        return buffer;
    }
}
