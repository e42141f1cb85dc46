package io.prefstream.models.reward;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BatchTest {

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyRowIsInOneBatchTheLongestFirstAndEqualRowsAsTheyCame(long seed) {
        Random random = new Random(seed);
        List<Row> rows = rows(random);
        List<Row> longestFirst = new ArrayList<>(rows);
        longestFirst.sort(Comparator.comparingInt(Row::tokens)
                .reversed()
                .thenComparingInt(row -> row.texts()[0])); // places are in the order of arrival

        List<Row> planned = Batch.plan(rows, random.nextInt(5000)).stream()
                .flatMap(batch -> batch.rows().stream())
                .toList();

        assertThat(planned)
                .usingElementComparator(Comparator.comparingInt(System::identityHashCode))
                .containsExactlyElementsOf(longestFirst);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aBatchKeepsTheBudgetAndItsPaddingATenth(long seed) {
        Random random = new Random(seed);
        int budget = random.nextInt(5000);
        for (Batch batch : Batch.plan(rows(random), budget)) {
            int padded = batch.rows().size() * batch.rows().getFirst().tokens();
            int tokens = batch.rows().stream().mapToInt(Row::tokens).sum();
            assertThat(padded - tokens).isLessThanOrEqualTo((int) Math.ceil(Batch.MOST_PADDING * padded));
            if (batch.rows().size() > 1) {
                assertThat(padded).isLessThanOrEqualTo(budget);
            }
        }
    }

    @Test
    void withoutABudgetEveryRowGoesAlone() {
        List<Row> rows = rows(new Random(3));
        assertThat(Batch.plan(rows, 0)).hasSameSizeAs(rows);
    }

    @Test
    void rowsOfOneLengthFillTheBudget() {
        List<Row> rows = Row.single(LongStream.range(0, 10)
                .mapToObj(i -> new RewardTokenizer.Tokens(new long[100], new long[100]))
                .toList());
        assertThat(Batch.plan(rows, 400))
                .extracting(batch -> batch.rows().size())
                .containsExactly(4, 4, 2);
    }

    @Test
    void nothingIsNoBatch() {
        assertThat(Batch.plan(List.of(), 100)).isEmpty();
    }

    private static List<Row> rows(Random random) {
        List<RewardTokenizer.Tokens> texts = new ArrayList<>();
        for (int i = random.nextInt(60); i >= 0; i--) {
            int tokens = 1 + (int) Math.exp(random.nextDouble() * 7);
            texts.add(new RewardTokenizer.Tokens(new long[tokens], new long[tokens]));
        }
        return Row.single(texts);
    }
}
