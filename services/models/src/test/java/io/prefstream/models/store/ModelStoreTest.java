package io.prefstream.models.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.prefstream.models.reward.ModelFolder;
import io.prefstream.models.reward.ModelRefused;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the store fetches, from where, and what it makes of servers that break, lie or lag. */
class ModelStoreTest {

    private static final Duration SILENCE = Duration.ofSeconds(20);
    private static final StoreSettings.Key KEY = new StoreSettings.Key("KEYID", "very-secret", null);

    @TempDir
    private Path temp;

    private Path origin;
    private Path cache;
    private String id;

    @BeforeEach
    void aModelLiesSomewhere() throws Exception {
        origin = temp.resolve("models/rm");
        cache = temp.resolve("cache");
        copy("qwen3/onnx");
    }

    private void copy(String fixture) throws Exception {
        Path from = Path.of(Objects.requireNonNull(ModelStoreTest.class.getResource("/reward/" + fixture))
                .toURI());
        Files.createDirectories(origin);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, origin.resolve(String.valueOf(file.getFileName())));
            }
        }
        id = ModelFolder.read(origin).id();
    }

    private ModelStore store(String... allowed) {
        return store(SILENCE, allowed);
    }

    private ModelStore store(Duration silence, String... allowed) {
        return new ModelStore(new StoreSettings(
                cache,
                Stream.of(allowed).map(ModelUri::of).toList(),
                null,
                "us-east-1",
                KEY,
                silence,
                Duration.ofMillis(1),
                3));
    }

    private void isWhole(ModelFolder model) throws IOException {
        assertThat(model.id()).isEqualTo(id);
        assertThat(model.path()).isEqualTo(cache.resolve(id));
        model.verify();
        try (Stream<Path> files = Files.list(cache)) {
            assertThat(files.map(file -> String.valueOf(file.getFileName()))).containsOnly(id, "." + id + ".lock");
        }
    }

    @Test
    void whatAPersonNamesIsCachedAndThenHandedOutToAnnouncements() throws Exception {
        isWhole(store().fetchGiven(origin.toString(), null));
        Files.delete(origin.resolve("model.onnx"));

        isWhole(store().fetch(origin.toUri().toString(), id));
    }

    @Test
    void anAnnouncedModelComesFromAllowedPlacesAlone() throws Exception {
        assertThatThrownBy(() -> store().fetch(origin.toString(), id))
                .isInstanceOf(ModelRefused.class)
                .hasMessageContaining(origin.toString())
                .hasMessageContaining("models.allowed is not set");
        assertThatThrownBy(() -> store(temp.resolve("mod").toString()).fetch(origin.toString(), id))
                .isInstanceOf(ModelRefused.class);
        assertThatThrownBy(() -> store().fetchGiven("http://127.0.0.1:1/rm", id))
                .isInstanceOf(ModelRefused.class)
                .hasMessageContaining("use https");

        isWhole(store(temp.resolve("models").toString()).fetch(origin.toString(), id));
    }

    @Test
    void linksDoNotLeadOutOfAnAllowedFolder() throws Exception {
        Path allowed = Files.createDirectories(temp.resolve("allowed"));
        Path link = Files.createSymbolicLink(allowed.resolve("rm"), origin);
        assertThatThrownBy(() -> store(allowed.toString()).fetch(link.toString(), id))
                .isInstanceOf(ModelRefused.class)
                .hasMessageContaining("is a link to " + origin.toRealPath());

        Path secret = Files.move(origin.resolve("model.onnx"), temp.resolve("secret"));
        Files.createSymbolicLink(origin.resolve("model.onnx"), secret);
        assertThatThrownBy(() -> store(origin.toString()).fetch(origin.toString(), id))
                .isInstanceOf(ModelRefused.class)
                .hasMessageContaining("links are not followed");
        assertThat(cache.resolve(id)).doesNotExist();
    }

    @Test
    void fetchesByHttpOnceForAllWhoAskAtOnce() throws Exception {
        try (FileServer server = new FileServer(origin);
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<ModelFolder>> asked = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                asked.add(threads.submit(() -> store(server.url()).fetch(server.url() + "models/rm", id)));
            }
            for (Future<ModelFolder> one : asked) {
                isWhole(one.get());
            }
            assertThat(server.asked())
                    .doesNotHaveDuplicates()
                    .hasSize(5)
                    .first()
                    .isEqualTo("/models/rm/reward-model.json");
        }
    }

    @Test
    void goesOnWhereABodyBrokeOff() throws Exception {
        try (FileServer server = new FileServer(origin)) {
            server.next("model.onnx", (exchange, file) -> {
                exchange.sendResponseHeaders(200, file.length);
                exchange.getResponseBody().write(file, 0, 1000);
                exchange.getResponseBody().flush();
                exchange.close();
            });

            isWhole(store(server.url()).fetch(server.url(), id));
            assertThat(server.asked()).contains("/model.onnx", "/model.onnx bytes=1000-");
        }
    }

    @Test
    void beginsAgainWhenWhatLayThereWasDamagedOrCannotBeGoneOnFrom() throws Exception {
        try (FileServer server = new FileServer(origin)) {
            Path left = Files.createDirectories(cache.resolve(".fetching-" + id));
            Files.writeString(left.resolve("model.onnx"), "no part of it");
            Files.write(left.resolve("tokenizer.json"), Files.readAllBytes(origin.resolve("tokenizer.json")));
            Files.writeString(left.resolve("chat_template.jinja"), "x".repeat(10_000));
            Files.writeString(left.resolve("tokenizer_config.json"), "{");
            server.next("tokenizer_config.json", (exchange, file) -> FileServer.send(exchange, 200, file));

            isWhole(store(server.url()).fetch(server.url(), id));
            assertThat(server.asked())
                    .contains("/model.onnx bytes=13-", "/model.onnx")
                    .doesNotContain("/tokenizer.json");
        }
    }

    @Test
    void aModelThatIsNotThereYetIsNoRefusal() throws Exception {
        try (FileServer server = new FileServer(origin)) {
            ModelStore store = store(server.url());
            for (String file : List.of(ModelFolder.CARD, "model.onnx")) {
                server.next(file, (exchange, bytes) -> exchange.sendResponseHeaders(404, -1));
                assertThatThrownBy(() -> store.fetch(server.url(), id))
                        .isInstanceOf(ModelUnavailable.class)
                        .hasMessageContaining(server.url() + file + " is not there");
            }
            assertThatThrownBy(() ->
                            store(temp.toString()).fetch(temp.resolve("rm-2").toString(), id))
                    .isInstanceOf(ModelUnavailable.class);

            isWhole(store.fetch(server.url(), id));
        }
    }

    @Test
    void aServerThatFailsIsAskedAgainAndNotForEver() throws Exception {
        try (FileServer server = new FileServer(origin)) {
            server.next(ModelFolder.CARD, (exchange, file) -> exchange.sendResponseHeaders(503, -1));
            isWhole(store(server.url()).fetch(server.url(), id));

            CountDownLatch over = new CountDownLatch(1);
            server.next("tokenizer.json", (exchange, file) -> {
                try {
                    over.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            Files.delete(cache.resolve(id).resolve("tokenizer.json"));
            isWhole(store(Duration.ofMillis(300), server.url()).fetch(server.url(), id));
            over.countDown();
        }
        assertThatThrownBy(() -> store("http://127.0.0.1:1").fetch("http://127.0.0.1:1/rm", "0".repeat(64)))
                .isInstanceOf(ModelUnavailable.class)
                .hasMessageContaining("in 3 tries");
    }

    @Test
    void redirectsAreNotFollowed() throws Exception {
        try (FileServer server = new FileServer(origin)) {
            server.next("model.onnx", (exchange, file) -> {
                exchange.getResponseHeaders().set("Location", server.url() + "elsewhere/model.onnx");
                exchange.sendResponseHeaders(302, -1);
            });

            assertThatThrownBy(() -> store(server.url()).fetch(server.url(), id))
                    .isInstanceOf(ModelRefused.class)
                    .hasMessageContaining("HTTP 302")
                    .hasMessageContaining("elsewhere");
            assertThat(server.asked()).noneMatch(path -> path.contains("elsewhere"));
        }
    }

    @Test
    void whatIsNotWhatWasAnnouncedIsRefusedWithFigures() throws Exception {
        try (FileServer server = new FileServer(origin)) {
            ModelStore store = store(server.url());
            assertThatThrownBy(() -> store.fetch(server.url(), "a".repeat(64)))
                    .isInstanceOf(ModelRefused.class)
                    .hasMessageContaining(id)
                    .hasMessageContaining("a".repeat(64));
            server.next("model.onnx", (exchange, file) -> {
                file[5000] ^= 1;
                FileServer.send(exchange, 200, file);
            });
            assertThatThrownBy(() -> store.fetch(server.url(), id))
                    .isInstanceOf(ModelRefused.class)
                    .hasMessageContaining(server.url() + "model.onnx has the SHA-256 ")
                    .hasMessageContaining(ModelFolder.read(origin)
                            .card()
                            .files()
                            .get("model.onnx")
                            .sha256());
            server.next("model.onnx", FileServer::endless);
            assertThatThrownBy(() -> store.fetch(server.url(), id))
                    .isInstanceOf(ModelRefused.class)
                    .hasMessageContaining("larger than announced");
            server.next(ModelFolder.CARD, FileServer::endless);
            assertThatThrownBy(() -> store.fetch(server.url(), id))
                    .isInstanceOf(ModelRefused.class)
                    .hasMessageContaining("larger than 4 MiB");
            assertThatThrownBy(() -> store.fetch(server.url(), "../" + id))
                    .isInstanceOf(ModelRefused.class)
                    .hasMessageContaining("64 hex digits");
        }
        assertThat(cache.resolve(id)).doesNotExist();
        assertThat(cache.resolve(".fetching-" + id)).doesNotExist();
    }

    @Test
    void aCardCannotAskForOtherFilesNorMoreThanTheDiskHolds() throws Exception {
        for (String name : List.of("../../escaped", "/tmp/escaped", "sub/file", "other.bin")) {
            edit(card ->
                    ((ObjectNode) card.get("files")).set(name, card.get("files").get("model.onnx")));
            assertThatThrownBy(() -> store().fetchGiven(origin.toString(), id))
                    .isInstanceOf(ModelRefused.class)
                    .hasMessageContaining(origin.toString())
                    .hasMessageContaining(name);
            edit(card -> ((ObjectNode) card.get("files")).remove(name));
        }
        edit(card -> ((ObjectNode) card.get("files").get("model.onnx")).put("bytes", 1L << 60));
        assertThatThrownBy(() -> store().fetchGiven(origin.toString(), id))
                .isInstanceOf(ModelUnavailable.class)
                .hasMessageContaining("MiB are free");
        edit(card -> ((ObjectNode) card.get("files").get("model.onnx")).put("bytes", -1));
        assertThatThrownBy(() -> store().fetchGiven(origin.toString(), id)).isInstanceOf(ModelRefused.class);
    }

    @Test
    void picklesAreRefused() throws Exception {
        Files.delete(origin.resolve("model.onnx"));
        Files.delete(origin.resolve("chat_template.jinja"));
        Files.delete(origin.resolve("tokenizer.json"));
        Files.delete(origin.resolve("tokenizer_config.json"));
        Files.delete(origin.resolve(ModelFolder.CARD));
        copy("qwen3/torchscript");
        isWhole(store().fetchGiven(origin.toString(), id));

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("model/data.pkl"));
            zip.write(new byte[] {(byte) 0x80, 2, '.'});
        }
        Files.write(origin.resolve("model.pt"), bytes.toByteArray());
        edit(card -> ((ObjectNode) card.get("files").get("model.pt"))
                .put("bytes", bytes.size())
                .put("sha256", HexFormat.of().formatHex(Download.sha256().digest(bytes.toByteArray()))));

        assertThatThrownBy(() -> store().fetchGiven(origin.toString(), id))
                .isInstanceOf(ModelRefused.class)
                .hasMessageContaining("pickle");
        assertThat(cache.resolve(id)).doesNotExist();
    }

    @Test
    void aDamagedCacheIsMended() throws Exception {
        store().fetchGiven(origin.toString(), null);
        Files.writeString(cache.resolve(id).resolve("tokenizer.json"), "{}");

        isWhole(store(origin.toString()).fetch(origin.toString(), id));
    }

    @Test
    void fetchesFromAnS3CompatibleStoreByPathAndWithAKey() throws Exception {
        try (FileServer server = new FileServer(origin)) {
            ModelStore store = s3(server);
            server.next(ModelFolder.CARD, (exchange, file) -> s3Error(exchange, 404, "NoSuchKey"));
            assertThatThrownBy(() -> store.fetch("s3://bucket/rewards/rm", id))
                    .isInstanceOf(ModelUnavailable.class)
                    .hasMessageContaining("s3://bucket/rewards/rm/reward-model.json is not there");
            server.next(ModelFolder.CARD, (exchange, file) -> s3Error(exchange, 404, "NoSuchBucket"));
            assertThatThrownBy(() -> store.fetch("s3://bucket/rewards/rm", id))
                    .isInstanceOf(ModelRefused.class)
                    .hasMessageContaining("no bucket bucket");
            server.next(ModelFolder.CARD, (exchange, file) -> s3Error(exchange, 403, "AccessDenied"));
            assertThatThrownBy(() -> store.fetch("s3://bucket/rewards/rm", id))
                    .isInstanceOf(ModelRefused.class)
                    .hasMessageContaining("HTTP 403 AccessDenied")
                    .hasMessageContaining("AWS_ACCESS_KEY_ID")
                    .hasMessageNotContaining("very-secret");
            server.next(ModelFolder.CARD, (exchange, file) -> s3Error(exchange, 503, "SlowDown"));
            server.next("model.onnx", (exchange, file) -> {
                exchange.sendResponseHeaders(200, file.length);
                exchange.getResponseBody().write(file, 0, 1000);
                exchange.getResponseBody().flush();
                exchange.close();
            });

            isWhole(store.fetch("s3://bucket/rewards/rm", id));
            assertThat(server.asked())
                    .contains("/bucket/rewards/rm/reward-model.json", "/bucket/rewards/rm/model.onnx bytes=1000-");
            assertThat(server.authorizations())
                    .allMatch(header -> header.startsWith("AWS4-HMAC-SHA256 Credential=KEYID/")
                            && header.contains("/eu-central-1/s3/aws4_request"));
        }
    }

    private ModelStore s3(FileServer server) {
        return new ModelStore(new StoreSettings(
                cache,
                List.of(ModelUri.of("s3://bucket/rewards")),
                URI.create(server.url()),
                "eu-central-1",
                KEY,
                SILENCE,
                Duration.ofMillis(1),
                3));
    }

    private static void s3Error(HttpExchange exchange, int status, String code) throws IOException {
        FileServer.send(
                exchange,
                status,
                ("<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>no</Message></Error>")
                        .getBytes(StandardCharsets.UTF_8));
    }

    /** Changes the card of the model that lies there, and with it the model's id. */
    private void edit(Consumer<ObjectNode> change) throws IOException {
        ObjectMapper json = new ObjectMapper();
        Path file = origin.resolve(ModelFolder.CARD);
        ObjectNode card = (ObjectNode) json.readTree(file.toFile());
        change.accept(card);
        byte[] bytes = json.writeValueAsBytes(card);
        Files.write(file, bytes);
        id = HexFormat.of().formatHex(Download.sha256().digest(bytes));
    }
}
