package io.prefstream.models.reward;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RowTest {

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyTextStandsWholeInItsRow(long seed) {
        Random random = new Random(seed);
        List<long[]> texts = texts(random);
        int place = 0;
        for (Row row : Row.pack(texts, evenTokens(random), most(random))) {
            for (int k = 0; k < row.texts().length; k++, place++) {
                assertThat(row.texts()[k]).isEqualTo(place);
                int[] seen = seenBy(row, k);
                assertThat(Arrays.stream(seen).mapToLong(i -> row.ids()[i])).containsExactly(boxed(texts.get(place)));
                assertThat(Arrays.stream(seen).mapToLong(i -> row.positions()[i]))
                        .containsExactlyElementsOf(
                                LongStream.range(0, seen.length).boxed().toList());
                assertThat(row.ends()[k]).isEqualTo(seen[seen.length - 1]);
            }
        }
        assertThat(place).isEqualTo(texts.size());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aTextsLastTokenIsItsOwn(long seed) {
        Random random = new Random(seed);
        for (Row row : Row.pack(texts(random), evenTokens(random), most(random))) {
            if (row.texts().length > 1) {
                for (int k = 0; k < row.ends().length; k++) {
                    assertThat(row.segments()[row.ends()[k]]).isEqualTo(k + 1L);
                }
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void rowsCostNoMoreThanTheTextsAloneAndASharedRowCostsLess(long seed) {
        Random random = new Random(seed);
        List<long[]> texts = texts(random);
        double even = evenTokens(random);
        for (Row row : Row.pack(texts, even, most(random))) {
            int alone = Arrays.stream(row.texts()).map(t -> texts.get(t).length).sum();
            double cost = Arrays.stream(row.texts())
                    .mapToDouble(t -> cost(texts.get(t).length, even))
                    .sum();
            if (row.texts().length == 1) {
                assertThat(row.tokens()).isEqualTo(alone);
            } else {
                assertThat(row.tokens()).isLessThan(alone);
                assertThat(cost(row.tokens(), even)).isLessThan(cost);
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aSharedRowKeepsTheMostTokens(long seed) {
        Random random = new Random(seed);
        int most = most(random);
        for (Row row : Row.pack(texts(random), Double.MAX_VALUE, most)) {
            if (row.texts().length > 1) {
                assertThat(row.tokens()).isLessThanOrEqualTo(most);
            }
        }
    }

    @Test
    void equalTextsAndTextsThatBeginOthersShareAllButALastToken() {
        List<long[]> texts = List.of(new long[] {1, 2, 3}, new long[] {1, 2, 3}, new long[] {1, 2, 3, 4, 5});

        List<Row> rows = Row.pack(texts, 1000, 100);

        assertThat(rows).hasSize(1);
        assertThat(rows.getFirst().ids()).containsExactly(1, 2, 3, 3, 3, 4, 5);
        assertThat(rows.getFirst().positions()).containsExactly(0, 1, 2, 2, 2, 3, 4);
        assertThat(rows.getFirst().segments()).containsExactly(0, 0, 1, 2, 3, 3, 3);
        assertThat(rows.getFirst().ends()).containsExactly(2, 3, 6);
    }

    @Test
    void textsStayApartWhereAttentionOverALongRowCostsMoreThanSharingSaves() {
        long[] a = new long[101];
        long[] b = new long[101];
        Arrays.fill(a, 10, 101, 1);
        Arrays.fill(b, 10, 101, 2); // they share 10 tokens of 101

        assertThat(Row.pack(List.of(a, b), 1e6, 1000)).hasSize(1);
        assertThat(Row.pack(List.of(a, b), 500, 1000)).hasSize(2);
    }

    /** Places of the row's tokens that text {@code k} is made of. */
    private static int[] seenBy(Row row, int k) {
        return IntStream.range(0, row.tokens())
                .filter(i -> row.segments()[i] == 0 || row.segments()[i] == k + 1)
                .toArray();
    }

    /** Conversations with several answers each; some answers begin alike, are equal, or begin another. */
    private static List<long[]> texts(Random random) {
        List<long[]> texts = new ArrayList<>();
        for (int c = 1 + random.nextInt(6); c > 0; c--) {
            long[] turns = random.longs(random.nextInt(40), 0, 3).toArray();
            for (int a = 1 + random.nextInt(5); a > 0; a--) {
                long[] answer = random.longs(1 + random.nextInt(30), 0, 3).toArray();
                texts.add(LongStream.concat(Arrays.stream(turns), Arrays.stream(answer))
                        .toArray());
                if (random.nextInt(5) == 0) {
                    texts.add(texts.getLast().clone());
                }
            }
        }
        return texts;
    }

    private static double evenTokens(Random random) {
        return Math.exp(Math.log(5) + random.nextDouble() * Math.log(1000));
    }

    private static int most(Random random) {
        return 10 + random.nextInt(200);
    }

    private static double cost(double tokens, double even) {
        return tokens * (1 + tokens / even);
    }

    private static Long[] boxed(long[] values) {
        return Arrays.stream(values).boxed().toArray(Long[]::new);
    }
}
