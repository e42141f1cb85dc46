package io.prefstream.ablation.domain;

/**
 * A pair that no variant has seen and people have judged.
 *
 * @param group its prompt group; pairs of one are no independent evidence
 * @param diff raw features of the better less those of the worse answer
 */
public record TestPair(String group, float[] diff) {}
