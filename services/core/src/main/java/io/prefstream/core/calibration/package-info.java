/** How sure a reward model may be: probabilities against human labels that it has not seen; plain Java, nothing of Kafka. */
@NullMarked
package io.prefstream.core.calibration;

import org.jspecify.annotations.NullMarked;
