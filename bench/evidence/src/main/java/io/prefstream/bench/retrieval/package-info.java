/** Measures retrieval: its search, and how many labels each strategy needs. Nothing of the product may use it. */
@NullMarked
package io.prefstream.bench.retrieval;

import org.jspecify.annotations.NullMarked;
