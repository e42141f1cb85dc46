package io.prefstream.attributetagger.app;

import io.prefstream.kit.run.Installation;
import io.prefstream.kit.run.Stage;
import io.prefstream.kit.service.StageService;
import io.prefstream.kit.stage.Wire;
import java.util.Map;

/** The attribute tagger as a service of its own. */
public final class TaggerApp {

    private TaggerApp() {}

    /** Runs until it is told to stop; {@code --help} has the flags. */
    public static void main(String[] args) {
        StageService.main("attribute-tagger", TaggerApp::open, args);
    }

    /** Opens the stage on an installation. */
    public static Stage open(Installation installation, Wire wire, Map<String, String> settings) {
        return new TaggerStage(installation, wire, settings);
    }
}
