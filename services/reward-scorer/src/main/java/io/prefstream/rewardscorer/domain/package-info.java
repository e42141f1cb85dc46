/** Models that score, and which of them may score a pair; no Kafka. */
@NullMarked
package io.prefstream.rewardscorer.domain;

import org.jspecify.annotations.NullMarked;
