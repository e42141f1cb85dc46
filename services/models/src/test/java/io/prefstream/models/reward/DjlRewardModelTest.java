package io.prefstream.models.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.prefstream.core.pair.Message;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scores are transformers' own, whatever engine, row or batch they come from. */
@Execution(ExecutionMode.SAME_THREAD)
class DjlRewardModelTest {

    private static final double TOLERANCE = 1e-4;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "qwen3/onnx",
                "qwen3/torchscript",
                "llama/onnx",
                "llama/torchscript",
                "bert/onnx",
                "bert/torchscript"
            })
    void scoresAreThoseOfTransformersInRowsAndBatchesOfAnySize(String name) {
        List<Fixtures.Expected> expected = Fixtures.expected(name.substring(0, name.indexOf('/')));
        List<List<Message>> conversations =
                expected.stream().map(Fixtures.Expected::messages).toList();
        try (DjlRewardModel model = DjlRewardModel.load(ModelFolder.read(Fixtures.folder(name)), Hardware.cpu(2))) {
            close(expected, model.score(conversations));
            int longest =
                    expected.stream().mapToInt(Fixtures.Expected::tokens).max().orElseThrow();
            double[] alone = model.scoreOtherwise(conversations, false, 0);
            close(expected, alone);
            for (int size : new int[] {2, 3, 5, 8, 16, 32}) {
                for (boolean packed : new boolean[] {false, true}) {
                    double[] batched = model.scoreOtherwise(conversations, packed, size * longest);
                    close(expected, batched);
                    assertThat(order(batched)).as("order at %d rows", size).isEqualTo(order(alone));
                }
            }
        }
    }

    private static void close(List<Fixtures.Expected> expected, double[] scores) {
        for (int i = 0; i < scores.length; i++) {
            assertThat(scores[i])
                    .as("conversation %d", i)
                    .isCloseTo(expected.get(i).score(), within(TOLERANCE));
        }
    }

    /** Places of the scores from the lowest up. */
    private static List<Integer> order(double[] scores) {
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted((a, b) -> Double.compare(scores[a], scores[b]))
                .toList();
    }
}
