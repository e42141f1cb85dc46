package io.prefstream.rewardscorer.app;

import io.prefstream.kit.run.Installation;
import io.prefstream.kit.run.Stage;
import io.prefstream.kit.service.StageService;
import io.prefstream.kit.stage.Wire;
import java.util.Map;

/** The reward scorer as a service of its own. */
public final class ScorerApp {

    private ScorerApp() {}

    /** Runs until it is told to stop; {@code --help} has the flags. */
    public static void main(String[] args) {
        StageService.main("reward-scorer", ScorerApp::open, args);
    }

    /** Opens the stage on an installation. */
    public static Stage open(Installation installation, Wire wire, Map<String, String> settings) {
        return new ScorerStage(installation, wire, settings);
    }
}
