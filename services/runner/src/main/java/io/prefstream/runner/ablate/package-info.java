/** Replays of a run with one thing changed: what is read again, what is done again, and what came of it. */
@NullMarked
package io.prefstream.runner.ablate;

import org.jspecify.annotations.NullMarked;
