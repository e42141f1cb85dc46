package io.prefstream.ingest.processor;

import io.prefstream.core.cleaning.PairSketch;
import io.prefstream.core.pair.Message;
import io.prefstream.kit.stage.Store;
import io.prefstream.kit.stage.StoreSerdes;
import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import io.prefstream.wire.NearDuplicate;
import io.prefstream.wire.PairIn;
import io.prefstream.wire.SimilarityKind;
import io.prefstream.wire.SimilarityProbe;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Finds pairs that are much like an earlier one, as pairs come. A pair's sketch goes to the tasks that hold its bands, at
 * most once to each; there it meets the pairs of the same bands and no others, so its cost doesn't grow with the past.
 *
 * <p>Earlier is what comes earlier by batch and ordinal, whenever it arrives. In each band the search starts with the
 * earliest and ends with the first that is alike, so that a thousand copies cost as much as one; a pair that arrives after
 * later ones is compared with these as well. The earliest pair that is alike is therefore always among the facts, and
 * readers take that one.
 */
final class NearDuplicates {

    /** Sketches of pairs that lie in a band of this task, by place. */
    static final Store<SimilarityProbe> SKETCHES =
            new Store<>("sketches", StoreSerdes.avro(SimilarityProbe.class), false);

    /** Members of a band, by its hash and their place. */
    static final Store<String> BANDS = new Store<>("bands", Serdes.String(), false);

    /** What the processor does for it. */
    interface Way {
        void emit(Topic<?> topic, String key, SpecificRecord value);

        void emitTo(int partition, Topic<?> topic, String key, SpecificRecord value);
    }

    private static final int TIE_DIGITS = 12;

    private final Way way;
    private final int partitions;
    private final KeyValueStore<String, SimilarityProbe> sketches;
    private final KeyValueStore<String, String> bands;

    NearDuplicates(
            Way way,
            int partitions,
            KeyValueStore<String, SimilarityProbe> sketches,
            KeyValueStore<String, String> bands) {
        this.way = way;
        this.partitions = partitions;
        this.sketches = sketches;
        this.bands = bands;
    }

    /** Sends a new pair's sketch to the tasks of its bands. */
    void announce(String pairId, String matchId, List<Message> history, PairIn row) {
        PairSketch.Banded banded =
                PairSketch.of(history, String.valueOf(row.getChosen()), String.valueOf(row.getRejected()));
        Map<Integer, List<Long>> own = byPartition(banded.bands());
        Map<Integer, List<Long>> mirrored = byPartition(banded.mirrorBands());
        IntStream.range(0, partitions)
                .filter(partition -> own.containsKey(partition) || mirrored.containsKey(partition))
                .forEach(partition -> way.emitTo(
                        partition,
                        Topics.NEAR_DUPLICATE_BANDS,
                        pairId,
                        SimilarityProbe.newBuilder()
                                .setPairId(pairId)
                                .setMatchId(matchId)
                                .setBatch(row.getBatch())
                                .setOrdinal(row.getOrdinal())
                                .setPrompt(ByteBuffer.wrap(banded.sketch().prompt()))
                                .setChosen(ByteBuffer.wrap(banded.sketch().chosen()))
                                .setRejected(ByteBuffer.wrap(banded.sketch().rejected()))
                                .setBands(own.getOrDefault(partition, List.of()))
                                .setMirrorBands(mirrored.getOrDefault(partition, List.of()))
                                .build()));
    }

    private Map<Integer, List<Long>> byPartition(List<Long> all) {
        Map<Integer, List<Long>> parts = new TreeMap<>();
        for (Long band : all) {
            parts.computeIfAbsent(Math.floorMod(band, partitions), p -> new ArrayList<>())
                    .add(band);
        }
        return parts;
    }

