package io.prefstream.llm.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.core.judge.Judge;
import io.prefstream.kittest.FakeBatches;
import io.prefstream.kittest.FakeLlmServer;
import io.prefstream.llm.client.ChatClient;
import io.prefstream.llm.client.OpenAiBatchClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BatchEndpointTest {

    private final FakeLlmServer server = FakeLlmServer.start(question -> "answer to " + question.user());
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Boolean> book = new ConcurrentHashMap<>();
    private final AtomicInteger begun = new AtomicInteger();

    @AfterEach
    void close() {
        callers.shutdownNow();
        server.close();
    }

    @Test
    void asksInOneBatchAndWritesItDown() throws Exception {
        try (BatchEndpoint endpoint = endpoint(Map.of())) {
            List<Future<Respondent.Answered>> answers = ask(endpoint, 6);

            for (int i = 0; i < 6; i++) {
                assertThat(answers.get(i).get().reply().text()).isEqualTo("answer to q" + i);
            }
        }
        assertThat(begun).hasValue(6);
        assertThat(server.batches().submitted())
                .singleElement()
                .satisfies(ids -> assertThat(ids).containsExactlyInAnyOrder("id0", "id1", "id2", "id3", "id4", "id5"));
        assertThat(book.values()).containsExactly(false);
    }

    @ParameterizedTest
    @EnumSource
    void givesAgainOnlyWhatABatchLeftUnanswered(FakeBatches.Fate fate) throws Exception {
        server.batches().next(fate);
        try (BatchEndpoint endpoint = endpoint(Map.of())) {
            for (Future<Respondent.Answered> answer : ask(endpoint, 6)) {
                assertThat(answer.get().reply().text()).startsWith("answer to q");
            }
        }
        List<List<String>> batches = server.batches().submitted();
        assertThat(batches.getFirst()).hasSize(6);
        assertThat(batches.subList(1, batches.size()).stream()
                        .mapToInt(List::size)
                        .sum())
                .isEqualTo(3);
        assertThat(server.paid().values()).containsOnly(1);
    }

    @Test
    void fetchesABatchFromBeforeInsteadOfAskingAgain() throws Exception {
        Judge judge = judge();
        List<ChatClient.Question> questions = List.of(question(0), question(1));
        String batch;
        try (OpenAiBatchClient client = new OpenAiBatchClient(judge, "")) {
            batch = client.submit(questions);
        }
        try (BatchEndpoint endpoint = endpoint(Map.of(batch, List.of("id0", "id1")))) {
            for (Future<Respondent.Answered> answer : ask(endpoint, 2)) {
                assertThat(answer.get().reply().text()).startsWith("answer to q");
            }
        }
        assertThat(server.batches().submitted()).hasSize(1);
        assertThat(server.paid().values()).containsOnly(1);
        assertThat(begun).hasValue(0);
    }

    private List<Future<Respondent.Answered>> ask(BatchEndpoint endpoint, int n) {
        List<Future<Respondent.Answered>> answers = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            ChatClient.Question question = question(i);
            answers.add(callers.submit(() -> endpoint.ask(question, begun::incrementAndGet)));
        }
        return answers;
    }

    private BatchEndpoint endpoint(Map<String, List<String>> open) {
        Judge judge = judge();
        return new BatchEndpoint(
                judge,
                new OpenAiBatchClient(judge, ""),
                (id, calls, isOpen) -> book.put(id, isOpen),
                new BatchEndpoint.Pace(Duration.ofMillis(200), Duration.ofMillis(20)),
                open);
    }

    private Judge judge() {
        return Judge.all(Map.of("judge.url", server.url(), "judge.model", "sage", "judge.batch", "true"))
                .getFirst();
    }

    private static ChatClient.Question question(int i) {
        return new ChatClient.Question("id" + i, "sage", "s", "q" + i, "{\"type\": \"object\"}");
    }
}
