package io.prefstream.attributetagger.domain;

import io.prefstream.core.pair.TaskCategory;

/**
 * The five attributes of a pair.
 *
 * @param objective whether an answer can be checked
 * @param dispute how far people differ on it
 * @param desired what a good answer has, a comma-separated list
 * @param guideline guideline for judging this very pair
 */
public record Attributes(TaskCategory category, boolean objective, Dispute dispute, String desired, String guideline) {

    /** How far people differ on a subject. */
    public enum Dispute {
        LOW,
        MEDIUM,
        HIGH
    }
}
