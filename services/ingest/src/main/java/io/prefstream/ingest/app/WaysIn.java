package io.prefstream.ingest.app;

import io.prefstream.ingest.client.FollowedFiles;
import io.prefstream.ingest.client.IngestServer;
import io.prefstream.ingest.client.JsonTopic;
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
    private final Optional<FollowedFiles> files;
    private final Optional<JsonTopic> topic;

    private WaysIn(KafkaDoor door, IngestServer server, Optional<FollowedFiles> files, Optional<JsonTopic> topic) {
        this.door = door;
        this.server = server;
        this.files = files;
        this.topic = topic;
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
                            settings.find(Setting.INGEST_TOKEN).orElse(null)),
                    settings.find(Setting.FOLLOW).map(path -> FollowedFiles.open(path, installation, wire)),
                    settings.find(Setting.JSON_TOPIC).map(name -> JsonTopic.open(name, installation, wire)));
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
        return files.flatMap(FollowedFiles::fault).or(() -> topic.flatMap(JsonTopic::fault));
    }

    @Override
    public void close() {
        server.close();
        files.ifPresent(FollowedFiles::close);
        topic.ifPresent(JsonTopic::close);
        door.close();
    }
}
