/** Scores a model on benchmarks from end to end. */
@NullMarked
package io.prefstream.evaluation.app;

import org.jspecify.annotations.NullMarked;
