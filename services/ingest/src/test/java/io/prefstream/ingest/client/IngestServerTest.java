package io.prefstream.ingest.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prefstream.kit.config.UserError;
import io.prefstream.wire.Conversation;
import io.prefstream.wire.PairIn;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** HTTP ingest over a real socket. */
class IngestServerTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String GOOD =
            "{\"id\":\"r-1\",\"prompt\":\"Is 91 prime?\",\"chosen\":\"No.\",\"rejected\":\"Yes.\"}";

    private final MemoryDoor door = new MemoryDoor();
    private final IngestServer server = IngestServer.start("127.0.0.1", 0, door, null);
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void answersEveryLineAndSendsWhatItAccepted() throws Exception {
        String unnamed = GOOD.replace("\"id\":\"r-1\",", "").replace("91", "93");
        HttpResponse<String> answer = post(
                "/v1/pairs",
                GOOD + "\n\n{\"id\":\"r-2\",\"prompt\":\"Q\",\"chosen\":\"\",\"rejected\":\"B\"}\nno\n" + unnamed);

        assertThat(answer.statusCode()).isEqualTo(200);
        List<JsonNode> lines = lines(answer);
        assertThat(lines.stream()
                        .map(line ->
                                line.get("line").asInt() + line.get("status").asText()))
                .containsExactly("1accepted", "3refused", "4refused", "5accepted");
        assertThat(lines.get(1).get("id").asText()).isEqualTo("r-2");
        assertThat(lines.get(1).get("rule").asText()).isEqualTo("empty-answer");
        assertThat(lines.get(1).get("field").asText()).isEqualTo("chosen");
        assertThat(lines.get(2).get("rule").asText()).isEqualTo("not-json");
        assertThat(door.sent()).extracting(MemoryDoor.Sent::topic).containsExactly("pairs-in", "pairs-in");
        PairIn last = (PairIn) door.sent().get(1).value();
        assertThat(last.getSourceId())
                .isEqualTo(lines.get(3).get("id").asText())
                .isEqualTo(lines.get(3).get("pair_ids").get(0).asText());
    }

    @Test
    void aLineThatIsPostedAgainIsTheSameRow() throws Exception {
        post("/v1/pairs", GOOD);
        post("/v1/pairs", "no\n" + GOOD);

        assertThat(door.sent()).hasSize(2);
        assertThat(door.sent().get(1)).isEqualTo(door.sent().get(0));
    }

    @Test
    void takesConversationsPackedWithGzip() throws Exception {
        String line = "{\"id\":\"c-1\",\"messages\":[{\"role\":\"user\",\"content\":\"Q\"},"
                + "{\"role\":\"assistant\",\"content\":\"B\",\"regenerations\":[\"A\"]}]}\n";
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(line.getBytes(StandardCharsets.UTF_8));
        }

        HttpResponse<String> answer = http.send(
                request("/v1/conversations")
                        .header("Content-Encoding", "gzip")
                        .POST(BodyPublishers.ofByteArray(packed.toByteArray()))
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(door.sent()).singleElement().satisfies(sent -> {
            assertThat(sent.topic()).isEqualTo("conversations-in");
            assertThat(sent.key()).isEqualTo("c-1");
            assertThat(((Conversation) sent.value()).getFile()).isEqualTo("http");
        });
    }

    @Test
    void saysNothingOf2xxWhenTheBrokerFails() throws Exception {
        door.failWith(new IOException("no leader"));

        HttpResponse<String> answer = post("/v1/pairs", GOOD);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(answer.body()).doesNotContain("accepted").doesNotContain("no leader");
    }

    @Test
    void refusesWhatIsNoRequestOfItsKind() throws Exception {
        assertThat(post("/v1/pairs", "").statusCode()).isEqualTo(400);
        assertThat(post("/v1/pairs", "no\n").statusCode()).isEqualTo(422);
        assertThat(post("/v2/pairs", GOOD).statusCode()).isEqualTo(404);
        assertThat(post("/v1/conversations", GOOD).statusCode()).isEqualTo(422);
        assertThat(http.send(request("/v1/pairs").GET().build(), BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(405);
        assertThat(http.send(
                                HttpRequest.newBuilder(URI.create(server.url() + "/v1/pairs"))
                                        .header("Content-Type", "text/plain")
                                        .POST(BodyPublishers.ofString(GOOD))
                                        .build(),
                                BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(415);
        assertThat(post("/v1/pairs", "\"\u0000\ud800").statusCode()).isEqualTo(422);
        assertThat(door.sent()).isEmpty();
    }

    @Test
    void refusesABodyThatIsTooLargeAnnouncedOrNot() throws Exception {
        byte[] blank = new byte[1 << 20];
        java.util.Arrays.fill(blank, (byte) '\n');
        InputStream endless = new ByteArrayInputStream(blank) {
            private int rounds;

            @Override
            public synchronized int read(byte[] to, int at, int n) {
                int got = super.read(to, at, n);
                if (got < 0 && rounds++ < 65) {
                    reset();
                    return super.read(to, at, n);
                }
                return got;
            }
        };
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            for (int i = 0; i < 66; i++) {
                gzip.write(blank);
            }
        }

        HttpResponse<String> bomb = http.send(
                request("/v1/pairs")
                        .header("Content-Encoding", "gzip")
                        .POST(BodyPublishers.ofByteArray(packed.toByteArray()))
                        .build(),
                BodyHandlers.ofString());
        HttpResponse<String> announced = http.send(
                request("/v1/pairs")
                        .POST(BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> endless), 66L << 20))
                        .build(),
                BodyHandlers.ofString());

        assertThat(bomb.statusCode()).isEqualTo(413);
        assertThat(announced.statusCode()).isEqualTo(413);
    }

    @Test
    void aBodyThatEndsEarlyGetsNo2xx() throws Exception {
        try (Socket socket = new Socket(
                java.net.InetAddress.getLoopbackAddress(),
                URI.create(server.url()).getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /v1/pairs HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-ndjson\r\n"
                            + "Content-Length: 1000\r\n\r\n" + GOOD)
                    .getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .doesNotContain("200 OK");
        }
    }

    @Test
    void asksForTheTokenAndForOneWhereOthersCanReachIt() throws Exception {
        try (IngestServer guarded = IngestServer.start("127.0.0.1", 0, door, "secret")) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(guarded.url() + "/v1/pairs"))
                    .header("Content-Type", "application/x-ndjson")
                    .POST(BodyPublishers.ofString(GOOD));

            assertThat(http.send(request.build(), BodyHandlers.ofString()).statusCode())
                    .isEqualTo(401);
            assertThat(http.send(
                                    request.header("Authorization", "Bearer secret")
                                            .build(),
                                    BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThatThrownBy(() -> IngestServer.start("0.0.0.0", 0, door, null))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("PREFSTREAM_INGEST_TOKEN");
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.url() + path)).header("Content-Type", "application/x-ndjson");
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return http.send(request(path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    private static List<JsonNode> lines(HttpResponse<String> answer) throws IOException {
        var lines = new java.util.ArrayList<JsonNode>();
        for (String line : answer.body().lines().toList()) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }
}
