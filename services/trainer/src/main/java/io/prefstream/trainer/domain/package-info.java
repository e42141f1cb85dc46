/** What a run does next, and what is trained; no Kafka, no clock. */
@NullMarked
package io.prefstream.trainer.domain;

import org.jspecify.annotations.NullMarked;
