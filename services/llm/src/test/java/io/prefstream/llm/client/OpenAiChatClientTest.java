package io.prefstream.llm.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.prefstream.core.judge.Judge;
import io.prefstream.kittest.FakeLlmServer;
import io.prefstream.kittest.FakeLlmServer.Fault;
import io.prefstream.kittest.FakeLlmServer.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenAiChatClientTest {

    private static final String SCHEMA = "{\"type\": \"object\"}";

    private final List<FakeLlmServer.Question> asked = new CopyOnWriteArrayList<>();
    private final FakeLlmServer server = FakeLlmServer.start(question -> {
        asked.add(question);
        if (question.model().equals("no-schemas") && !question.schema().isEmpty()) {
            throw new FakeLlmServer.Refusal(new Fault(400, null));
        }
        return "ready";
    });

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void asksWithIdAndSchema() throws Exception {
        ChatClient.Reply reply = ask("sage");

        assertThat(reply.text()).isEqualTo("ready");
        assertThat(reply.flaw()).isEmpty();
        assertThat(reply.inputTokens()).isEqualTo(100);
        assertThat(asked).singleElement().satisfies(question -> {
            assertThat(question.id()).isEqualTo("call-1");
            assertThat(question.schema()).contains("object");
        });
    }

    @Test
    void goesOnWithoutASchemaWhereTheEndpointTakesNone() throws Exception {
        try (ChatClient client = client("no-schemas")) {
            ChatClient.Question question = question("no-schemas");
            assertThat(client.ask(question).text()).isEqualTo("ready");
            assertThat(client.ask(question).text()).isEqualTo("ready");
        }
        assertThat(asked).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"LENGTH, cut off", "REFUSAL, refused"})
    void takesNoAnswerThatIsCutOffOrRefused(Kind kind, String flaw) throws Exception {
        server.fail(new Fault(kind));

        assertThat(ask("sage").flaw()).contains(flaw);
    }

    @ParameterizedTest
    @CsvSource({"BROKEN_BODY", "CUT"})
    void aBrokenAnswerMayBeAskedForAgain(Kind kind) {
        server.fail(new Fault(kind));

        ChatFailure failure = catchThrowableOfType(ChatFailure.class, () -> ask("sage"));
        assertThat(failure.kind()).isEqualTo(ChatFailure.Kind.FOR_NOW);
    }

    @ParameterizedTest
    @CsvSource({"429, BUSY", "500, FOR_NOW", "503, FOR_NOW", "400, QUESTION", "401, FOR_GOOD", "404, FOR_GOOD"})
    void tellsWhatAStatusMeansForOtherQuestions(int status, ChatFailure.Kind kind) {
        List<Fault> both = new ArrayList<>(List.of(new Fault(status, null), new Fault(status, null)));
        both.forEach(server::fail);

        assertThat(catchThrowableOfType(ChatFailure.class, () -> ask("sage")).kind())
                .isEqualTo(kind);
    }

    @Test
    void tellsABusyEndpointFromOneThatRefusesUsAfterManyCallsOnVirtualThreads() throws Exception {
        try (ChatClient client = client("sage");
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 3000; i++) {
                callers.submit(() -> client.ask(question("sage"))).get();
            }
            for (int i = 0; i < 40; i++) {
                server.fail(new Fault(401, null));
                assertThat(kind(callers, client)).isEqualTo(ChatFailure.Kind.FOR_GOOD);
            }
            server.fail(new Fault(429, "0"));
            assertThat(kind(callers, client)).isEqualTo(ChatFailure.Kind.BUSY);
            server.fail(new Fault(500, null));
            assertThat(kind(callers, client)).isEqualTo(ChatFailure.Kind.FOR_NOW);
        }
    }

    private static ChatFailure.Kind kind(ExecutorService callers, ChatClient client) throws Exception {
        return callers.submit(() -> catchThrowableOfType(ChatFailure.class, () -> client.ask(question("sage"))))
                .get()
                .kind();
    }

    @Test
    void readsRetryAfterInSecondsAndAsADate() {
        server.fail(new Fault(429, "7"));
        assertThat(catchThrowableOfType(ChatFailure.class, () -> ask("sage")).retryAfter())
                .isEqualTo(Duration.ofSeconds(7));

        server.fail(new Fault(429, "Wed, 21 Oct 2015 07:28:00 GMT"));
        assertThat(catchThrowableOfType(ChatFailure.class, () -> ask("sage")).retryAfter())
                .isZero();
    }

    private ChatClient.Reply ask(String model) throws ChatFailure {
        try (ChatClient client = client(model)) {
            return client.ask(question(model));
        }
    }

    private ChatClient client(String model) {
        return new OpenAiChatClient(
                Judge.all(Map.of("judge.url", server.url(), "judge.model", model, "judge.timeout", "5"))
                        .getFirst(),
                "");
    }

    private static ChatClient.Question question(String model) {
        return new ChatClient.Question("call-1", model, "Be brief.", "Are you ready?", SCHEMA);
    }
}
