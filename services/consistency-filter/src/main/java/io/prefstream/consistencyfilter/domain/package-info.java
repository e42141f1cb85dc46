/** The settings of a decision and the numbers of a pair; no Kafka. */
@NullMarked
package io.prefstream.consistencyfilter.domain;

import org.jspecify.annotations.NullMarked;
