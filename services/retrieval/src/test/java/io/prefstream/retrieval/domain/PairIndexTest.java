package io.prefstream.retrieval.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairIndexTest {

    private static final int DIMENSIONS = 16;

    private record Indexed(String pairId, String entry, byte[] vector) {}

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void findsTheSameOverOneAndFourPartitionsInAnyOrder(long seed) {
        Random random = new Random(seed);
        List<Indexed> pairs = pairs(random, 200);
        Set<String> labelled = new HashSet<>();
        pairs.stream().filter(pair -> random.nextInt(4) == 0).forEach(pair -> labelled.add(pair.pairId));
        byte[] query = vector(random);

        for (int k = 1; k <= 8; k++) {
            List<Hit> one = ask(pairs, labelled, 1, query, k);
            Collections.shuffle(pairs, random);
            List<Hit> four = ask(pairs, labelled, 4, query, k);

            assertThat(four).isEqualTo(one).hasSize(k);
            assertThat(one).noneMatch(hit -> labelled.contains(hit.pairId()));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {11, 12, 13})
    void agreesWithSortingEverything(long seed) {
        Random random = new Random(seed);
        List<Indexed> pairs = pairs(random, 100);
        byte[] query = vector(random);
        PairIndex all = new PairIndex(7);
        pairs.forEach(pair -> all.put(pair.pairId, pair.entry, pair.vector));

        List<Hit> everything = all.nearest(query, pairs.size(), 1);

        assertThat(ask(pairs, Set.of(), 4, query, 8)).isEqualTo(Merge.best(everything, 8));
    }

    @Test
    void takesAtMostTwoPairsOfAnEntryAndAnotherTwoInAnotherRound() {
        PairIndex index = new PairIndex(7);
        for (int i = 0; i < 50; i++) {
            index.put("p" + i, "same", new byte[] {127, 0});
        }
        index.put("far", "other", new byte[] {0, 127});

        List<String> first = ids(Merge.best(index.nearest(new byte[] {127, 0}, 8, 1), 8));
        List<String> second = ids(Merge.best(index.nearest(new byte[] {127, 0}, 8, 2), 8));

        assertThat(first).hasSize(3).endsWith("far");
        assertThat(second).hasSize(3).endsWith("far").isNotEqualTo(first);
    }

    @Test
    void hidesALabelledPairFromItsRoundOnThoughTheLabelCameFirst() {
        PairIndex index = new PairIndex(7);
        index.hide("p", 3);
        index.put("p", "e", new byte[] {127, 0});
        index.hide("p", 5);

        assertThat(ids(index.nearest(new byte[] {127, 0}, 8, 2))).containsExactly("p");
        assertThat(index.nearest(new byte[] {127, 0}, 8, 3)).isEmpty();
        assertThat(index.size()).isEqualTo(1);
    }

    @ParameterizedTest(name = "{0} dimensions")
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9})
    void countsEveryDimension(int dimensions) {
        for (int j = 0; j < dimensions; j++) {
            byte[] query = new byte[dimensions];
            query[j] = 100;
            PairIndex index = new PairIndex(7);
            byte[] stored = new byte[dimensions];
            Arrays.fill(stored, (byte) 50);
            index.put("p", "e", stored);

            assertThat(index.nearest(query, 1, 1).getFirst().similarity())
                    .isCloseTo(1 / Math.sqrt(dimensions), within(1e-12));
        }
    }

    @Test
    void similarityIsTheCosine() {
        PairIndex index = new PairIndex(7);
        index.put("p", "e", PairIndex.quantize(new float[] {0.6f, 0.8f}));

        assertThat(index.nearest(PairIndex.quantize(new float[] {1, 0}), 1, 1)
                        .getFirst()
                        .similarity())
                .isCloseTo(0.6, within(0.01));
    }

    private static List<Hit> ask(List<Indexed> pairs, Set<String> labelled, int partitions, byte[] query, int k) {
        List<PairIndex> indexes = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            indexes.add(new PairIndex(7));
        }
        pairs.forEach(pair -> {
            PairIndex index = indexes.get(Math.floorMod(pair.pairId.hashCode(), partitions));
            index.put(pair.pairId, pair.entry, pair.vector);
            if (labelled.contains(pair.pairId)) {
                index.hide(pair.pairId, 0);
            }
        });
        return Merge.best(
                indexes.stream()
                        .flatMap(index -> index.nearest(query, k, 1).stream())
                        .toList(),
                k);
    }

    /** Pairs of which about four share an entry, and of whose entries some are equally near. */
    private static List<Indexed> pairs(Random random, int n) {
        List<byte[]> vectors = new ArrayList<>();
        for (int i = 0; i < n / 4; i++) {
            vectors.add(i % 5 == 4 ? vectors.getLast() : vector(random));
        }
        List<Indexed> pairs = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            int entry = random.nextInt(vectors.size());
            pairs.add(new Indexed("p" + i, "e" + entry, vectors.get(entry)));
        }
        return pairs;
    }

    private static byte[] vector(Random random) {
        byte[] vector = new byte[DIMENSIONS];
        random.nextBytes(vector);
        return vector;
    }

    private static List<String> ids(List<Hit> hits) {
        return hits.stream().map(Hit::pairId).toList();
    }
}
