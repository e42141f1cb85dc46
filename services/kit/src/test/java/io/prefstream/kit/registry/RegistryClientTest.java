package io.prefstream.kit.registry;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** The contract over each client, against our registry. */
class RegistryClientTest {

    private static SchemaRegistryServer server;

    @BeforeAll
    static void start() throws IOException {
        server = SchemaRegistryServer.start(new MemoryLog(), 0);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Nested
    class Own extends RegistryClientContract {
        @Override
        String url() {
            return server.url();
        }

        @Override
        RegistryClient client(Map<String, String> settings) {
            return new HttpRegistryClient(settings);
        }
    }

    /** The sources of the profile confluent over Confluent's client 7.0.1. */
    @Nested
    class Confluent extends RegistryClientContract {
        @Override
        String url() {
            return server.url();
        }

        @Override
        RegistryClient client(Map<String, String> settings) {
            return ConfluentSources.SERDES.library().client(settings);
        }
    }

    /** The same client over Confluent's 7.5.3. */
    @Nested
    class NewerConfluent extends RegistryClientContract {
        @Override
        String url() {
            return server.url();
        }

        @Override
        RegistryClient client(Map<String, String> settings) {
            return ConfluentSources.CLIENT.client(settings);
        }
    }
}
