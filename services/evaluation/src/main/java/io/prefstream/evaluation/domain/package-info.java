/** Benchmarks' items as their owners write them, and the tables of what came out; reads no file. */
@NullMarked
package io.prefstream.evaluation.domain;

import org.jspecify.annotations.NullMarked;
