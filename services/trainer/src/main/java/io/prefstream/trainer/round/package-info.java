/** What happens between the steps of a run: training, asking judges, deciding. It reads facts and makes records; no Kafka. */
@NullMarked
package io.prefstream.trainer.round;

import org.jspecify.annotations.NullMarked;
