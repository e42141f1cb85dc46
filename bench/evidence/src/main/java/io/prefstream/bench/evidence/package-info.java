/** Measures what curation is worth: runs the product on noisy pools with a known answer. Nothing of the product may use it. */
@NullMarked
package io.prefstream.bench.evidence;

import org.jspecify.annotations.NullMarked;
