/** Labels by people and by the built-in judges; it knows no prefix. */
@NullMarked
package io.prefstream.labelverifier.processor;

import org.jspecify.annotations.NullMarked;
