/** Measures choices of training on public sets: penalties and feature sets. */
@NullMarked
package io.prefstream.bench.training;

import org.jspecify.annotations.NullMarked;
