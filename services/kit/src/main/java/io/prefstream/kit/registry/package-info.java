/** The schema registry: our client and serdes in Confluent's wire format, and the embedded server; no stage's rule. */
@NullMarked
package io.prefstream.kit.registry;

import org.jspecify.annotations.NullMarked;
