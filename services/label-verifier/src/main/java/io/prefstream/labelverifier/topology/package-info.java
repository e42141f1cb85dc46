/** Wiring of the label verifier; no rule. */
@NullMarked
package io.prefstream.labelverifier.topology;

import org.jspecify.annotations.NullMarked;
