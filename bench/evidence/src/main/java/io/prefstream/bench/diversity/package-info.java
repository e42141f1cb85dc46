/** Measures the choice of diverse subsets. Nothing of the product may use it. */
@NullMarked
package io.prefstream.bench.diversity;

import org.jspecify.annotations.NullMarked;
