/** Wiring of the reward scorer; no rule. */
@NullMarked
package io.prefstream.rewardscorer.topology;

import org.jspecify.annotations.NullMarked;
