package io.prefstream.trainer.domain;

/**
 * Where a run stands.
 *
 * @param run run, from 1
 * @param phase step that is open
 * @param round round of that step, from 1; 0 before the first
 */
public record Step(int run, Phase phase, int round) {

    /** Key of the step on the topic. */
    public String key() {
        return "run-" + run + "/" + phase.wireName() + "-" + round;
    }
}
