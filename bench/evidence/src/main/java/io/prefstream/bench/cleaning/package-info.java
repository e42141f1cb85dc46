/** Measures what cleaning costs and finds. Nothing of the product may use it. */
@NullMarked
package io.prefstream.bench.cleaning;

import org.jspecify.annotations.NullMarked;
