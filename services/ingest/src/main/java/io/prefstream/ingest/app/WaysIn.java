package io.prefstream.ingest.app;

import io.prefstream.ingest.client.IngestServer;
import io.prefstream.ingest.client.KafkaDoor;
import io.prefstream.kit.config.Setting;
import io.prefstream.kit.config.Settings;
import io.prefstream.kit.run.Installation;
import io.prefstream.kit.stage.Wire;
import java.util.Optional;

/** The ways in of a process that serves: HTTP, files that grow, a topic of JSON. */
public final class WaysIn implements AutoCloseable {

    private final KafkaDoor door;
    private final IngestServer server;

    private WaysIn(KafkaDoor door, IngestServer server) {
        this.door = door;
        this.server = server;
    }

    /** Opens those that the settings ask for. */
    public static WaysIn open(Installation installation, Wire wire, Settings settings) {
        KafkaDoor door = KafkaDoor.open(installation, wire);
        try {
            return new WaysIn(
                    door,
                    IngestServer.start(
                            settings.get(Setting.INGEST_HOST),
                            settings.get(Setting.INGEST_PORT),
                            door,
                            settings.find(Setting.INGEST_TOKEN).orElse(null)));
        } catch (RuntimeException e) {
            door.close();
            throw e;
        }
    }

    /** Base URL of HTTP ingest. */
    public String url() {
        return server.url();
    }

    /** What a way in has died of; empty while all are well. */
    public Optional<String> fault() {
        return Optional.empty();
    }

    @Override
    public void close() {
        server.close();
        door.close();
    }
}
