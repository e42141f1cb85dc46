package io.prefstream.runner.command;

import io.prefstream.runner.domain.UserError;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that decide how a run goes. */
final class RunOptions {

    @Option(
            names = "--rounds",
            defaultValue = "8",
            description = "Most rounds of training and labelling (${DEFAULT-VALUE}).")
    int rounds;

    @Option(
            names = "--seed",
            defaultValue = "0",
            description = "Salts every hash; the same seed gives the same bytes (${DEFAULT-VALUE}).")
    long seed;

    @Option(
            names = "--decision",
            defaultValue = "calibrated",
            description = "calibrated: by probability and gates; paper: by the paper's table alone (${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // picocli sets the default
    String decision;

    @Option(
            names = "--gold-min",
            defaultValue = "30",
            description = "Decided human labels needed to decide anything (${DEFAULT-VALUE}).")
    int goldMin;

    @Option(
            names = "--keep",
            defaultValue = "0.85",
            description = "Keep from this probability that the label is right (${DEFAULT-VALUE}).")
    double keep;

    @Option(names = "--flip", defaultValue = "0.10", description = "Flip up to this probability (${DEFAULT-VALUE}).")
    double flip;

    @Mixin
    JudgeOptions judges = new JudgeOptions();

    /** Settings of the stages: those of the run, and where the judges are. An endpoint that doesn't answer is refused. */
    Map<String, String> stageSettings() {
        Map<String, String> settings = new TreeMap<>(settings());
        settings.putAll(judges.place());
        judges.probe(settings);
        return settings;
    }

    /** Settings that decide what comes out of a run. */
    Map<String, String> settings() {
        check(rounds >= 1, "--rounds must be 1 or more, got " + rounds);
        check(goldMin >= 1, "--gold-min must be 1 or more, got " + goldMin);
        check(
                decision.equals("calibrated") || decision.equals("paper"),
                "--decision must be calibrated or paper, got " + decision);
        check(
                flip >= 0 && flip < keep && keep <= 1,
                "--flip and --keep must be in 0..1 and --flip below --keep, got " + flip + " and " + keep);
        Map<String, String> settings = new TreeMap<>();
        settings.put("rounds", Integer.toString(rounds));
        settings.put("seed", Long.toString(seed));
        settings.put("decision", decision);
        settings.put("gold.min", Integer.toString(goldMin));
        settings.put("keep", Double.toString(keep));
        settings.put("flip", Double.toString(flip));
        settings.putAll(judges.run());
        return settings;
    }

    private static void check(boolean holds, String fault) {
        if (!holds) {
            throw new UserError(fault, 2);
        }
    }
}
