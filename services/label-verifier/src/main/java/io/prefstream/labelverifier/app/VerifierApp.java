package io.prefstream.labelverifier.app;

import io.prefstream.kit.run.Installation;
import io.prefstream.kit.run.Stage;
import io.prefstream.kit.service.StageService;
import io.prefstream.kit.stage.Wire;
import java.util.Map;

/** The label verifier as a service of its own. */
public final class VerifierApp {

    private VerifierApp() {}

    /** Runs until it is told to stop; {@code --help} has the flags. */
    public static void main(String[] args) {
        StageService.main("label-verifier", VerifierApp::open, args);
    }

    /** Opens the stage on an installation. */
    public static Stage open(Installation installation, Wire wire, Map<String, String> settings) {
        return new VerifierStage(installation, wire, settings);
    }
}
