package io.prefstream.kit.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prefstream.wire.Pair;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every client does, against whichever registry. A subject is new in each test, so that a registry may be old. */
abstract class RegistryClientContract {

    static final Schema ONE = schema("{\"name\":\"a\",\"type\":\"string\"}");
    static final Schema WITH_DEFAULT =
            schema("{\"name\":\"a\",\"type\":\"string\"},{\"name\":\"b\",\"type\":\"int\",\"default\":0}");
    static final Schema WITHOUT_DEFAULT =
            schema("{\"name\":\"a\",\"type\":\"string\"},{\"name\":\"b\",\"type\":\"int\"}");

    private final String subject = "contract-" + UUID.randomUUID() + "-value";
    private RegistryClient client;

    /** A new client, which has learnt nothing yet. */
    abstract RegistryClient client(Map<String, String> settings);

    abstract String url();

    @BeforeEach
    void connect() {
        client = connect(Map.of());
    }

    private RegistryClient connect(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.putIfAbsent("schema.registry.url", url());
        return client(settings);
    }

    @Test
    void givesASchemaOneIdInEverySubjectAndReadsItBack() {
        int id = client.register(subject, ONE);

        assertThat(client.register(subject, ONE)).isEqualTo(id);
        assertThat(connect(Map.of()).register("other-" + subject, ONE)).isEqualTo(id);
        assertThat(connect(Map.of()).byId(id)).isEqualTo(ONE);
    }

    @Test
    void registersAGeneratedSchemaWithoutWhatOnlyJavaNeeds() {
        int id = client.register(subject, Pair.getClassSchema());

        assertThat(connect(Map.of()).byId(id).toString()).isEqualTo(SchemaText.of(Pair.getClassSchema()));
    }

    @Test
    void takesAFieldWithADefaultAndRefusesOneWithout() {
        int first = client.register(subject, ONE);
        assertThat(client.register(subject, WITH_DEFAULT)).isNotEqualTo(first);

        assertThatThrownBy(() -> client.register(subject, WITHOUT_DEFAULT))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining(subject)
                .hasMessageContaining("HTTP 409");
    }

    @Test
    void onlyLooksUpWhereItMayNotRegister() {
        RegistryClient reader = connect(Map.of("auto.register.schemas", "false"));
        assertThatThrownBy(() -> reader.register(subject, ONE))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("HTTP 404");

        int id = client.register(subject, ONE);

        assertThat(reader.register(subject, ONE)).isEqualTo(id);
    }

    @Test
    void saysThatAnIdIsUnknown() {
        assertThatThrownBy(() -> client.byId(999_999_999))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("schema id 999999999")
                .hasMessageContaining("HTTP 404 40403");
    }

    @Test
    void goesOnToTheNextUrlWhenOneDoesNotAnswer() {
        RegistryClient spare = connect(Map.of("schema.registry.url", "http://127.0.0.1:1, " + url() + "/"));

        assertThat(spare.register(subject, ONE)).isEqualTo(client.register(subject, ONE));
    }

    @Test
    void saysWhereItLookedWhenNoRegistryAnswers() {
        RegistryClient lost = connect(Map.of("schema.registry.url", "http://127.0.0.1:1"));

        assertThatThrownBy(() -> lost.register(subject, ONE))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("no schema registry answers at http://127.0.0.1:1");
    }

    @Test
    void wantsAUrl() {
        assertThatThrownBy(() -> client(Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("schema.registry.url is not set");
    }

    static Schema schema(String fields) {
        return new Schema.Parser().parse("{\"type\":\"record\",\"name\":\"R\",\"fields\":[" + fields + "]}");
    }
}
