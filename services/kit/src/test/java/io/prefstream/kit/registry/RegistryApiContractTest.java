package io.prefstream.kit.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prefstream.wire.Pair;
import java.util.List;
import java.util.Map;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.avro.AvroSchema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.SchemaMetadata;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.entities.SubjectVersion;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Confluent's own client (7.5.3, relocated) against our registry: every call that it makes for Avro schemas. */
class RegistryApiContractTest {

    private static final AvroSchema ONE = schema(RegistryClientContract.ONE.toString());
    private static final AvroSchema WITH_DEFAULT = schema(RegistryClientContract.WITH_DEFAULT.toString());
    private static final AvroSchema WITHOUT_DEFAULT = schema(RegistryClientContract.WITHOUT_DEFAULT.toString());

    private SchemaRegistryServer server;

    @BeforeEach
    void start() throws Exception {
        server = SchemaRegistryServer.start(new MemoryLog(), 0);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** A client that has cached nothing, so that each answer comes from the registry. */
    private CachedSchemaRegistryClient client() {
        return new CachedSchemaRegistryClient(server.url(), 100, Map.of());
    }

    @Test
    void registersAndLooksUp() throws Exception {
        int id = client().register("x-value", ONE);
        assertThat(client().register("x-value", ONE)).isEqualTo(id);
        assertThat(client().register("y-value", ONE)).isEqualTo(id);
        int second = client().register("x-value", WITH_DEFAULT);

        assertThat(client().getId("x-value", WITH_DEFAULT)).isEqualTo(second);
        assertThat(client().getVersion("x-value", WITH_DEFAULT)).isEqualTo(2);
        assertThat(client().getSchemaById(second)).isEqualTo(WITH_DEFAULT);
        assertThat(client().getSchemaBySubjectAndId("x-value", id)).isEqualTo(ONE);
        assertThat(client().getAllVersions("x-value")).containsExactly(1, 2);
        assertThat(client().getAllSubjects()).containsExactly("x-value", "y-value");
        assertThat(client().getAllSubjectsByPrefix("y")).containsExactly("y-value");
        assertThat(client().getAllSubjectsById(id)).containsExactlyInAnyOrder("x-value", "y-value");
        assertThat(client().getAllVersionsById(id))
                .containsExactlyInAnyOrder(new SubjectVersion("x-value", 1), new SubjectVersion("y-value", 1));
        assertThat(client().getSchemas("", false, true)).containsExactlyInAnyOrder(WITH_DEFAULT, ONE);

        SchemaMetadata latest = client().getLatestSchemaMetadata("x-value");
        assertThat(latest.getId()).isEqualTo(second);
        assertThat(latest.getVersion()).isEqualTo(2);
        assertThat(latest.getSchema()).isEqualTo(WITH_DEFAULT.canonicalString());
        assertThat(client().getSchemaMetadata("x-value", 1).getSchema()).isEqualTo(ONE.canonicalString());
        assertThat(client().getByVersion("x-value", 1, false).getId()).isEqualTo(id);
    }

    @Test
    void findsAGeneratedSchemaInItsStrippedForm() throws Exception {
        int id = new HttpRegistryClient(Map.of("schema.registry.url", server.url()))
                .register("pairs-value", Pair.getClassSchema());

        assertThat(client().getId("pairs-value", schema(SchemaText.of(Pair.getClassSchema()))))
                .isEqualTo(id);
        assertThat(client().getId("pairs-value", schema(Pair.getClassSchema().toString())))
                .isEqualTo(id);
    }

    @Test
    void checksCompatibilityByTheLevelInForce() throws Exception {
        assertThat(client().testCompatibility("x-value", WITHOUT_DEFAULT)).isTrue();
        client().register("x-value", ONE);
        assertThat(client().testCompatibility("x-value", WITH_DEFAULT)).isTrue();
        assertThat(client().testCompatibility("x-value", WITHOUT_DEFAULT)).isFalse();
        assertThat(client().testCompatibilityVerbose("x-value", WITH_DEFAULT)).isEmpty();
        assertThat(client().testCompatibilityVerbose("x-value", WITHOUT_DEFAULT))
                .isNotEmpty();
        refused(409, () -> client().register("x-value", WITHOUT_DEFAULT));

        assertThat(client().updateCompatibility("x-value", "FORWARD")).isEqualTo("FORWARD");
        assertThat(client().testCompatibility("x-value", WITHOUT_DEFAULT)).isTrue();
        assertThat(client().updateCompatibility("x-value", "NONE")).isEqualTo("NONE");
        assertThat(client().register("x-value", WITHOUT_DEFAULT)).isPositive();
    }

    @Test
    void keepsLevelsOfTheRegistryAndOfSubjects() throws Exception {
        assertThat(client().getCompatibility(null)).isEqualTo("FULL_TRANSITIVE");
        refused(40408, () -> client().getCompatibility("x-value"));
        assertThat(client().updateCompatibility(null, "BACKWARD")).isEqualTo("BACKWARD");
        assertThat(client().updateCompatibility("x-value", "FULL")).isEqualTo("FULL");
        assertThat(client().getCompatibility("x-value")).isEqualTo("FULL");
        assertThat(client().getCompatibility(null)).isEqualTo("BACKWARD");

        client().deleteCompatibility("x-value");

        refused(40408, () -> client().getCompatibility("x-value"));
        refused(40401, () -> client().deleteCompatibility("x-value"));
        refused(42203, () -> client().updateCompatibility("x-value", "SIDEWAYS"));
        assertThat(client().getMode()).isEqualTo("READWRITE");
        assertThat(client().setMode("READWRITE")).isEqualTo("READWRITE");
        refused(40409, () -> client().getMode("x-value"));
        refused(42205, () -> client().setMode("READONLY"));
    }

    @Test
    void deletesVersionsAndSubjectsInTwoSteps() throws Exception {
        int id = client().register("x-value", ONE);
        client().register("x-value", WITH_DEFAULT);
        refused(40407, () -> client().deleteSchemaVersion("x-value", "1", true));
        assertThat(client().deleteSchemaVersion("x-value", "1")).isEqualTo(1);
        refused(40406, () -> client().deleteSchemaVersion("x-value", "1"));
        assertThat(client().getAllVersions("x-value")).containsExactly(2);
        assertThat(client().getAllVersions("x-value", true)).containsExactly(1, 2);
        assertThat(client().getSchemaById(id)).isEqualTo(ONE);
        refused(40402, () -> client().getSchemaMetadata("x-value", 1));
        assertThat(client().getSchemaMetadata("x-value", 1, true).getId()).isEqualTo(id);
        refused(40403, () -> client().getId("x-value", ONE));

        refused(40405, () -> client().deleteSubject("x-value", true));
        assertThat(client().deleteSubject("x-value")).isEqualTo(List.of(2));
        refused(40404, () -> client().deleteSubject("x-value"));
        refused(40401, () -> client().getAllVersions("x-value"));
        assertThat(client().getAllSubjects()).isEmpty();
        assertThat(client().getAllSubjects(true)).containsExactly("x-value");
        assertThat(client().register("x-value", ONE)).isEqualTo(id);
        assertThat(client().getAllVersions("x-value")).containsExactly(3);

        client().deleteSubject("x-value");
        assertThat(client().deleteSubject("x-value", true)).isEqualTo(List.of(1, 2, 3));
        assertThat(client().getAllSubjects(true)).isEmpty();
        refused(40403, () -> client().getSchemaById(id));
        assertThat(client().register("x-value", ONE)).isGreaterThan(id + 1);
    }

    @Test
    void namesWhatIsMissingByConfluentsCodes() throws Exception {
        refused(40401, () -> client().getAllVersions("nothing"));
        refused(40401, () -> client().getId("nothing", ONE));
        refused(40401, () -> client().getLatestSchemaMetadata("nothing"));
        refused(40401, () -> client().deleteSubject("nothing"));
        refused(40403, () -> client().getSchemaById(77));
        client().register("x-value", ONE);
        refused(40402, () -> client().getSchemaMetadata("x-value", 7));
        refused(40402, () -> client().deleteSchemaVersion("x-value", "7"));
        refused(40403, () -> client().getVersion("x-value", WITH_DEFAULT));
    }

    private static void refused(int code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(RestClientException.class, e -> {
            assertThat(e.getErrorCode()).isEqualTo(code);
            assertThat(e.getStatus()).isEqualTo(code >= 1000 ? code / 100 : code);
        });
    }

    private static AvroSchema schema(String text) {
        return new AvroSchema(text);
    }
}
