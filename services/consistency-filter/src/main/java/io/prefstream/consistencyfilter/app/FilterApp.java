package io.prefstream.consistencyfilter.app;

import io.prefstream.kit.run.Installation;
import io.prefstream.kit.run.Stage;
import io.prefstream.kit.service.StageService;
import io.prefstream.kit.stage.Wire;
import java.util.Map;

/** The consistency filter as a service of its own. */
public final class FilterApp {

    private FilterApp() {}

    /** Runs until it is told to stop; {@code --help} has the flags. */
    public static void main(String[] args) {
        StageService.main("consistency-filter", FilterApp::open, args);
    }

    /** Opens the stage on an installation. */
    public static Stage open(Installation installation, Wire wire, Map<String, String> settings) {
        return environment -> FilterStage.topology(environment, settings);
    }
}
