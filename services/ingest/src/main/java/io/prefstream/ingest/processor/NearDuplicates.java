package io.prefstream.ingest.processor;

import io.prefstream.core.cleaning.InputOrder;
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
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
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
public final class NearDuplicates {

    /** Sketches of pairs that lie in a band of this task, by place. */
    public static final Store<SimilarityProbe> SKETCHES =
            new Store<>("sketches", StoreSerdes.avro(SimilarityProbe.class), false);

    /**
     * Bands. By its hash: the place of its only member, or nothing once it has more; these then lie by hash and place. Most
     * bands have one member, and to find none takes no search.
     */
    public static final Store<String> BANDS = new Store<>("bands", Serdes.String(), false);

    /** What the processor does for it. */
    public interface Way {
        /** Writes a record where its key belongs. */
        void emit(Topic<?> topic, String key, SpecificRecord value);

        /** Writes a record to one partition. */
        void emitTo(int partition, Topic<?> topic, String key, SpecificRecord value);
    }

    private final Way way;
    private final int partitions;
    private final KeyValueStore<String, SimilarityProbe> sketches;
    private final KeyValueStore<String, String> bands;

    /** Works on the bands of one task, of so many in the installation. */
    public NearDuplicates(
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
    public void announce(String pairId, String matchId, List<Message> history, PairIn row) {
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
    public void meet(SimilarityProbe probe) {
        String place = InputOrder.place(probe.getBatch(), probe.getOrdinal(), probe.getPairId());
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
            probe.getBands().forEach(band -> put(band(band), place));
        }
    }

    private void put(String band, String place) {
        String only = bands.get(band);
        if (only == null) {
            bands.put(band, place);
            return;
        }
        if (!only.isEmpty()) {
            bands.put(band, "");
            bands.put(band + "/" + only, "");
        }
        bands.put(band + "/" + place, "");
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
        Consumer<String> later = other -> {
            Found before = seen.get(other);
            Found found = before == null ? look.apply(other) : before;
            seen.put(other, found);
            if (before == null && found.similarity > 0) {
                tell(found.probe, probe, kind, found.similarity);
            }
        };
        String least = place;
        for (Long band : own) {
            String earlier = scan(band(band), place, least, other -> seen.computeIfAbsent(other, look), later);
            least = earlier == null ? least : earlier;
        }
        if (!least.equals(place)) {
            Found found = seen.computeIfAbsent(least, look);
            tell(probe, found.probe, kind, found.similarity);
        }
    }

    private record Found(SimilarityProbe probe, double similarity) {}

    /**
     * Goes through a band in order: before {@code least} up to the first place whose pair is alike, which it returns, null
     * without one; and after {@code place} through all.
     */
    private @Nullable String scan(
            String band, String place, String least, Function<String, Found> look, Consumer<String> later) {
        String only = bands.get(band);
        if (only == null) {
            return null;
        }
        if (!only.isEmpty()) {
            if (only.compareTo(place) > 0) {
                later.accept(only);
            }
            return only.compareTo(least) < 0 && look.apply(only).similarity > 0 ? only : null;
        }
        String first = null;
        try (KeyValueIterator<String, String> members = bands.range(band + "/", band + "0")) {
            while (first == null && members.hasNext()) {
                String other = members.next().key.substring(band.length() + 1);
                if (other.compareTo(least) >= 0) {
                    if (other.compareTo(place) > 0) {
                        later.accept(other);
                    }
                } else if (look.apply(other).similarity > 0) {
                    first = other;
                }
            }
        }
        if (first != null) { // between it and the place there may be thousands of copies
            try (KeyValueIterator<String, String> members = bands.range(band + "/" + place, band + "0")) {
                members.forEachRemaining(entry -> later.accept(entry.key.substring(band.length() + 1)));
            }
        }
        return first;
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

    private static String band(long hash) {
        return HexFormat.of().toHexDigits(hash);
    }

    private static PairSketch sketch(SimilarityProbe probe) {
        return new PairSketch(bytes(probe.getPrompt()), bytes(probe.getChosen()), bytes(probe.getRejected()));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        return Arrays.copyOfRange(
                buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.arrayOffset() + buffer.limit());
    }
}
