package io.prefstream.kit.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The contract over our client, against a registry that isn't ours: Apicurio's, which the profile it-registry fetches. */
@EnabledIfSystemProperty(named = "apicurio.home", matches = ".+", disabledReason = "run with -Pit-registry")
class ApicurioIT extends RegistryClientContract {

    private static final int START_SECONDS = 300;

    private static Process registry;
    private static String url;

    @BeforeAll
    static void start() throws Exception {
        Path home = Path.of(System.getProperty("apicurio.home"));
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        url = "http://127.0.0.1:" + port + "/apis/ccompat/v7";
        registry = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx512m",
                        "-Dquarkus.http.host=127.0.0.1",
                        "-Dquarkus.http.port=" + port,
                        "-jar",
                        home.resolve("quarkus-run.jar").toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("log.txt").toFile())
                .start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!answers()) {
            assertThat(registry.waitFor(200, TimeUnit.MILLISECONDS))
                    .as("ended; see " + home.resolve("log.txt"))
                    .isFalse();
            assertThat(System.nanoTime()).as("it takes too long to start").isLessThan(deadline);
        }
        assertThat(send("PUT", "/config", "{\"compatibility\": \"FULL_TRANSITIVE\"}"))
                .isEqualTo(200);
    }

    @AfterAll
    static void stop() {
        registry.destroy();
    }

    @Override
    String url() {
        return url;
    }

    @Override
    RegistryClient client(Map<String, String> settings) {
        return new HttpRegistryClient(settings);
    }

    private static boolean answers() throws InterruptedException {
        try {
            return send("GET", "/subjects", "") == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static int send(String method, String path, String body) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create(url + path))
                                    .header("Content-Type", "application/json")
                                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
