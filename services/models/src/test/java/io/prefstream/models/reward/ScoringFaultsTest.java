package io.prefstream.models.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.prefstream.core.pair.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that are off their golden scores, texts that cannot be scored, and the end of a model under way. */
@Execution(ExecutionMode.SAME_THREAD)
class ScoringFaultsTest {

    @TempDir
    Path parent;

    @Test
    void aModelOffAGoldenScoreIsRefusedAndToldByHowMuch() throws IOException {
        FolderCopy copy = FolderCopy.of("qwen3/onnx", parent).edit(card -> move(card, 0.25));
        refused(copy)
                .withMessageStartingWith("tiny-qwen3 misses a golden score by 0.250, and 0.000100 is allowed")
                .withMessageContaining("conversation 3 scored alone must get");
    }

    @Test
    void theToleranceOfTheCardHolds() throws IOException {
        FolderCopy copy = FolderCopy.of("qwen3/onnx", parent).edit(card -> {
            move(card, 0.25);
            card.put("tolerance", 0.3);
        });
        try (DjlRewardModel model = load(copy.path())) {
            assertThat(model.folder().card().tolerance()).isEqualTo(0.3);
        }
        copy.edit(card -> card.put("tolerance", 0.24));
        refused(copy).withMessageContaining("by 0.250, and 0.240 is allowed");
    }

    @Test
    void aModelThatCannotScoreItsGoldenConversationsIsRefused() throws IOException {
        FolderCopy copy = FolderCopy.of("qwen3/onnx", parent).edit(card -> card.put("max_tokens", 5));
        refused(copy)
                .withMessageContaining("cannot score its golden conversations")
                .withMessageContaining("takes 5");
    }

    @Test
    void aGraphWithAnInputOfAnotherKindIsRefused() throws IOException {
        FolderCopy copy = FolderCopy.of("bert/onnx", parent)
                .edit(card -> card.withArray("inputs").add("past_key_values"));
        refused(copy).withMessageContaining("has the input past_key_values");
    }

    @Test
    void aTextThatIsTooLongIsNamedWithItsFigures() throws IOException {
        Message longest = new Message("user", "a".repeat(400));
        FolderCopy copy = FolderCopy.of("qwen3/onnx", parent).edit(card -> card.put("max_tokens", 150));
        try (DjlRewardModel model = load(copy.path())) {
            List<List<Message>> conversations =
                    List.of(talk("one"), talk("two"), List.of(longest, new Message("assistant", "b")));
            int tokens = tokens(model.folder(), conversations.get(2)).length;
            UnscorableText refused = catchThrowableOfType(UnscorableText.class, () -> model.score(conversations));
            assertThat(refused.place()).isEqualTo(2);
            assertThat(refused)
                    .hasMessage("the text has %d tokens, and tiny-qwen3 takes 150: shorten it".formatted(tokens));
        }
    }

    @Test
    void aConversationWithoutAMessageIsRefused() {
        try (DjlRewardModel model = load(Fixtures.folder("qwen3/onnx"))) {
            UnscorableText refused =
                    catchThrowableOfType(UnscorableText.class, () -> model.score(List.of(talk("one"), List.of())));
            assertThat(refused.place()).isEqualTo(1);
        }
    }

    @Test
    void aTextThatEndsInThePaddingTokenIsScoredAtTheTokenBefore() {
        try (DjlRewardModel model = load(Fixtures.folder("qwen3/onnx"))) {
            double[] scores = model.scoreTexts(List.of("rain on", "rain on<|pad|>", "rain on<|pad|><|pad|>"));
            assertThat(scores[1]).isCloseTo(scores[0], within(1e-5));
            assertThat(scores[2]).isCloseTo(scores[0], within(1e-5));
        }
    }

