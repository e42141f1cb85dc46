package io.prefstream.runner.app;

import io.prefstream.consistencyfilter.domain.Cause;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The verdicts of a run with what is known to be behind them, to be compared with another run's. */
public interface RunSource {

    /** What it is called in answers. */
    String name();

    /** Settings of the run as they were given, without files. */
    Map<String, String> configuration();

    /** The verdict in force at the end of the run, by pair id. */
    Map<String, Decided> verdicts();

    /**
     * A verdict with the figures behind it.
     *
     * @param place file and line of the pair
     * @param kind keep, flip, quarantine, discard or rejected_input
     * @param rule rule that decided
     * @param pRight P(original label right), or null
     * @param best checkpoint behind p_best; null where none or not recorded
     * @param gold the same behind p_gold
     * @param behind evidence and settings that give the verdict; null where the source does not record them
     */
    record Decided(
            String place,
            String kind,
            String rule,
            @Nullable Double pRight,
            @Nullable String best,
            @Nullable String gold,
            Cause.@Nullable Case behind) {}
}
