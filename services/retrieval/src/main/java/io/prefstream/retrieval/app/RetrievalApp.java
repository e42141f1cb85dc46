package io.prefstream.retrieval.app;

import io.prefstream.kit.run.Installation;
import io.prefstream.kit.run.Stage;
import io.prefstream.kit.service.StageService;
import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.stage.Wire;
import io.prefstream.models.encoder.Encoder;
import java.util.Map;
import org.apache.kafka.streams.Topology;

/** Retrieval as a service of its own. */
public final class RetrievalApp {

    private RetrievalApp() {}

    /** Runs until it is told to stop; {@code --help} has the flags. */
    public static void main(String[] args) {
        StageService.main("retrieval", RetrievalApp::open, args);
    }

    /** Opens the stage on an installation. */
    public static Stage open(Installation installation, Wire wire, Map<String, String> settings) {
        return new Stage() {
            @Override
            public Topology topology(StageEnvironment environment) {
                return RetrievalStage.topology(environment, settings, new MiniLmTextFeatures());
            }

            @Override
            public void close() {
                Encoder.closeShared();
            }
        };
    }
}
