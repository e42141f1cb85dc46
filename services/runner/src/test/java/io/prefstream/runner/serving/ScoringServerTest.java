package io.prefstream.runner.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prefstream.kit.config.UserError;
import io.prefstream.runner.models.ServedModels;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scoring by HTTP over a real socket. */
class ScoringServerTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BEST = FakeScorer.idOf(1);
    private static final String TALK =
            "[{\"role\":\"user\",\"content\":\"Q\"},{\"role\":\"assistant\",\"content\":\"%s\"}]";

    private final ServedModels models = new ServedModels(ServedModels.BEST);
    private final ScoringServer server =
            ScoringServer.start(models, ScoringQueue.Limits.STANDARD, "127.0.0.1", 0, null, null);
    private final HttpClient http = HttpClient.newHttpClient();

    ScoringServerTest() {
        models.serve("best", new FakeScorer(1));
        models.serve("gold", new FakeScorer(2));
    }

    @AfterEach
    void close() {
        server.close();
        models.close();
    }

    @Test
    void speaksSglangsClassify() throws Exception {
        HttpResponse<String> answer = post("/classify", "{\"model\":\"owner/name\",\"text\":[\"abc\",\"abcd\"]}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue(ScoringServer.MODEL)).contains(BEST);
        JsonNode json = JSON.readTree(answer.body());
        assertThat(json).hasSize(2);
        assertThat(json.at("/0/embedding/0").asDouble()).isEqualTo(1003.5);
        assertThat(json.at("/1/embedding/0").asDouble()).isEqualTo(1004.5);
        assertThat(json.at("/0/meta_info/model").asText()).isEqualTo(BEST);
        assertThat(json.at("/0/meta_info/trusted").asBoolean()).isTrue();
        JsonNode one = JSON.readTree(post("/classify", "{\"text\":\"abc\"}").body());
        assertThat(one.at("/embedding/0").asDouble()).isEqualTo(1003.5);
    }

    @Test
    void speaksVllmsClassify() throws Exception {
        JsonNode json = JSON.readTree(post("/classify", "{\"model\":\"a/b\",\"input\":\"abc\",\"activation\":false}")
                .body());

        assertThat(json.at("/object").asText()).isEqualTo("list");
        assertThat(json.at("/model").asText()).isEqualTo(BEST);
        assertThat(json.at("/data")).hasSize(1);
        assertThat(json.at("/data/0/probs")).hasSize(1);
        assertThat(json.at("/data/0/probs/0").asDouble()).isEqualTo(1003.5);
        assertThat(json.at("/data/0/num_classes").asInt()).isEqualTo(1);
        assertThat(json.at("/data/0/label").isNull()).isTrue();
        assertThat(json.at("/usage/prompt_tokens").asInt(-1)).isZero();
        JsonNode embedding =
                JSON.readTree(post("/v1/embeddings", "{\"input\":[\"abc\"]}").body());
        assertThat(embedding.at("/data/0/embedding/0").asDouble()).isEqualTo(1003.5);
    }

    @Test
    void speaksOpenRlhfsRemoteRewardModel() throws Exception {
        JsonNode json = JSON.readTree(post(
                        "/get_reward",
                        "{\"query\":[\"Q\\nabc</s>\",\"Q\\n" + "great ".repeat(30)
                                + "\"],\"prompts\":[\"Q\\n\",\"Q\\n\"],\"labels\":[null,null]}")
                .body());

        assertThat(json.at("/rewards")).hasSize(2);
        assertThat(json.at("/rewards/0").asDouble()).isEqualTo(1009.5);
        assertThat(json.at("/scores")).isEqualTo(json.at("/rewards"));
        assertThat(json.at("/extra_logs/trusted/0").asDouble()).isEqualTo(1);
        assertThat(json.at("/extra_logs/trusted/1").asDouble(1)).isZero();
        assertThat(json.at("/extra_logs"))
                .as("the trainer makes tensors of all of it")
                .hasSize(1);
        assertThat(json.at("/why/1").asText()).startsWith("repetition");
        assertThat(json.at("/model").asText()).isEqualTo(BEST);
    }

    @Test
    void speaksLlamaFactorysScores() throws Exception {
        JsonNode json = JSON.readTree(
                post("/v1/score/evaluation", "{\"model\":\"model\",\"messages\":[\"abc\",\"abcd\"],\"max_length\":9}")
                        .body());

        assertThat(json.at("/object").asText()).isEqualTo("score.evaluation");
        assertThat(json.at("/scores/1").asDouble()).isEqualTo(1004.5);
    }

    @ParameterizedTest
    @CsvSource({"/classify,text", "/classify,input", "/classify,messages", "/get_reward,query", "/get_reward,messages"})
    void takesMessagesInPlaceOfText(String path, String field) throws Exception {
        String two = "[" + TALK.formatted("abc") + "," + TALK.formatted("abcde") + "]";
        HttpResponse<String> many = post(path, "{\"" + field + "\":" + two + "}");
        HttpResponse<String> one = post(path, "{\"" + field + "\":" + TALK.formatted("abc") + "}");

        assertThat(many.statusCode()).isEqualTo(200);
        assertThat(many.body()).contains("1003.5").contains("1005.5");
        assertThat(one.body()).contains("1003.5").doesNotContain("1005.5");
    }

    @Test
    void scoresByTheModelThatIsAskedFor() throws Exception {
        assertThat(post("/classify", "{\"text\":\"abc\",\"model\":\"gold\"}").body())
                .contains("2003.5");
        assertThat(post("/classify", "{\"text\":\"abc\",\"model\":\"" + BEST + "\"}")
                        .body())
                .contains("1003.5");
        HttpResponse<String> unknown = post("/classify", "{\"text\":\"abc\",\"model\":\"glod\"}");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("best, gold");
    }

    @Test
    void saysWhoServes() throws Exception {
        assertThat(get("/health").body()).contains("UP").contains(BEST);
        JsonNode list = JSON.readTree(get("/v1/models").body());
        assertThat(list.at("/data/0/role").asText()).isEqualTo("best");
        assertThat(list.at("/data/0/id").asText()).isEqualTo(BEST);
        assertThat(list.at("/data/1/role").asText()).isEqualTo("gold");
        assertThat(JSON.readTree(get("/get_model_info").body())
                        .at("/model_path")
                        .asText())
                .isEqualTo(BEST);
    }

    @Test
    void isNotReadyBeforeAModelIsThere() throws Exception {
        try (ScoringServer empty = ScoringServer.start(
                new ServedModels("best"), ScoringQueue.Limits.STANDARD, "127.0.0.1", 0, null, null)) {
            HttpResponse<String> answer = http.send(
                    request(empty, "/classify")
                            .POST(BodyPublishers.ofString("{\"text\":\"a\"}"))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            assertThat(http.send(request(empty, "/health").GET().build(), BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(503);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"text":                                      | 400 |             | not valid JSON
            []                                            | 400 |             | a row must be a JSON object
            {}                                            | 400 | text        | send what is to be scored in text or input or messages
            {"text":5}                                    | 400 | text        | must be text, a list of texts
            {"text":[]}                                   | 400 | text        | holds nothing
            {"text":["a",[]]}                             | 400 | text[1]     | must end with the assistant's turn
            {"text":["a",5]}                              | 400 | text[1]     | must be a list of messages, got a number
            {"text":[[{"role":"user","content":"a"}]]}    | 400 | text[0]     | must end with the assistant's turn
            {"text":[[{"role":"robot","content":"a"}]]}   | 400 | text[0][0].role | write system, user, assistant or tool
            {"text":"a","text":"b"}                       | 400 | text        | there twice
            {"text":"a","model":7}                        | 400 | model       | best, gold or a checkpoint id
            {"input":"a","activation":true}               | 400 | activation  | raw logits
            {"input":"a","use_activation":true}           | 400 | use_activation | raw logits
            {"text":["fine","is too long"]}               | 400 | text[1]     | at most 8 are taken
            {"text":"gives no number"}                    | 400 | text        | is no number
            """)
    void namesTheFieldAndTheCure(String body, int status, String field, String message) throws Exception {
        HttpResponse<String> answer = post("/classify", body);

        assertThat(answer.statusCode()).isEqualTo(status);
        JsonNode error = JSON.readTree(answer.body()).get("error");
        assertThat(error.get("param").asText(null)).isEqualTo(field);
        assertThat(error.get("message").asText()).contains(message);
    }

    @Test
    void refusesWhatIsNoRequestOfItsKind() throws Exception {
        assertThat(post("/nothing", "{}").statusCode()).isEqualTo(404);
        assertThat(get("/classify").statusCode()).isEqualTo(405);
        assertThat(http.send(
                                HttpRequest.newBuilder(URI.create(server.url() + "/classify"))
                                        .header("Content-Type", "text/plain")
                                        .POST(BodyPublishers.ofString("{\"text\":\"a\"}"))
                                        .build(),
                                BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(415);
        String deep = "{\"text\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}";
        assertThat(post("/classify", deep).statusCode()).isEqualTo(400);
        String large = "{\"text\":\"" + "x".repeat(ScoringServer.MAX_BODY) + "\"}";
        assertThat(post("/classify", large).statusCode()).isEqualTo(413);
        assertThat(http.send(
                                request(server, "/classify")
                                        .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(
                                                large.getBytes(StandardCharsets.UTF_8))))
                                        .build(),
                                BodyHandlers.ofString())
                        .statusCode())
                .as("a body that doesn't tell its length")
                .isEqualTo(413);
        String many = "{\"text\":[" + "\"a\",".repeat(ScoringRequest.MAX_ITEMS) + "\"a\"]}";
        assertThat(post("/classify", many).statusCode()).isEqualTo(413);
    }

    @Test
    void aBodyThatEndsEarlyGetsNoScore() throws Exception {
        try (Socket socket = new Socket(
                java.net.InetAddress.getLoopbackAddress(),
                URI.create(server.url()).getPort())) {
            socket.getOutputStream()
                    .write(("POST /classify HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                                    + "Content-Length: 1000\r\n\r\n{\"text\":\"abc\"}")
                            .getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .doesNotContain("200 OK");
        }
    }

    @Test
    void asksForTheTokenAndForOneWhereOthersCanReachIt() throws Exception {
        try (ScoringServer guarded =
                ScoringServer.start(models, ScoringQueue.Limits.STANDARD, "127.0.0.1", 0, "secret", null)) {
            HttpRequest.Builder request =
                    request(guarded, "/classify").POST(BodyPublishers.ofString("{\"text\":\"abc\"}"));

            assertThat(http.send(request.build(), BodyHandlers.ofString()).statusCode())
                    .isEqualTo(401);
            assertThat(http.send(
                                    request.header("Authorization", "Bearer secret")
                                            .build(),
                                    BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThatThrownBy(() -> ScoringServer.start(models, ScoringQueue.Limits.STANDARD, "0.0.0.0", 0, null, null))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("PREFSTREAM_SCORE_TOKEN");
    }

    @Test
    void anAnswerThatIsNotTrustedGetsTheScoreThatTheOperatorSet() throws Exception {
        try (ScoringServer strict =
                ScoringServer.start(models, ScoringQueue.Limits.STANDARD, "127.0.0.1", 0, null, -7.0)) {
            HttpResponse<String> answer = http.send(
                    request(strict, "/get_reward")
                            .POST(BodyPublishers.ofString("{\"query\":[\"abc\",\"" + "great ".repeat(30) + "\"]}"))
                            .build(),
                    BodyHandlers.ofString());

            assertThat(JSON.readTree(answer.body()).get("rewards").toString()).isEqualTo("[1003.5,-7.0]");
        }
    }

    @Test
    void oneRequestsFaultIsNotAnothers() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        models.serve("slow", new FakeScorer(3, gate));
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (String text : List.of("first", "good", "is too long", "will break", "no number", "better")) {
            answers.add(http.sendAsync(
                    request(server, "/classify")
                            .POST(BodyPublishers.ofString("{\"model\":\"slow\",\"text\":\"" + text + "\"}"))
                            .build(),
                    BodyHandlers.ofString()));
        }
        gate.countDown();

        assertThat(answers.stream().map(answer -> answer.join().statusCode()))
                .containsExactly(200, 200, 400, 503, 400, 200);
        assertThat(answers.getLast().join().body()).contains("3006.5");
    }

    @Test
    void turnsAwayWhatTheQueueHasNoRoomFor() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        FakeScorer slow = new FakeScorer(4, gate);
        ServedModels one = new ServedModels("best");
        one.serve("best", slow);
        try (ScoringServer small =
                ScoringServer.start(one, new ScoringQueue.Limits(2, 1000, 3, 1), "127.0.0.1", 0, null, null)) {
            List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 8)
                    .mapToObj(i -> http.sendAsync(
                            request(small, "/classify")
                                    .POST(BodyPublishers.ofString("{\"text\":\"abc\"}"))
                                    .build(),
                            BodyHandlers.ofString()))
                    .toList();
            HttpResponse<?> away =
                    (HttpResponse<?>) CompletableFuture.anyOf(answers.toArray(new CompletableFuture<?>[0]))
                            .join();
            gate.countDown();

            assertThat(away.statusCode())
                    .as("none is scored before the gate opens")
                    .isEqualTo(503);
            assertThat(away.headers().firstValue("Retry-After")).isPresent();
            assertThat(answers)
                    .allMatch(answer -> List.of(200, 503).contains(answer.join().statusCode()));
        }
        one.close();
        assertThat(slow.closed()).isTrue();
    }

    @Test
    void theQueueHoldsNoMoreThanItMay() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        models.serve("slow", new FakeScorer(6, gate));
        ScoringQueue queue = new ScoringQueue(models, new ScoringQueue.Limits(2, 1000, 3, 1));
        List<CompletableFuture<Scored>> taken = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            queue.submit(Items.ofTexts(List.of("abc")), "slow").ifPresent(taken::add);
        }
        gate.countDown();

        assertThat(taken).as("two wait, and one may be at work").hasSizeBetween(2, 3);
        for (CompletableFuture<Scored> one : taken) {
            assertThat(one.get()).isInstanceOf(Scored.By.class);
        }
        queue.close();
    }

    @Test
    void waitingRequestsAreScoredTogether() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        FakeScorer slow = new FakeScorer(5, gate);
        models.serve("slow", slow);
        ScoringQueue queue = new ScoringQueue(models, ScoringQueue.Limits.STANDARD);
        List<CompletableFuture<Scored>> outcomes = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            outcomes.add(queue.submit(Items.ofTexts(List.of("x".repeat(i + 1))), i % 2 == 0 ? "slow" : slow.id())
                    .orElseThrow());
        }
        gate.countDown();
        for (int i = 0; i < 50; i++) {
            assertThat(((Scored.By) outcomes.get(i).get()).scores()).containsExactly(5001.5 + i);
        }
        queue.close();

        assertThat(slow.calls()).isLessThan(50);
    }

    @Test
    void noResponseMixesModelsWhileTheyAreSwapped() throws Exception {
        int requests = 1000;
        int swaps = 100;
        List<FakeScorer> served = new ArrayList<>();
        AtomicInteger next = new AtomicInteger();
        try (ExecutorService clients = Executors.newFixedThreadPool(32)) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                answers.add(clients.submit(client(i, next, requests, swaps, served)));
            }
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isEqualTo(200);
            }
        }

        server.close(); // the last batch lets go of its model after it has answered
        assertThat(served).hasSize(swaps);
        assertThat(served.subList(0, swaps - 1)).allMatch(FakeScorer::closed);
        assertThat(served.getLast().closed()).isFalse();
    }

    /** Sends a request of three answers, and swaps the model before every tenth. */
    private Callable<Integer> client(int i, AtomicInteger next, int requests, int swaps, List<FakeScorer> served) {
        return () -> {
            if (i % (requests / swaps) == 0) {
                FakeScorer scorer = new FakeScorer(100 + next.incrementAndGet());
                synchronized (served) { // the last that is added is the last that is served
                    models.serve("best", scorer);
                    served.add(scorer);
                }
            }
            HttpResponse<String> answer =
                    post("/classify", "{\"text\":[\"" + "a".repeat(1 + i % 7) + "\",\"b\",\"cc\"]}");
            String id = answer.headers().firstValue(ScoringServer.MODEL).orElseThrow();
            int number = Integer.parseInt(id, 16);
            JsonNode json = JSON.readTree(answer.body());
            assertThat(json).hasSize(3);
            assertThat(json.at("/0/embedding/0").asDouble()).isEqualTo(number * 1000 + 1 + i % 7 + 0.5);
            assertThat(json.at("/1/embedding/0").asDouble()).isEqualTo(number * 1000 + 1.5);
            assertThat(json.at("/2/embedding/0").asDouble()).isEqualTo(number * 1000 + 2.5);
            assertThat(json.at("/2/meta_info/model").asText()).isEqualTo(id);
            return answer.statusCode();
        };
    }

    private static HttpRequest.Builder request(ScoringServer server, String path) {
        return HttpRequest.newBuilder(URI.create(server.url() + path)).header("Content-Type", "application/json");
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return http.send(
                request(server, path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(request(server, path).GET().build(), BodyHandlers.ofString());
    }
}
