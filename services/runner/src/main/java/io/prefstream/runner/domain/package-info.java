/** Settings of a run and what is said about it; no Kafka. */
@NullMarked
package io.prefstream.runner.domain;

import org.jspecify.annotations.NullMarked;
