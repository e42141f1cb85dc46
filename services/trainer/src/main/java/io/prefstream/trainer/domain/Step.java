package io.prefstream.trainer.domain;

import java.util.Locale;

/**
 * Where a run stands.
 *
 * @param run run, from 1
 * @param phase step that is open
 * @param round round of that step, from 1; 0 before the first
 */
public record Step(int run, Phase phase, int round) {

    /**
     * The step after which a run has its work done.
     *
     * @param recorded phase and round with which recorded facts end, as in {@code recorded-3}; empty for a run from its beginning
     */
    public static Step before(int run, String recorded) {
        if (recorded.isEmpty()) {
            return new Step(run, Phase.COLLECT, 0);
        }
        int hyphen = recorded.lastIndexOf('-');
        return new Step(
                run,
                Phase.valueOf(recorded.substring(0, hyphen).toUpperCase(Locale.ROOT)),
                Integer.parseInt(recorded.substring(hyphen + 1)));
    }

    /** Key of the step on the topic. */
    public String key() {
        return "run-" + run + "/" + phase.wireName() + "-" + round;
    }
}
