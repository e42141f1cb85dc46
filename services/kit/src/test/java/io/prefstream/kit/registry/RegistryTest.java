package io.prefstream.kit.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prefstream.wire.Budget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegistryTest {

    private static final Schema ONE = schema("{\"name\":\"a\",\"type\":\"string\"}");
    private static final Schema WITH_DEFAULT =
            schema("{\"name\":\"a\",\"type\":\"string\"},{\"name\":\"b\",\"type\":\"int\",\"default\":0}");
    private static final Schema WITHOUT_DEFAULT =
            schema("{\"name\":\"a\",\"type\":\"string\"},{\"name\":\"b\",\"type\":\"int\"}");

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
    void givesOneIdToOneSchemaInTwoSubjectsAndKeepsItOverARestart() throws Exception {
        int id = client.register("x-value", ONE);
        assertThat(client.register("y-value", ONE)).isEqualTo(id);
        server.close();

        server = SchemaRegistryServer.start(log, 0);
        HttpRegistryClient again = new HttpRegistryClient(Map.of("schema.registry.url", server.url()));

        assertThat(again.byId(id)).isEqualTo(ONE);
        assertThat(again.register("x-value", ONE)).isEqualTo(id);
        assertThat(log.records).hasSize(2);
    }

    @Test
    void takesAFieldWithADefaultAndRefusesOneWithout() {
        client.register("x-value", ONE);
        client.register("x-value", WITH_DEFAULT);

        assertThatThrownBy(() -> client.register("x-value", WITHOUT_DEFAULT))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("409");
    }

    @Test
    void saysWhereItLookedWhenNoRegistryAnswers() {
        String url = server.url();
        server.close();

        assertThatThrownBy(() -> client.register("x-value", ONE))
                .hasMessageContaining("no schema registry answers at " + url);
    }

    private static Schema schema(String fields) {
        return new Schema.Parser().parse("{\"type\":\"record\",\"name\":\"R\",\"fields\":[" + fields + "]}");
    }

    private static final class MemoryLog implements SchemaLog {
        private final List<String[]> records = new ArrayList<>();

        @Override
        public void replay(BiConsumer<String, @Nullable String> each) {
            records.forEach(r -> each.accept(r[0], r[1]));
        }

        @Override
        public void append(String key, String value) {
            records.add(new String[] {key, value});
        }

        @Override
        public void close() {}
    }
}
