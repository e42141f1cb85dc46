/** Entry of the trainer; no rule. */
@NullMarked
package io.prefstream.trainer.app;

import org.jspecify.annotations.NullMarked;
