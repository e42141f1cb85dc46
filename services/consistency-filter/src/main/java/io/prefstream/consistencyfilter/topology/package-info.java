/** Wiring of the consistency filter; no rule. */
@NullMarked
package io.prefstream.consistencyfilter.topology;

import org.jspecify.annotations.NullMarked;
