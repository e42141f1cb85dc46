/** Reward models that score text, through DJL; nothing of Kafka. */
@NullMarked
package io.prefstream.models.reward;

import org.jspecify.annotations.NullMarked;
