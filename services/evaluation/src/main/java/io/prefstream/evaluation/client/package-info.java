/** Reads benchmarks and recorded scores from files, and writes what came out. */
@NullMarked
package io.prefstream.evaluation.client;

import org.jspecify.annotations.NullMarked;
