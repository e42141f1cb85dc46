package io.prefstream.kit.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prefstream.wire.Budget;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the registry keeps, and our serde over it; what clients may ask of it stands in the contracts. */
class RegistryTest {

    private static final Schema ONE = RegistryClientContract.ONE;
    private static final Schema WITH_DEFAULT = RegistryClientContract.WITH_DEFAULT;

    private final MemoryLog log = new MemoryLog();
    private SchemaRegistryServer server;
    private HttpRegistryClient client;

    @BeforeEach
    void start() throws Exception {
        server = SchemaRegistryServer.start(log, 0);
        client = new HttpRegistryClient(Map.of("schema.registry.url", server.url()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void writesTheWireFormatAndReadsItBack() {
        AvroSerde<Budget> serde = new AvroSerde<>(client, Budget.class);

        byte[] bytes = serde.serializer().serialize("budgets", new Budget("judges", 12.5));

        assertThat(bytes[0]).isZero();
        assertThat(bytes[4]).isEqualTo((byte) 1);
        assertThat(serde.deserializer().deserialize("budgets", bytes)).isEqualTo(new Budget("judges", 12.5));
        assertThat(AvroSerde.generic(client, bytes).get("usd")).isEqualTo(12.5);
    }

    @Test
    void refusesBytesOfAnotherFormatWithoutRepeatingThem() {
        AvroSerde<Budget> serde = new AvroSerde<>(client, Budget.class);

        assertThatThrownBy(() -> serde.deserializer().deserialize("budgets", "secret".getBytes(UTF_8)))
                .isInstanceOf(SerializationException.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void refusesALibraryThatThisBuildHasNot() {
        assertThatThrownBy(() -> new RegistryWire(server.url(), Map.of("library", "nobodys")))
                .hasMessageContaining("schema-registry.library = nobodys")
                .hasMessageContaining("-Pconfluent");
    }

    @Test
    void givesOneIdToOneSchemaInTwoSubjectsAndKeepsItOverARestart() throws Exception {
        int id = client.register("x-value", ONE);
        assertThat(client.register("y-value", ONE)).isEqualTo(id);
        server.close();

        server = SchemaRegistryServer.start(log, 0);
        HttpRegistryClient again = new HttpRegistryClient(Map.of("schema.registry.url", server.url()));

        assertThat(again.byId(id)).isEqualTo(ONE);
        assertThat(again.register("x-value", ONE)).isEqualTo(id);
        assertThat(log.size()).isEqualTo(2);
    }

    @Test
    void keepsDeletionsLevelsAndIdsOverARestart() throws Exception {
        int gone = client.register("x-value", ONE);
        send("DELETE", "/subjects/x-value");
        send("DELETE", "/subjects/x-value?permanent=true");
        client.register("y-value", WITH_DEFAULT);
        send("DELETE", "/subjects/y-value/versions/1");
        send("PUT", "/config/z-value", "{\"compatibility\": \"NONE\"}");
        server.close();

        server = SchemaRegistryServer.start(log, 0);

        assertThat(send("GET", "/subjects?deleted=true")).isEqualTo("[\"y-value\"]");
        assertThat(send("GET", "/subjects")).isEqualTo("[]");
        assertThat(send("GET", "/config/z-value")).isEqualTo("{\"compatibilityLevel\":\"NONE\"}");
        HttpRegistryClient again = new HttpRegistryClient(Map.of("schema.registry.url", server.url()));
        assertThat(again.register("x-value", ONE)).isGreaterThan(gone + 1);
    }

    @Test
    void readsHowConfluentsRegistryDeletesASubject() throws Exception {
        client.register("x-value", ONE);
        server.close();
        log.append(
                "{\"keytype\":\"DELETE_SUBJECT\",\"subject\":\"x-value\",\"magic\":0}",
                "{\"subject\":\"x-value\",\"version\":1}");
        log.append("{\"keytype\":\"NOOP\",\"magic\":0}", null);

        server = SchemaRegistryServer.start(log, 0);

        assertThat(send("GET", "/subjects")).isEqualTo("[]");
        assertThat(send("GET", "/subjects/x-value/versions?deleted=true")).isEqualTo("[1]");
    }

    @Test
    void answersWhatIsNoRequestOfTheApi() throws Exception {
        assertThat(send("GET", "/")).isEqualTo("{}");
        assertThat(send("GET", "/nowhere")).contains("\"error_code\":404");
        assertThat(send("GET", "/subjects/x-value/versions/newest")).contains("\"error_code\":42202");
        assertThat(send("PATCH", "/subjects/x-value")).contains("\"error_code\":405");
        assertThat(send("POST", "/subjects/x-value/versions", "{")).contains("\"error_code\":400");
        assertThat(send("POST", "/subjects/x-value/versions", "{\"schemaType\":\"JSON\",\"schema\":\"{}\"}"))
                .contains("\"error_code\":42201");
        assertThat(send("POST", "/subjects/x-value/versions", " ".repeat(5 << 20)))
                .contains("\"error_code\":413");
    }

    private String send(String method, String path) throws Exception {
        return send(method, path, "");
    }

    private String send(String method, String path, String body) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create(server.url() + path))
                                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
