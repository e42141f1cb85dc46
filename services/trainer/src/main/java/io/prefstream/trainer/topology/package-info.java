/** Wiring of the trainer; no rule. */
@NullMarked
package io.prefstream.trainer.topology;

import org.jspecify.annotations.NullMarked;
