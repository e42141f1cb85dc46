package io.prefstream.kit.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.pulsar.kafka.shade.io.confluent.kafka.serializers.KafkaAvroDeserializer;
import org.apache.pulsar.kafka.shade.io.confluent.kafka.serializers.KafkaAvroSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our serde and Confluent's own (7.0.1, relocated, with its own client) over one registry: the same bytes, read both ways. */
class WireFormatContractTest {

    private static final int RECORDS = 50;
    private static final ObjectMapper JSON = new ObjectMapper();

    private static SchemaRegistryServer server;
    private static HttpRegistryClient client;
    private static KafkaAvroSerializer realSerializer;
    private static KafkaAvroDeserializer realDeserializer;

    @BeforeAll
    static void start() throws Exception {
        server = SchemaRegistryServer.start(new MemoryLog(), 0);
        Map<String, String> settings = Map.of("schema.registry.url", server.url());
        client = new HttpRegistryClient(settings);
        realSerializer = new KafkaAvroSerializer();
        realSerializer.configure(settings, false);
        realDeserializer = new KafkaAvroDeserializer();
        realDeserializer.configure(settings, false);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("types")
    <T extends SpecificRecord> void writesAndReadsWhatConfluentsSerdesDo(Class<T> type) throws Exception {
        String topic = type.getSimpleName();
        Schema schema = SpecificData.get().getSchema(type);
        var theirSchema = new org.apache.pulsar.kafka.shade.avro.Schema.Parser().parse(SchemaText.of(schema));
        AvroSerde<T> serde = new AvroSerde<>(client, type);
        RandomRecords random = new RandomRecords(topic.hashCode());

        for (int i = 0; i < RECORDS; i++) {
            Object plain = random.plain(schema);
            T record = type.cast(RandomRecords.ours(schema, plain));

            byte[] ours = serde.serializer().serialize(topic, record);
            byte[] theirs = realSerializer.serialize(topic, RandomRecords.theirs(theirSchema, plain));

            assertThat(ours).isEqualTo(theirs);
            assertThat(serde.deserializer().deserialize(topic, theirs)).isEqualTo(record);
            assertThat(JSON.readTree(realDeserializer.deserialize(topic, ours).toString()))
                    .isEqualTo(JSON.readTree(AvroSerde.generic(client, ours).toString()));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("types")
    <T extends SpecificRecord> void writesAndReadsWhatTheLibraryConfluentDoes(Class<T> type) {
        String topic = type.getSimpleName();
        Schema schema = SpecificData.get().getSchema(type);
        AvroSerde<T> serde = new AvroSerde<>(client, type);
        Serde<T> library = serdeOfConfluent(topic, type);
        RandomRecords random = new RandomRecords(topic.length());

        for (int i = 0; i < RECORDS; i++) {
            T record = type.cast(RandomRecords.ours(schema, random.plain(schema)));

            byte[] ours = serde.serializer().serialize(topic, record);

            assertThat(library.serializer().serialize(topic, record)).isEqualTo(ours);
            assertThat(library.deserializer().deserialize(topic, ours)).isEqualTo(record);
        }
    }

    /** As a process of a build with the profile makes it: by the setting. */
    private static <T extends SpecificRecord> Serde<T> serdeOfConfluent(String topic, Class<T> type) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(ConfluentSources.SERDES.classes());
        try {
            return new RegistryWire(server.url(), Map.of("library", "confluent")).topicSerde(topic, type);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void coversEverySchema() throws Exception {
        try (Stream<Path> files = Files.walk(Path.of("../../schemas/src/main/avro"))) {
            assertThat(types().map(Class::getSimpleName))
                    .containsExactlyInAnyOrderElementsOf(
                            files.map(f -> f.getFileName().toString())
                                    .filter(f -> f.endsWith(".avsc"))
                                    .map(f -> f.substring(0, f.length() - ".avsc".length()))
                                    .toList());
        }
    }

    static Stream<Class<? extends SpecificRecord>> types() {
        return Topics.all().stream()
                .<Class<? extends SpecificRecord>>map(Topic::type)
                .distinct();
    }
}
