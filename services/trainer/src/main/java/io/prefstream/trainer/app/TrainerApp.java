package io.prefstream.trainer.app;

import io.prefstream.kit.run.Installation;
import io.prefstream.kit.run.Stage;
import io.prefstream.kit.service.StageService;
import io.prefstream.kit.stage.Wire;
import java.util.Map;

/** The trainer as a service of its own. */
public final class TrainerApp {

    private TrainerApp() {}

    /** Runs until it is told to stop; {@code --help} has the flags. */
    public static void main(String[] args) {
        StageService.main("trainer", TrainerApp::open, args);
    }

    /** Opens the stage on an installation. */
    public static Stage open(Installation installation, Wire wire, Map<String, String> settings) {
        return new TrainerStage(installation, wire);
    }
}
