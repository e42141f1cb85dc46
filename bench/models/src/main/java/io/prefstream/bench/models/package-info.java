/** Measures reward models of text: their speed beside the bare engine's, and whether they leak. */
@NullMarked
package io.prefstream.bench.models;

import org.jspecify.annotations.NullMarked;
