package io.prefstream.core.pair;

import org.jspecify.annotations.Nullable;

/**
 * What a person corrects in the attributes of a pair; null leaves an attribute as it is.
 *
 * @param taskCategory label of a {@link TaskCategory}
 * @param objectivity {@code objective} or {@code subjective}
 * @param controversiality {@code low}, {@code medium} or {@code high}
 * @param desiredAttributes what a good answer has, a comma-separated list
 * @param annotationGuideline guideline for judging this very pair
 */
public record AttributeEdit(
        @Nullable String taskCategory,
        @Nullable String objectivity,
        @Nullable String controversiality,
        @Nullable String desiredAttributes,
        @Nullable String annotationGuideline) {}