    @Test
    void anEncoderOfPairsTakesNoTexts() {
        try (DjlRewardModel model = load(Fixtures.folder("bert/onnx"))) {
            assertThatExceptionOfType(UnscorableText.class)
                    .isThrownBy(() -> model.scoreTexts(List.of("rain")))
                    .withMessageContaining("send messages, not a text");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen3", "llama"})
    void textsAreScoredAsTheConversationsWhoseTemplateTheyBear(String name) {
        try (DjlRewardModel model = load(Fixtures.folder(name + "/onnx"))) {
            String text = name.equals("llama")
                    ? "<|begin|>Today is 26 Jul 2024.\n<|start|>user\nrain<|end|><|start|>assistant\ntea<|end|>"
                    : "<|start|>user\nrain<|end|>\n<|start|>assistant\ntea<|end|>\n";
            List<Message> conversation = List.of(new Message("user", "rain"), new Message("assistant", "tea"));
            assertThat(model.scoreTexts(List.of(text))).containsExactly(model.score(List.of(conversation)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen3/onnx", "llama/onnx", "bert/onnx"})
    void tokensAreThoseOfTransformers(String name) {
        ModelFolder folder = ModelFolder.read(Fixtures.folder(name));
        try (RewardTokenizer tokenizer = RewardTokenizer.open(folder)) {
            for (Fixtures.Expected expected : Fixtures.expected(name.substring(0, name.indexOf('/')))) {
                assertThat(tokenizer.of(expected.messages()).ids()).hasSize(expected.tokens());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen3/onnx", "qwen3/torchscript", "bert/onnx"})
    void scoresAreTheSameBitsAgainAndInAnotherLoad(String name) {
        List<List<Message>> conversations = Fixtures.expected(name.substring(0, name.indexOf('/'))).stream()
                .map(Fixtures.Expected::messages)
                .toList();
        double[] first;
        try (DjlRewardModel model = load(Fixtures.folder(name))) {
            first = model.score(conversations);
            assertThat(model.score(conversations)).containsExactly(first);
        }
        try (DjlRewardModel model = DjlRewardModel.load(ModelFolder.read(Fixtures.folder(name)), Hardware.cpu(3))) {
            assertThat(model.score(conversations)).containsExactly(first);
        }
    }

    @Test
    void aScoreThatIsNoNumberIsBlamedOnItsTextAloneThoughOthersShareItsRow() throws IOException {
        ModelFolder whole = ModelFolder.read(Fixtures.folder("qwen3/onnx"));
        Set<Long> golden = whole.card().golden().stream()
                .flatMap(g -> Arrays.stream(tokens(whole, g.messages())).boxed())
                .collect(Collectors.toSet());
        long rare = Arrays.stream(tokens(whole, talk("\u00a7")))
                .filter(id -> !golden.contains(id))
                .findFirst()
                .orElseThrow();
        FolderCopy copy = FolderCopy.of("qwen3/onnx", parent);
        copy.announce("model.onnx", spoilToken(Files.readAllBytes(copy.path().resolve("model.onnx")), (int) rare));

        try (DjlRewardModel model = load(copy.path())) {
            List<Message> fine =
                    talk("all is well, and all the rest of what stands here is shared by both of the answers");
            List<Message> spoilt = List.of(fine.getFirst(), new Message("assistant", "\u00a7"));
            double[] alone = model.score(List.of(fine));
            for (List<List<Message>> both : List.of(List.of(fine, spoilt), List.of(fine, fine, spoilt))) {
                UnscorableText refused = catchThrowableOfType(UnscorableText.class, () -> model.score(both));
                assertThat(refused.place()).isEqualTo(both.size() - 1);
                assertThat(refused).hasMessage("tiny-qwen3 gives this text the score NaN");
            }
            assertThat(model.score(List.of(fine))).containsExactly(alone);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen3/onnx", "qwen3/torchscript"})
    void closingWaitsForCallsUnderWayAndRefusesThoseAfter(String name) throws Exception {
        List<List<Message>> conversations = Fixtures.expected("qwen3").stream()
                .map(Fixtures.Expected::messages)
                .toList();
        DjlRewardModel model = load(Fixtures.folder(name));
        double[] expected = model.score(conversations);
        CountDownLatch started = new CountDownLatch(3);
        try (ExecutorService callers = Executors.newFixedThreadPool(3)) {
            List<Future<Integer>> calls = IntStream.range(0, 3)
                    .mapToObj(i -> callers.submit(() -> {
                        for (int scored = 0; ; scored++) {
                            started.countDown();
                            try {
                                assertThat(model.score(conversations)).containsExactly(expected);
                            } catch (IllegalStateException e) {
                                assertThat(e).hasMessage("the reward model is closed");
                                return scored;
                            }
                        }
                    }))
                    .toList();
            started.await();
            model.close();
            for (Future<Integer> call : calls) {
                assertThat(call.get()).isNotNegative();
            }
        }
        model.close(); // again, to no effect
    }

    @Test
    void anInterruptedCallerLeavesAModelThatScoresAndCloses() {
        List<List<Message>> conversations = Fixtures.expected("qwen3").stream()
                .map(Fixtures.Expected::messages)
                .toList();
        try (DjlRewardModel model = load(Fixtures.folder("qwen3/onnx"))) {
            double[] expected = model.score(conversations);
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> model.score(conversations))
                    .withMessage("interrupted while scoring");
            assertThat(Thread.interrupted()).isTrue();
            assertThat(model.score(conversations)).containsExactly(expected);
        }
    }

    private static DjlRewardModel load(Path folder) {
        return DjlRewardModel.load(ModelFolder.read(folder), Hardware.cpu(2));
    }

    private static ThrowableAssertAlternative<ModelRefused> refused(FolderCopy copy) {
        return assertThatExceptionOfType(ModelRefused.class).isThrownBy(() -> load(copy.path()));
    }

    private static List<Message> talk(String text) {
        return List.of(new Message("user", text), new Message("assistant", text));
    }

    private static long[] tokens(ModelFolder folder, List<Message> conversation) {
        try (RewardTokenizer tokenizer = RewardTokenizer.open(folder)) {
            return tokenizer.of(conversation).ids();
        }
    }

    /** Moves the third golden score. */
    private static void move(ObjectNode card, double by) {
        ObjectNode golden = (ObjectNode) card.withArray("golden").get(2);
        golden.put("score", golden.get("score").asDouble() + by);
    }

    /** Puts NaN into a token's embedding. In ONNX a tensor's name stands right before its tag 0x4a, length and values. */
    private static byte[] spoilToken(byte[] graph, int token) {
        byte[] name = "backbone.embed_tokens.weightJ".getBytes(StandardCharsets.US_ASCII);
        int at = IntStream.range(0, graph.length - name.length)
                .filter(i -> Arrays.equals(graph, i, i + name.length, name, 0, name.length))
                .findFirst()
                .orElseThrow();
        at += name.length;
        while (graph[at] < 0) {
            at++; // the length, seven bits a byte
        }
        ByteBuffer.wrap(graph).order(ByteOrder.LITTLE_ENDIAN).putFloat(at + 1 + token * 32 * Float.BYTES, Float.NaN);
        return graph;
    }
}
