/** Labels out of votes; no Kafka. */
@NullMarked
package io.prefstream.labelverifier.domain;

import org.jspecify.annotations.NullMarked;
