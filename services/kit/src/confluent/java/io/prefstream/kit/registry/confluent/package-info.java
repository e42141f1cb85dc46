/** Confluent's own registry client and serdes behind our interfaces; compiled by the profile confluent alone. */
@NullMarked
package io.prefstream.kit.registry.confluent;

import org.jspecify.annotations.NullMarked;
