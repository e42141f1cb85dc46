/** Entry of the reward scorer; no rule. */
@NullMarked
package io.prefstream.rewardscorer.app;

import org.jspecify.annotations.NullMarked;
