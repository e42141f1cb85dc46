/** Checkpoints off the control topic; no rule. */
@NullMarked
package io.prefstream.rewardscorer.client;

import org.jspecify.annotations.NullMarked;