    /** Compares a pair with those in its bands, and puts it into them. */
    void meet(SimilarityProbe probe) {
        String place = place(probe);
        if (sketches.get(place) != null) {
            return; // a row that was sent again
        }
        search(probe, place, probe.getBands(), SimilarityKind.NEAR_DUPLICATE, PairSketch::similarity);
        search(probe, place, probe.getMirrorBands(), SimilarityKind.NEAR_CONTRADICTION, PairSketch::mirrorSimilarity);
        if (!probe.getBands().isEmpty()) {
            sketches.put(
                    place,
                    SimilarityProbe.newBuilder(probe)
                            .setBands(List.of())
                            .setMirrorBands(List.of())
                            .build());
            probe.getBands().forEach(band -> bands.put(band(band) + "/" + place, ""));
        }
    }

    /** How alike two pairs are, 0 for not enough. */
    private interface Likeness {
        double of(PairSketch a, PairSketch b);
    }

    private void search(SimilarityProbe probe, String place, List<Long> own, SimilarityKind kind, Likeness likeness) {
        PairSketch sketch = sketch(probe);
        Map<String, Found> seen = new HashMap<>();
        Function<String, Found> look = other -> {
            SimilarityProbe met = sketches.get(other);
            // A pair and its exact mirror are a contradiction already.
            boolean mirror = kind == SimilarityKind.NEAR_CONTRADICTION
                    && met.getMatchId().equals(probe.getMatchId());
            return new Found(met, mirror ? 0 : likeness.of(sketch, sketch(met)));
        };
        String least = null;
        for (Long band : own) {
            String from = band(band) + "/";
            String earlier = first(from, least == null ? place : least, seen, look);
            least = earlier == null ? least : earlier;
            try (KeyValueIterator<String, String> later = bands.range(from + place, band(band) + "0")) {
                later.forEachRemaining(entry -> {
                    String other = entry.key.substring(from.length());
                    if (!seen.containsKey(other)) {
                        Found found = look.apply(other);
                        seen.put(other, found);
                        if (found.similarity > 0) {
                            tell(found.probe, probe, kind, found.similarity);
                        }
                    }
                });
            }
        }
        if (least != null) {
            Found found = seen.computeIfAbsent(least, look);
            tell(probe, found.probe, kind, found.similarity);
        }
    }

    private record Found(SimilarityProbe probe, double similarity) {}

    /** The first place in a band before {@code end} whose pair is alike; null when there is none. */
    private @Nullable String first(String from, String end, Map<String, Found> seen, Function<String, Found> look) {
        try (KeyValueIterator<String, String> members = bands.range(from, from + end)) {
            while (members.hasNext()) {
                String other = members.next().key.substring(from.length());
                if (other.equals(end)) {
                    return null;
                }
                if (seen.computeIfAbsent(other, look).similarity > 0) {
                    return other;
                }
            }
        }
        return null;
    }

    private void tell(SimilarityProbe later, SimilarityProbe earlier, SimilarityKind kind, double similarity) {
        way.emit(
                Topics.NEAR_DUPLICATES,
                later.getPairId(),
                NearDuplicate.newBuilder()
                        .setPairId(later.getPairId())
                        .setOtherPairId(earlier.getPairId())
                        .setOtherBatch(earlier.getBatch())
                        .setOtherOrdinal(earlier.getOrdinal())
                        .setKind(kind)
                        .setSimilarity(similarity)
                        .build());
    }

    /** Batch, ordinal and the beginning of the pair id, as text that sorts like them. */
    private static String place(SimilarityProbe probe) {
        return String.format(Locale.ROOT, "%s\u0000%016x", probe.getBatch(), probe.getOrdinal())
                + probe.getPairId()
                        .substring(0, Math.min(TIE_DIGITS, probe.getPairId().length()));
    }

    private static String band(long hash) {
        return String.format(Locale.ROOT, "%016x", hash);
    }

    private static PairSketch sketch(SimilarityProbe probe) {
        return new PairSketch(bytes(probe.getPrompt()), bytes(probe.getChosen()), bytes(probe.getRejected()));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        return Arrays.copyOfRange(
                buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.arrayOffset() + buffer.limit());
    }
}
